/** @file Whole clips: objects that pass behind something, leave the frame, or are lost by a cut. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { type Mode, modes } from "../../../src/tracking/modes.ts";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import { trackPoints } from "../../../src/tracking/points/trackPoints.ts";
import { propagateMasks, type TrackedFrame } from "../../../src/tracking/propagation.ts";
import { type ProtocolOverrides, resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { Frame } from "../../../src/video/frame.ts";
import { frameList } from "../../../src/video/frameList.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const WIDTH = 128;
const HEIGHT = 64;
const SIZE = 16;

interface Scene {
  /** Left border of the object in each frame, px. */
  readonly lefts: readonly number[];
  /** Left and right border of a pillar before it. */
  readonly pillar?: readonly [number, number];
  /** From this frame on another camera. */
  readonly otherFrom?: number;
}

/** A red square with a yellow half moves over patchy green; a grey pillar stands before it. */
function render({ lefts, pillar = [0, 0], otherFrom = Infinity }: Scene): { frames: Frame[]; truth: LabelMap[] } {
  const random = new Random(2);
  const patches = Array.from({ length: 8 * 16 }, () => random.integer(60));
  const others = patches.map(() => [random.integer(60), random.integer(60)]);
  const noise = new Random(3);
  const truth: LabelMap[] = [];
  const frames = lefts.map((left, t): Frame => {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    const labels = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 0, p = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++, p++) {
        const patch = Math.floor(y / 8) * 16 + Math.floor(x / 8);
        const behind = x >= pillar[0] && x < pillar[1];
        const inside = !behind && y >= 24 && y < 24 + SIZE && x >= left && x < left + SIZE && t < otherFrom;
        const scene =
          t < otherFrom ? [40, 100 + patches[patch], 60] : [30 + others[patch][0], 40, 150 + others[patch][1]];
        const colour = behind ? [128, 128, 140] : inside ? [220, x < left + SIZE / 2 ? 40 : 200, 30] : scene;
        for (let c = 0; c < 3; c++) data[3 * p + c] = colour[c] + noise.integer(12);
        labels[p] = inside ? 1 : 0;
      }
    truth.push({ width: WIDTH, height: HEIGHT, data: labels });
    return { index: t, timeSec: t / 25, name: String(t).padStart(5, "0"), width: WIDTH, height: HEIGHT, data };
  });
  return { frames, truth };
}

type Scenes = ReturnType<typeof render>;

interface Choices {
  readonly overrides?: ProtocolOverrides;
  readonly mode?: Mode;
  /** Gets the warnings. */
  readonly warnings?: string[];
}

async function track({ frames, truth }: Scenes, choices: Choices = {}): Promise<TrackedFrame[]> {
  const { overrides = {}, mode = modes.exact, warnings = [] } = choices;
  const out: TrackedFrame[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string) => void warnings.push(line) };
  const protocol = resolveProtocol("default", { memory: { recent: 3 }, ...overrides });
  const options = {
    encoder: pooledColours(4),
    source: frameList(frames, "clip"),
    first: truth[0],
    protocol,
    mode,
    logger,
  };
  for await (const tracked of propagateMasks({ ...options, threads: 1 })) out.push(tracked);
  return out;
}

function overlap(a: LabelMap, b: LabelMap): number {
  let [both, either] = [0, 0];
  a.data.forEach((label, p) => {
    both += Number(label === 1 && b.data[p] === 1);
    either += Number(label === 1 || b.data[p] === 1);
  });
  return either === 0 ? 1 : both / either;
}

const areas = (tracked: readonly TrackedFrame[]): number[] => tracked.map(({ objects: [{ area }] }) => area);
const seen = (tracked: readonly TrackedFrame[]): boolean[] => tracked.map(({ objects: [{ visible }] }) => visible);

/** From left to right in steps of 4 px. */
const passing = Array.from({ length: 26 }, (_, t) => 8 + 4 * t);

/** Out to the left, away for six frames, back on the right. */
const leaving = [60, 40, 20, 0, -10, -40, -40, -40, -40, -40, -40, 110, 106, 102, 98];

describe("an object that cannot be seen", () => {
  it.each(["exact", "fast"] as const)("behind a pillar it is not visible, and it is found again (%s)", async (mode) => {
    const clip = render({ lefts: passing, pillar: [44, 76] });
    const tracked = await track(clip, { mode: modes[mode] });
    const hidden = clip.truth.flatMap(({ data }, t) => (data.includes(1) ? [] : [t]));
    expect(hidden.length).toBeGreaterThan(3);
    for (const t of hidden) expect([t, seen(tracked)[t], areas(tracked)[t]]).toEqual([t, false, 0]);
    for (const t of [1, 2, 3, 22, 23, 24, 25]) {
      expect(seen(tracked)[t]).toBe(true);
      expect(overlap(tracked[t].labels, clip.truth[t])).toBeGreaterThan(mode === "exact" ? 0.6 : 0.45);
      expect(tracked[t].objects[0].confidence).toBeGreaterThan(0.5);
    }
  });

  it("is found again as it comes out bit by bit, though the latest frames call it background", async () => {
    const clip = render({ lefts: Array.from({ length: 34 }, (_, t) => 8 + 3 * t), pillar: [44, 76] });
    const tracked = await track(clip, { overrides: { memory: { recent: 7 } } });
    for (let t = 25; t < 34; t++) {
      expect([t, seen(tracked)[t]]).toEqual([t, true]);
      expect(overlap(tracked[t].labels, clip.truth[t])).toBeGreaterThan(0.6);
    }
  });

  it("out of the frame it is not visible; far from where it left it is found again", async () => {
    const clip = render({ lefts: leaving });
    const tracked = await track(clip, { overrides: { radius: { cells: 6 } } });
    for (let t = 6; t < 11; t++) expect([t, seen(tracked)[t], areas(tracked)[t]]).toEqual([t, false, 0]);
    for (const t of [12, 13, 14]) expect(overlap(tracked[t].labels, clip.truth[t])).toBeGreaterThan(0.6);
    expect(seen(tracked).slice(12)).toEqual([true, true, true]);
  });

  it("with --visibility always nothing is emptied and the labelled frame is searched as the protocol says", async () => {
    const clip = render({ lefts: leaving });
    const tracked = await track(clip, { overrides: { visibility: "always", radius: { cells: 6 } } });
    expect(overlap(tracked[14].labels, clip.truth[14])).toBeLessThan(0.1);
  });
});

/** Squares that look alike, red with a yellow half, over the same place; each has a label in the truth, 0 = none. */
function renderAlike(
  lefts: readonly (readonly number[])[],
  tops: readonly number[],
  labels: readonly number[],
): Scenes {
  const empty = render({ lefts: lefts[0].map(() => -100) });
  const noise = new Random(5);
  const truth = empty.truth.map((map) => ({ ...map, data: map.data.slice() }));
  for (const [i, places] of lefts.entries())
    for (const [t, left] of places.entries())
      for (let y = tops[i]; y < tops[i] + SIZE; y++)
        for (let x = Math.max(0, left); x < Math.min(WIDTH, left + SIZE); x++) {
          const colour = [220, x < left + SIZE / 2 ? 40 : 200, 30];
          for (let c = 0; c < 3; c++) empty.frames[t].data[3 * (y * WIDTH + x) + c] = colour[c] + noise.integer(12);
          truth[t].data[y * WIDTH + x] = labels[i];
        }
  return { frames: empty.frames, truth };
}

const still = (left: number, count: number): number[] => Array.from({ length: count }, () => left);

describe("things that look alike", () => {
  it("one that stands elsewhere is no part of the object", async () => {
    const clip = renderAlike([still(12, 12), still(60, 12)], [24, 24], [1, 0]);
    const tracked = await track(clip);
    for (const { objects } of tracked) expect(objects[0].box?.[2]).toBeLessThan(SIZE + 5);
    expect(overlap(tracked[11].labels, clip.truth[11])).toBeGreaterThan(0.8);
    // Searched over the whole picture both claim it: never for sure, never as one thing.
    for (const { objects } of (await track(clip, { overrides: { radius: { cells: 40 } } })).slice(1)) {
      expect(objects[0].box?.[2] ?? 0).toBeLessThan(SIZE + 5);
      expect(objects[0].confidence).toBeLessThan(0.8);
    }
  });

  it("when one of two has left, a third one does not get its name for sure, and the other keeps its own", async () => {
    const leaves = [40, 25, 10, -5, ...still(-40, 9)];
    const comes = [...still(200, 8), 112, 104, 96, 88, 80];
    const clip = renderAlike([leaves, still(56, 13), comes], [8, 40, 8], [1, 2, 0]);
    const tracked = await track(clip, { overrides: { radius: { cells: 6 } } });
    for (let t = 5; t < 13; t++) {
      const [gone, stays] = tracked[t].objects;
      expect([t, gone.visible && gone.confidence >= 0.5]).toEqual([t, false]);
      expect([t, stays.visible]).toEqual([t, true]);
    }
    // What is not visible is less likely there than not, and what is lost is not visible.
    for (const { objects } of tracked.slice(1))
      for (const { visible, confidence } of objects) expect(visible ? confidence >= 0.05 : confidence < 0.5).toBe(true);
  });
});

describe("a camera cut", () => {
  it("is reported, and what is not found again is not followed", async () => {
    const warnings: string[] = [];
    const clip = render({ lefts: Array.from({ length: 12 }, (_, t) => 30 + t), otherFrom: 6 });
    const tracked = await track(clip, { warnings });
    expect(tracked.map(({ cut }, t) => (cut ? t : -1)).filter((t) => t >= 0)).toEqual([6]);
    expect(warnings).toEqual([expect.stringContaining("frame 00006")]);
    expect(seen(tracked)).toEqual(Array.from({ length: 12 }, (_, t) => t < 6));
    expect(areas(tracked).slice(6)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("back to the first camera it is found again", async () => {
    const one = render({ lefts: Array.from({ length: 10 }, (_, t) => 30 + t), otherFrom: 4 });
    const two = render({ lefts: Array.from({ length: 10 }, (_, t) => 60 + t) });
    const clip = {
      frames: [...one.frames.slice(0, 7), ...two.frames.slice(7)],
      truth: [...one.truth.slice(0, 7), ...two.truth.slice(7)],
    };
    const tracked = await track(clip);
    expect(tracked.map(({ cut }, t) => (cut ? t : -1)).filter((t) => t >= 0)).toEqual([4, 7]);
    // Surely in the first frame or in the second.
    expect(seen(tracked).slice(8)).toEqual([true, true]);
    expect(overlap(tracked[9].labels, clip.truth[9])).toBeGreaterThan(0.6);
  });

  it("is reported for points too", async () => {
    const warnings: string[] = [];
    const logger = { info() {}, progress() {}, warn: (line: string) => void warnings.push(line) };
    const { frames } = render({ lefts: Array.from({ length: 8 }, (_, t) => 30 + t), otherFrom: 5 });
    const cuts: boolean[] = [];
    const options = {
      encoder: pooledColours(4),
      source: frameList(frames, "clip"),
      follower: new DirectMatching(),
      logger,
    };
    for await (const { cut } of trackPoints({ ...options, points: [{ name: "a", x: 38, y: 32 }] })) cuts.push(cut);
    expect(cuts).toEqual(Array.from({ length: 8 }, (_, t) => t === 5));
    expect(warnings).toHaveLength(1);
  });
});
