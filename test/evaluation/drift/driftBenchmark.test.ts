import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import {
  copyFirstMask,
  type CorrectableMethod,
  type DavisBenchmark,
  type DavisEvaluationOptions,
  scoreDavis,
} from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../../../src/evaluation/benchmarks/trackedMasks.ts";
import { evaluateDrift } from "../../../src/evaluation/drift/driftBenchmark.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const [WIDTH, HEIGHT, FRAMES, CELL] = [96, 64, 12, 4];
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "drift-"));
});
afterEach(() => rm(root, { recursive: true }));

/** Left, top, right and bottom border, px. */
type Box = readonly [number, number, number, number];

interface Sequence {
  /** By frame: the boxes of the objects, which have the labels given. */
  readonly boxes: (frame: number) => readonly Box[];
  readonly labels: readonly number[];
  /** RGB of a pixel. */
  readonly colour: (x: number, y: number, frame: number) => readonly number[];
  readonly frames?: number;
}

const inBox = (x: number, y: number, [left, top, right, bottom]: Box): boolean =>
  x >= left && x < right && y >= top && y < bottom;

async function writeSequence(name: string, { boxes, labels, colour, frames = FRAMES }: Sequence): Promise<void> {
  await mkdir(join(root, "JPEGImages/480p", name), { recursive: true });
  for (let t = 0; t < frames; t++) {
    const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
    const data = new Uint8Array(WIDTH * HEIGHT);
    for (let p = 0; p < data.length; p++) {
      const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
      const owner = boxes(t).findIndex((box) => inBox(x, y, box));
      data[p] = owner < 0 ? 0 : labels[owner];
      rgb.set(colour(x, y, t), 3 * p);
    }
    const file = String(t).padStart(5, "0");
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    await sharp(rgb, { raw })
      .png()
      .toFile(join(root, "JPEGImages/480p", name, `${file}.png`));
    await writeMaskPng(join(root, "Annotations/480p", name, `${file}.png`), { width: WIDTH, height: HEIGHT, data });
  }
}

/** The object's box moves right; what it uncovers has its colour within the noise, so that the mask runs on. */
const trailBox = (t: number): Box => [8 + 4 * t, 16, 32 + 4 * t, 48];
const trail: Sequence = {
  boxes: (t) => [trailBox(t)],
  labels: [255],
  colour(x, y, t) {
    const noise = (61 * x + 113 * y + 179 * t + ((x * y * (t + 3)) % 37)) % 40;
    if (inBox(x, y, trailBox(t))) return [200 + noise, 60, 40];
    return y >= 16 && y < 48 && x < 8 + 4 * t ? [198 + noise, 62, 41] : [40, 60 + ((7 * x) % 30), 150];
  },
};

/** Two blocks aligned to the cells, which stand still. */
const still: Sequence = {
  boxes: () => [
    [8, 8, 40, 40],
    [48, 16, 88, 56],
  ],
  labels: [1, 2],
  colour: (x, y) =>
    inBox(x, y, [8, 8, 40, 40]) ? [220, 40, 40] : inBox(x, y, [48, 16, 88, 56]) ? [40, 40, 220] : [60, 160, 60],
};

/** Remembers the frame before alone, so that all it knows is fed back. */
const tracker = (): CorrectableMethod =>
  trackedMasks({
    encoder: pooledColours(CELL),
    protocol: resolveProtocol("default", { visibility: "always", memory: { first: "none", recent: 1 } }),
    mode: modes.exact,
    threads: 1,
  });

const benchmark = (...sequences: string[]): DavisBenchmark => ({ root, sequences });
const options = (more: Partial<DavisEvaluationOptions> = {}): DavisEvaluationOptions => ({
  out: join(root, "out"),
  identity: { run: 1 },
  ...more,
});

/** J of the trail's box with the same one so many pixels away. */
const shifted = (pixels: number): number => (24 - pixels) / (24 + pixels);

describe("drift", () => {
  it("a mask that is fed back drifts: it loses more late, and the truth put in its place loses less", async () => {
    await writeSequence("trail", trail);
    const { score, frames, kept } = await evaluateDrift(benchmark("trail"), tracker(), options());
    const { ceiling, forced, free, late, eaten, leaked } = score.mean;
    expect(ceiling).toBeGreaterThan(forced);
    expect(forced).toBeGreaterThan(free + 0.05);
    expect(late).toBeLessThan(free - 0.05);
    expect(leaked).toBeGreaterThan(0.1);
    expect(eaten).toBeLessThan(0.05);
    expect([frames, kept]).toEqual([2 * FRAMES, []]);
    const { J } = score.sequences["trail"].objects["1"];
    for (const run of Object.values(J)) expect(run).toHaveLength(FRAMES - 2);
    // The first step is from the given mask in both runs.
    expect(J.forced[0]).toBe(J.free[0]);
  });

  it("free is what the DAVIS benchmark gives", async () => {
    await writeSequence("trail", trail);
    await writeSequence("still", still);
    const both = benchmark("trail", "still");
    const { score } = await evaluateDrift(both, tracker(), options());
    const davis = await scoreDavis(both, tracker());
    expect(score.mean.free).toBe(davis.J.mean);
    expect(score.sequences["trail"].objects["1"].J.free).toEqual(davis.sequences["trail"].objects["1"].J);
  });

  it("several objects: each has its numbers, the sequence their mean; the picture shows it", async () => {
    await writeSequence("still", still);
    const { score } = await evaluateDrift(benchmark("still"), tracker(), options());
    const { mean, objects } = score.sequences["still"];
    expect(Object.keys(objects)).toEqual(["1", "2"]);
    expect(mean.forced).toBeCloseTo((objects["1"].forced + objects["2"].forced) / 2, 12);
    for (const { ceiling, forced, eaten, leaked } of Object.values(objects)) {
      // Borders on the cells' borders: only the corners are rounded.
      expect(ceiling).toBeGreaterThan(0.98);
      expect(forced).toBeGreaterThan(0.95);
      expect([eaten, leaked]).toEqual([0, 0]);
    }
    expect(await readFile(join(root, "out/drift.svg"), "utf8")).toContain("ceiling");
    expect((await stat(join(root, "out/drift.png"))).size).toBeGreaterThan(1000);
  });

  it("the ceiling of a mask whose border lies on cells' borders from edge to edge is 1", async () => {
    await writeSequence("half", {
      boxes: () => [[0, 0, 48, HEIGHT]],
      labels: [255],
      colour: (x) => (x < 48 ? [220, 40, 40] : [60, 160, 60]),
      frames: 4,
    });
    const { score } = await evaluateDrift(benchmark("half"), tracker(), options());
    expect(score.mean).toMatchObject({ ceiling: 1, forced: 1, free: 1, late: 1, eaten: 0, leaked: 0 });
  });

  it("the floor: one step late, with the truth as it is for a ceiling", async () => {
    await writeSequence("trail", trail);
    const { score } = await evaluateDrift(benchmark("trail"), copyFirstMask, options());
    expect(score.mean.ceiling).toBe(1);
    expect(score.mean.forced).toBeCloseTo(shifted(4), 12);
    expect(score.sequences["trail"].objects["1"].J.free.slice(0, 5)).toEqual([4, 8, 12, 16, 20].map(shifted));
  });
});

/** A signal that is aborted after a number of looks. */
function abortedAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    aborted: false,
    addEventListener() {},
    removeEventListener() {},
    throwIfAborted() {
      if (left-- === 0) throw new Interrupted("enough");
    },
  } as unknown as AbortSignal;
}

/** Counts the frames of both kinds of run. */
function counting(): CorrectableMethod & { carried: number; corrected: number } {
  return {
    carried: 0,
    corrected: 0,
    async *carry(source, first) {
      for await (const labels of copyFirstMask.carry(source, first)) {
        this.carried++;
        yield labels;
      }
    },
    async *correct(...given) {
      for await (const mask of copyFirstMask.correct(...given)) {
        this.corrected++;
        yield mask;
      }
    },
  };
}

describe("a run that was stopped", () => {
  it("goes on where it was: complete sequences of either run are kept", async () => {
    for (const name of ["a", "b"]) await writeSequence(name, { ...trail, frames: 4 });
    const method = counting();
    // Both free runs (a look a sequence and a frame), a look before each corrected one, and two frames of the second.
    const signal = abortedAfter(2 * 5 + 5 + 3);
    await expect(evaluateDrift(benchmark("a", "b"), method, options({ signal }))).rejects.toBeInstanceOf(Interrupted);
    expect(method).toMatchObject({ carried: 8, corrected: 7 });
    const again = counting();
    const resumed = await evaluateDrift(benchmark("a", "b"), again, options());
    expect(again).toMatchObject({ carried: 0, corrected: 4 });
    expect(resumed).toMatchObject({ frames: 4, kept: ["a"] });
    const whole = await evaluateDrift(benchmark("a", "b"), counting(), options({ out: join(root, "other") }));
    expect(resumed.score).toEqual(whole.score);
    expect(await evaluateDrift(benchmark("a", "b"), counting(), options())).toMatchObject({
      frames: 0,
      kept: ["a", "b"],
      score: whole.score,
    });
  });

  it("is made anew with other settings", async () => {
    await writeSequence("a", { ...trail, frames: 4 });
    await evaluateDrift(benchmark("a"), counting(), options());
    const method = counting();
    await evaluateDrift(benchmark("a"), method, options({ identity: { run: 2 } }));
    expect(method).toMatchObject({ carried: 4, corrected: 4 });
    // How void counts matters only to the scores of the corrected run, which keeps no masks.
    await evaluateDrift(benchmark("a"), method, options({ identity: { run: 2 }, voidHandling: "ignore" }));
    expect(method).toMatchObject({ carried: 4, corrected: 8 });
  });
});

const run = (name: string): Promise<unknown> => evaluateDrift(benchmark(name), tracker(), options());

describe("drift refuses", () => {
  it("a sequence without frames or without truth", async () => {
    await expect(run("none")).rejects.toMatchObject({ code: "davis/no-frames" });
    await writeSequence("bare", { ...still, frames: 3 });
    await rm(join(root, "Annotations"), { recursive: true });
    await expect(run("bare")).rejects.toMatchObject({ code: "score/no-truth" });
  });

  it("a first mask without an object", async () => {
    await writeSequence("empty", { ...still, labels: [0, 0], frames: 3 });
    await expect(run("empty")).rejects.toMatchObject({ code: "score/no-object" });
  });

  it("a single frame, of which nothing is scored", async () => {
    await writeSequence("one", { ...still, frames: 1 });
    await expect(run("one")).rejects.toMatchObject({ code: "score/too-short" });
  });

  it("truth of another size in the middle", async () => {
    await writeSequence("odd", { ...still, frames: 4 });
    const odd: LabelMap = { width: 10, height: 10, data: new Uint8Array(100).fill(1) };
    await writeMaskPng(join(root, "Annotations/480p/odd/00002.png"), odd);
    await expect(run("odd")).rejects.toMatchObject({ code: "score/size" });
  });

  it("a file that is no mask", async () => {
    await writeSequence("torn", { ...still, frames: 4 });
    await writeFile(join(root, "Annotations/480p/torn/00002.png"), "no picture");
    await expect(run("torn")).rejects.toThrow("00002.png");
  });
});

describe("truth of some frames only", () => {
  it("is put in place where it is, and the others are not scored", async () => {
    await writeSequence("some", still);
    for (const t of [2, 3, 5, 7]) await rm(join(root, `Annotations/480p/some/0000${t}.png`));
    const { score } = await evaluateDrift(benchmark("some"), tracker(), options());
    const { J, ceiling } = score.sequences["some"].objects["1"];
    expect([J.ceiling.length, J.forced.length, J.free.length]).toEqual([6, 6, 6]);
    expect(ceiling).toBeGreaterThan(0.98);
  });
});
