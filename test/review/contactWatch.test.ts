import { describe, expect, it } from "vitest";
import { ContactWatch } from "../../src/review/contactWatch.ts";
import type { Finding } from "../../src/review/finding.ts";
import type { FrameRows } from "../../src/review/trackRows.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";
import { hiddenRow, maskRow, pointRow, together } from "./rows.ts";

const LABELS = new Map([
  ["a", 1],
  ["b", 2],
]);

/** Objects 1 and 2 side by side in a strip of some rows, with this many columns between. */
function strip(rows: number, between: number): LabelMap {
  const row = [1, 1, ...Array.from({ length: between }, () => 0), 2, 2];
  const data = Uint8Array.from(Array.from({ length: rows }, () => row).flat());
  return { width: row.length, height: rows, data };
}

async function found(
  frames: readonly FrameRows[],
  mask: (frame: number) => LabelMap | undefined = () => undefined,
  cutBefore = -1,
): Promise<Finding[]> {
  const watch = new ContactWatch({ shortSide: 200, labels: LABELS, mask: async (frame) => mask(frame) });
  const all: Finding[] = [];
  for (const frame of frames) all.push(...(await watch.add(frame, frame.frame === cutBefore)));
  return all;
}
const pair = (frame: number, apart: number): FrameRows =>
  together(maskRow(frame, "a", 100), maskRow(frame, "b", 100 + apart));

const read = (): never => {
  throw new Error("read");
};
const gone = (area_px: number) => together(hiddenRow(1, "a"), maskRow(1, "b", 115, { area_px }));
const points = (frame: number, apart: number) => together(pointRow(frame, "a", 100), pointRow(frame, "b", 100 + apart));

describe("masks", () => {
  it("whose boxes lie apart are not even read", async () => {
    expect(await found([pair(0, 21), pair(1, 40)], read)).toEqual([]);
    await expect(found([pair(0, 20)], read)).rejects.toThrow("read");
  });

  it("touch where four pixels meet; boxes that overlap are not enough", async () => {
    const frames = [pair(0, 15)];
    expect(await found(frames, () => strip(4, 1))).toEqual([]);
    expect(await found(frames, () => strip(3, 0))).toEqual([]);
    const [touch, ...others] = await found(frames, () => strip(4, 0));
    expect(others).toEqual([]);
    expect(touch).toMatchObject({ kind: "touch", frame: 0, things: ["a", "b"], text: "a and b touch" });
    expect((await found(frames, () => strip(40, 0)))[0].weight).toBeGreaterThan(touch.weight);
  });

  it("a contact that goes on is told once, and again after half a second without", async () => {
    const frames = Array.from({ length: 30 }, (_, i) => pair(i, 15));
    const touching = await found(frames, (frame) => strip(5, frame < 6 || frame >= 20 ? 0 : 1));
    expect(touching.map(({ frame }) => frame)).toEqual([0, 20]);
  });

  it("two that a person has drawn touching are right", async () => {
    const given = together(maskRow(0, "a", 100, { state: "given" }), maskRow(0, "b", 115, { state: "given" }));
    expect(await found([given], () => strip(5, 0))).toEqual([]);
  });

  it("one that disappears where it touches another, and whether that one has grown", async () => {
    const [, covered] = await found([pair(0, 15), gone(210)], () => strip(5, 0));
    expect(covered).toMatchObject({ kind: "merge", frame: 1, text: "a disappears where it touches b" });
    const [, swallowed] = await found([pair(0, 15), gone(300)], () => strip(5, 0));
    expect(swallowed).toMatchObject({ kind: "merge", text: "a disappears, and b, which it touches, grows" });
    expect(swallowed.weight).toBeGreaterThan(covered.weight);
    expect((await found([pair(0, 15), gone(300)], () => strip(5, 0), 1)).map(({ kind }) => kind)).toEqual(["touch"]);
  });
});

describe("points", () => {
  it("lie on one another within 1.5 % of the shorter side, told once until they are apart", async () => {
    const apart = [10, 2, 5, 2, 10, 10, 10, 10, 10, 10, 2];
    const all = await found(apart.map((distance, i) => points(i, distance)));
    expect(all).toMatchObject([
      { kind: "touch", frame: 1, text: "a and b lie on one another" },
      { kind: "touch", frame: 10 },
    ]);
  });

  it("hidden ones lie nowhere", async () => {
    expect(await found([together(hiddenRow(0, "a"), pointRow(0, "b", 100))])).toEqual([]);
  });
});
