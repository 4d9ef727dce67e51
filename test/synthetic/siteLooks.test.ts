/** Looks of a rendered line: each is what it says, and its truth still fits. */
import { describe, expect, it } from "vitest";
import { SITE_LOOKS, renderSiteLook, type SiteLook } from "../../src/synthetic/siteLooks.ts";
import { meanOf } from "../../src/metrics/statistics.ts";
import type { LabelledFrame } from "../../src/synthetic/productionLine.ts";

const SIZE = { width: 64, height: 36, frames: 3, seed: 4 };
const clip = (look: SiteLook): LabelledFrame[] => [...renderSiteLook(look, SIZE)];
const light = ({ frame }: LabelledFrame): number => meanOf([...frame.data]);
const share = ({ labels }: LabelledFrame): number => labels.data.filter((id) => id > 0).length / labels.data.length;

describe("looks of a rendered line", () => {
  const day = clip("day");

  it("have the frames that were asked for, and the same bytes each time", () => {
    for (const look of [...SITE_LOOKS, "still", "noise"] as const) {
      const frames = clip(look);
      expect(frames.map(({ frame }) => [frame.index, frame.name])).toEqual([0, 1, 2].map((i) => [i, `0000${i}`]));
      expect(frames[1]).toEqual(clip(look)[1]);
      for (const { frame, labels } of frames) {
        expect([frame.width, frame.height, frame.data.length]).toEqual([64, 36, 64 * 36 * 3]);
        expect([labels.width, labels.height, labels.data.length]).toEqual([64, 36, 64 * 36]);
      }
    }
  });

  it("night is darker, another product has other colours, and both have the truth of the day", () => {
    expect(light(clip("night")[0])).toBeLessThan(0.6 * light(day[0]));
    const [{ frame, labels }] = clip("product");
    const [red, green, blue] = day[0].frame.data;
    expect([...frame.data.subarray(0, 3)]).toEqual([blue, 255 - red, green]);
    expect(labels).toEqual(day[0].labels);
    expect(clip("night")[1].labels).toEqual(day[1].labels);
  });

  it("a moved camera sees parts larger and mirrored, with the truth moved alike", () => {
    const [moved] = clip("camera");
    expect(share(moved)).toBeGreaterThan(1.2 * share(day[0]));
    // The pixel at the left edge lies at the right edge of what is still seen: columns 6 to 47, rows 4 to 26.
    const at = (x: number, y: number): number => day[0].labels.data[y * 64 + x];
    for (const [y, row] of [
      [0, 4],
      [35, 26],
    ])
      expect(moved.labels.data[y * 64]).toBe(at(47, row));
  });

  it("still shows one picture, noise hardly any", () => {
    const still = clip("still");
    expect(still[2].frame.data).toEqual(still[0].frame.data);
    expect(still[2].frame.timeSec).toBeGreaterThan(still[0].frame.timeSec);
    const noise = clip("noise");
    expect(noise[0].frame.data).not.toEqual(noise[1].frame.data);
  });
});
