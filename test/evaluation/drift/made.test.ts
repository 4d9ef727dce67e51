import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import { copyFirstMask, type MaskMethod } from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../../../src/evaluation/benchmarks/trackedMasks.ts";
import { readFootage } from "../../../src/evaluation/confidence/footage.ts";
import { madeClips, pastedClips } from "../../../src/evaluation/confidence/madeClips.ts";
import { evaluateMadeClips } from "../../../src/evaluation/drift/madeBenchmark.ts";
import {
  lateGain,
  madeClipScore,
  type MadeScore,
  madeScore,
  madeTable,
} from "../../../src/evaluation/drift/madeScore.ts";
import type { LabelledFrame } from "../../../src/synthetic/productionLine.ts";
import { tasks } from "../../../src/tasks/index.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

describe("scores of made clips", () => {
  it("are means over the objects of a clip, then over the clips, with their standard error", () => {
    // Late is the last of three frames.
    const clips = [madeClipScore("a", [[1, 0.8, 0.6], flat(0.5)]), madeClipScore("b", [flat(0.9)])];
    expect(clips[0]).toEqual({ clip: "a", J: expect.closeTo(0.65, 12), late: expect.closeTo((0.6 + 0.5) / 2, 12) });
    const { J, late } = madeScore(clips);
    expect(J.mean).toBeCloseTo(0.775, 12);
    expect(J.standardError).toBeCloseTo(Math.abs(0.9 - 0.65) / 2, 12);
    expect(late.mean).toBeCloseTo((clips[0].late + 0.9) / 2, 12);
  });

  it("are compared clip by clip: a small gain on very different clips is seen", () => {
    const [before, after] = [of(0.1, 0.5, 0.9), of(0.12, 0.52, 0.95)];
    expect(after.late.standardError).toBeGreaterThan(0.2);
    const { mean, standardError } = lateGain(before, after);
    expect(mean).toBeCloseTo(0.03, 12);
    expect(standardError).toBeCloseTo(0.01, 12);
    // Clips that only one of them has say nothing.
    expect(lateGain(before, of(0.2, 0.6, 1, 0.3)).mean).toBeCloseTo(0.1, 12);
    expect(lateGain(before, before)).toEqual({ mean: 0, standardError: 0 });
  });

  it("are a table of two rows", () => {
    const table = madeTable(madeScore([madeClipScore("a", [flat(0.5)]), madeClipScore("b", [flat(0.7)])]));
    expect(table).toMatch(/J .* 2 .*0\.6000 .*0\.1000[^]*late .* 2 .*0\.6000 .*0\.1000/u);
    // A single clip says nothing about others.
    expect(madeTable(madeScore([madeClipScore("a", [flat(0.5)])]))).not.toContain("NaN");
  });
});

/** Clips with these values in every frame. */
function of(...values: number[]): MadeScore {
  return madeScore(values.map((value, i) => madeClipScore(`clip-${i}`, [flat(value)])));
}

function flat(value: number): number[] {
  return [value, value, value];
}

const [WIDTH, HEIGHT, FRAMES] = [64, 48, 12];

/** A square that stands still, or moves right by some pixels a frame. */
function madeClip(speed: number): LabelledFrame[] {
  return Array.from({ length: FRAMES }, (_, index) => {
    const data = new Uint8Array(3 * WIDTH * HEIGHT);
    const labels = new Uint8Array(WIDTH * HEIGHT);
    for (let p = 0; p < labels.length; p++) {
      const [x, y] = [(p % WIDTH) - 8 - speed * index, Math.floor(p / WIDTH)];
      labels[p] = Number(x >= 0 && x < 16 && y >= 16 && y < 32);
      data.set(labels[p] === 1 ? [220, 40, 40] : [40, 150, 60], 3 * p);
    }
    const frame = { index, timeSec: index / 25, name: String(index), width: WIDTH, height: HEIGHT, data };
    return { frame, labels: { width: WIDTH, height: HEIGHT, data: labels } };
  });
}

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "made-"));
  for (const [index, name] of ["a", "b", "c"].entries()) await writeFootage(name, index);
});
afterAll(() => rm(root, { recursive: true }));

/** Stripes that drift, of another colour in every clip. */
async function writeFootage(name: string, index: number): Promise<void> {
  await mkdir(join(root, "footage", name), { recursive: true });
  for (let t = 0; t < FRAMES; t++) {
    const data = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let p = 0; p < WIDTH * HEIGHT; p++) {
      const [x, y] = [(p % WIDTH) + t, Math.floor(p / WIDTH)];
      data.set(
        [0, 1, 2].map((c) => 40 + (c === index ? 90 : 0) + ((7 * x + 5 * y * (c + 1)) % 80)),
        3 * p,
      );
    }
    await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .png()
      .toFile(join(root, "footage", name, `${String(t).padStart(5, "0")}.png`));
  }
}

describe("tracking made clips", () => {
  it("the floor: J of the copied mask without the first and the last frame", async () => {
    const clips = [() => madeClip(0), () => madeClip(1)];
    const score = await evaluateMadeClips(clips, copyFirstMask, { out: join(root, "floor"), identity: {} });
    expect(score.clips[0]).toEqual({ clip: "clip-1", J: 1, late: 1 });
    const J = Array.from({ length: FRAMES - 2 }, (_, i) => (16 - (i + 1)) / (16 + i + 1));
    expect(score.clips[1].J).toBeCloseTo(J.reduce((sum, value) => sum + value, 0) / J.length, 12);
    expect(score.clips[1].late).toBeLessThan(score.clips[1].J);
  });

  it("ranks a tracker above one that stands still", async () => {
    const clips = [() => madeClip(1), () => madeClip(2)];
    await using encoder = pooledColours(4);
    const tracker = trackedMasks({ encoder, protocol: resolveProtocol("default"), mode: modes.exact, threads: 1 });
    const late = async (method: MaskMethod, out: string): Promise<number> =>
      (await evaluateMadeClips(clips, method, { out: join(root, out), identity: {} })).late.mean;
    expect(await late(tracker, "tracked")).toBeGreaterThan(0.8);
    expect(await late(copyFirstMask, "still")).toBeLessThan(0.4);
  });

  it("resumes after a stop, and renders no clip twice", async () => {
    let [rendered, looks] = [0, 0];
    const make = (): LabelledFrame[] => {
      rendered++;
      return madeClip(1);
    };
    const options = { out: join(root, "stopped"), identity: { run: 1 } };
    const signal = {
      throwIfAborted() {
        // A look before each clip and one a frame: in the second clip.
        if (looks++ === 1 + FRAMES + 4) throw new Interrupted("enough");
      },
    } as AbortSignal;
    const stopped = evaluateMadeClips([make, make], copyFirstMask, { ...options, signal });
    await expect(stopped).rejects.toBeInstanceOf(Interrupted);
    expect(rendered).toBe(2);
    const score = await evaluateMadeClips([make, make], copyFirstMask, options);
    expect([rendered, score.clips.length]).toEqual([3, 2]);
    await evaluateMadeClips([make, make, make], copyFirstMask, options);
    expect(rendered).toBe(4);
  });

  it("ends the method's iteration when it stops", async () => {
    let ended = false;
    const method: MaskMethod = {
      async *carry(source, first) {
        try {
          yield* copyFirstMask.carry(source, first);
        } finally {
          ended = true;
        }
      },
    };
    const options = { out: join(root, "ended"), identity: {}, signal: AbortSignal.abort(new Interrupted("enough")) };
    await expect(evaluateMadeClips([() => madeClip(0)], method, options)).rejects.toBeInstanceOf(Interrupted);
    expect(ended).toBe(false);
    let looks = 0;
    const signal = {
      throwIfAborted() {
        if (looks++ === 3) throw new Interrupted("enough");
      },
    } as AbortSignal;
    const late = evaluateMadeClips([() => madeClip(0)], method, { ...options, signal });
    await expect(late).rejects.toBeInstanceOf(Interrupted);
    expect(ended).toBe(true);
  });
});

const footageOptions = () => ({
  footage: [join(root, "footage")],
  count: 3,
  frames: FRAMES,
  shortSide: HEIGHT,
  logger: silent,
});

describe("clips made of footage", () => {
  it("are the same every time, and those that confidence is fitted to", async () => {
    const { count } = footageOptions();
    const read = await readFootage(footageOptions());
    const [once, again] = [read, await readFootage(footageOptions())].map((one) => pastedClips(one, count));
    const first = once.map((make) => make());
    expect(first).toEqual(again.map((make) => make()));
    expect(first.map((clip) => clip.length)).toEqual([FRAMES, FRAMES, FRAMES]);
    const fitted = [];
    for (const { pasted } of madeClips(read, count)) fitted.push(pasted);
    expect(first).toEqual(fitted);
  });

  it("need footage", async () => {
    await expect(readFootage({ ...footageOptions(), footage: [join(root, "footage/a")] })).rejects.toMatchObject({
      code: "calibrate/footage",
    });
  });
});

const task = () => ({
  benchmark: "made" as const,
  footage: [join(root, "footage")],
  out: join(root, "task"),
  clips: 2,
  frames: FRAMES,
  baseline: "copy-first" as const,
});

describe("the task", () => {
  it("writes the numbers with what they were made with, and keeps them", async () => {
    const outcome = await tasks.evaluate.run(task());
    if (outcome.benchmark !== "made") throw new Error(outcome.benchmark);
    const written = JSON.parse(await readFile(join(root, "task/made.json"), "utf8"));
    expect(written).toMatchObject(JSON.parse(JSON.stringify(outcome)));
    expect(written.settings).toMatchObject({ method: "copy-first", frames: FRAMES });
    expect(written.settings.footage).toHaveLength(3);
    // What was kept is taken as it is.
    await writeFile(join(root, "task/clip-1.json"), JSON.stringify([{ clip: "clip-1", J: 0.5, late: 0.25 }]));
    const again = await tasks.evaluate.run(task());
    expect(again).toMatchObject({ clips: [{ J: 0.5, late: 0.25 }, outcome.clips[1]] });
  });

  it("refuses to make none, and footage that is not there", async () => {
    await expect(tasks.evaluate.run({ ...task(), clips: 0 })).rejects.toMatchObject({ code: "task/invalid" });
    await expect(tasks.evaluate.run({ ...task(), footage: [join(root, "none")] })).rejects.toThrow("none");
  });
});
