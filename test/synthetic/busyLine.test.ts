import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type BusyLine, busyLine, overlap } from "../../src/synthetic/busyLine.ts";
import type { LabelledFrame } from "../../src/synthetic/productionLine.ts";
import { PART_KINDS, type PartKind } from "../../src/synthetic/scene.ts";
import { parseZones } from "../../src/watch/zones.ts";
import { Watcher } from "../../src/watch/watcher.ts";
import { SightingReader } from "../../src/watch/sighting.ts";

const SMALL = { width: 80, height: 46, fps: 10, parts: 6, stops: 1 } as const;

/** Pixels of each id in a frame. */
function areas({ labels }: LabelledFrame): Map<number, number> {
  const found = new Map<number, number>();
  for (const id of labels.data) if (id !== 0) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}

/** Visible pixels of all parts in all frames. */
const sum = (clip: readonly LabelledFrame[]): number =>
  clip.reduce((all, frame) => all + [...areas(frame).values()].reduce((a, b) => a + b, 0), 0);

/** The bytes of the first frames of a clip with this seed, and of their labels, in short. */
function short(seed: number): string {
  const hash = createHash("sha256");
  const rendering = busyLine({ ...SMALL, parts: 2, seed }).render();
  for (let i = 0; i < 20; i++) {
    const { frame, labels } = rendering.next().value as LabelledFrame;
    hash.update(frame.data).update(labels.data);
  }
  return hash.digest("hex");
}

const steps = ({ beltMoved }: BusyLine): number[] => beltMoved.slice(1).map((moved, i) => moved - beltMoved[i]);

describe("a line on which things keep coming", () => {
  const line = busyLine(SMALL);
  const frames = [...line.render()];

  it("every part comes, is seen, and leaves, in the order of the ids", () => {
    expect(frames).toHaveLength(line.beltMoved.length);
    expect(areas(frames[0]).size).toBe(0);
    expect(areas(frames[frames.length - 1]).size).toBe(0);
    const first = line.parts.map(({ id }) => frames.findIndex((frame) => areas(frame).has(id)));
    expect(first.every((index) => index > 0)).toBe(true);
    const most = line.parts.map(({ id }) => Math.max(...frames.map((frame) => areas(frame).get(id) ?? 0)));
    expect(Math.min(...most)).toBeGreaterThan(20);
    expect(line.parts.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("no part is seen outside its frames", () => {
    for (const [index, frame] of frames.entries())
      for (const id of areas(frame).keys()) {
        const [start, end] = line.parts[id - 1].frames;
        expect(index).toBeGreaterThanOrEqual(start);
        expect(index).toBeLessThanOrEqual(end);
      }
  });

  it("a line across the belt counts them all", () => {
    const zones = parseZones({ lines: [{ name: "exit", from: [55, 42], to: [55, 4] }] });
    const watcher = new Watcher(zones);
    const reader = new SightingReader({ objects: [], frames: [] }, "centre", SMALL.fps);
    const told = frames.flatMap(({ frame, labels }) => watcher.next(reader.read({ frame: frame.index, mask: labels })));
    const passed = [...told, ...watcher.end()];
    expect(passed).toHaveLength(line.parts.length);
    expect(new Set(passed.map(({ object }) => object))).toEqual(new Set(line.parts.map(({ id }) => String(id))));
    expect(passed.every(({ direction }) => direction === "forward")).toBe(true);
  });

  it("is the same for the same seed, another for another", () => {
    expect(short(4)).toBe(short(4));
    expect(short(5)).not.toBe(short(4));
  });

  it("the gantry hides pixels that are seen without it", () => {
    const open = [...busyLine({ ...SMALL, gantry: false }).render()];
    expect(sum(frames)).toBeLessThan(0.97 * sum(open));
    expect(open).toHaveLength(frames.length);
  });
});

describe("its plan", () => {
  it.each([1, 2, 3])("seed %i: parts that touch do, others keep their distance, none overlap", (seed) => {
    const { parts, placed } = busyLine({ seed, touching: 0.5, parts: 30 });
    expect(parts.filter(({ touches }) => touches).length).toBeGreaterThan(5);
    for (const lane of [0, 1]) {
      const inLane = placed.filter((part) => part.lane === lane);
      for (let i = 1; i < inLane.length; i++) {
        const [before, part] = [inLane[i - 1], inLane[i]];
        expect(overlap(before, part)).toBe(false);
        expect(overlap(before, { ...part, x: part.x + 0.4 })).toBe(part.touches);
      }
    }
  });

  it("the belt stops as often as it should, and runs as fast", () => {
    for (const stops of [0, 1, 3]) {
      const line = busyLine({ stops, parts: 30 });
      const speeds = steps(line);
      const stood = speeds.filter((speed, i) => speed === 0 && speeds[i - 1] !== 0).length;
      expect(stood).toBe(stops);
      expect(Math.max(...speeds)).toBeCloseTo(29 / 24, 9);
      expect(Math.min(...speeds)).toBeGreaterThanOrEqual(0);
    }
  });

  it("one kind: all look alike", () => {
    expect(new Set(busyLine({ kinds: ["bolt"] }).parts.map(({ kind }) => kind))).toEqual(new Set(["bolt"]));
    expect(new Set(busyLine().parts.map(({ kind }) => kind)).size).toBe(Object.keys(PART_KINDS).length);
  });

  it.each([
    { parts: 0 },
    { parts: 255 },
    { touching: 2 },
    { speedCmPerSec: 0 },
    { width: 10 },
    { stops: -1 },
    { fps: 0 },
  ])("refuses %o", (options) => {
    expect(() => busyLine(options)).toThrow(/of the rendered (?:line|clip): got/u);
  });

  it("refuses no kinds", () => {
    expect(() => busyLine({ kinds: [] as PartKind[] })).toThrow("expected at least one");
  });
});
