import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import {
  copyFirstMask,
  type DavisBenchmark,
  evaluateDavis,
  type MaskMethod,
  scoreDavis,
} from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../../src/video/masks/maskPng.ts";

const [WIDTH, HEIGHT, FRAMES] = [40, 30, 5];
let root: string;
let benchmark: DavisBenchmark;

/** A square of 10 pixels that has moved right by `shift`. */
function square(shift: number, label: number): LabelMap {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 10; y < 20; y++) data.fill(label, y * WIDTH + 5 + shift, y * WIDTH + 15 + shift);
  return { width: WIDTH, height: HEIGHT, data };
}

async function writeFrame(path: string, width = WIDTH): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await sharp({ create: { width, height: HEIGHT, channels: 3, background: "#123456" } }).toFile(path);
}

async function writeSequence(name: string, label: number): Promise<void> {
  for (let i = 0; i < FRAMES; i++) {
    await writeFrame(join(root, `JPEGImages/480p/${name}/0000${i}.jpg`));
    await writeMaskPng(join(root, `Annotations/480p/${name}/0000${i}.png`), square(2 * i, label));
  }
}

/** Knows how the squares move; counts its frames and can be stopped in the middle of a sequence. */
function mover(failAfter = Number.POSITIVE_INFINITY): MaskMethod & { frames: number } {
  return {
    frames: 0,
    async *carry({ frameCount }, first) {
      const label = Math.max(...first.data);
      for (let i = 0; i < frameCount; i++) {
        if (this.frames++ >= failAfter) throw new Error("interrupted");
        yield square(2 * i, label);
      }
    },
  };
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "benchmark-"));
  await writeSequence("grey", 255);
  await writeSequence("ids", 1);
  benchmark = { root, sequences: ["grey", "ids"] };
});
afterEach(() => rm(root, { recursive: true }));

/** A signal that is aborted after a number of looks. */
function abortedAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    throwIfAborted() {
      if (left-- === 0) throw new Interrupted("enough");
    },
  } as AbortSignal;
}

const evaluate = (method: MaskMethod, identity: Record<string, unknown> = { method: "a" }, logger = silent) =>
  evaluateDavis(benchmark, method, { out: join(root, "out"), identity, settings: identity, logger });

describe("stopping", () => {
  it("ends an evaluation in the middle of a sequence, and the same call goes on", async () => {
    const options = { out: join(root, "out"), identity: { method: "a" } };
    const stopped = evaluateDavis(benchmark, mover(), { ...options, signal: abortedAfter(1 + FRAMES + 3) });
    await expect(stopped).rejects.toBeInstanceOf(Interrupted);
    expect((await evaluateDavis(benchmark, mover(), options)).kept).toEqual(["grey"]);
  });

  it("ends a score without masks on disk, and the method's iteration with it", async () => {
    let ended = false;
    const method: MaskMethod = {
      async *carry({ frameCount }) {
        try {
          for (let i = 0; i < frameCount; i++) yield square(2 * i, 1);
        } finally {
          ended = true;
        }
      },
    };
    await expect(scoreDavis(benchmark, method, { signal: abortedAfter(1) })).rejects.toBeInstanceOf(Interrupted);
    expect(ended).toBe(true);
  });
});

describe("evaluating with masks on disk", () => {
  it("writes a mask for every frame, the object of binary truth being 1, and scores them", async () => {
    const { score, frames, kept, seconds } = await evaluate(mover());
    expect(score.JF_mean).toBe(1);
    expect([frames, kept]).toEqual([2 * FRAMES, []]);
    expect(seconds).toBeGreaterThan(0);
    expect(score.sequences["grey"].objects["1"].J).toHaveLength(FRAMES - 2);
    for (let i = 0; i < FRAMES; i++)
      expect(await readMaskPng(join(root, `out/grey/0000${i}.png`))).toEqual(square(2 * i, 1));
  });

  it("the copied first mask: 80, 60, 40 % of each row overlap", async () => {
    const { score } = await evaluate(copyFirstMask);
    const J = [80 / 120, 60 / 140, 40 / 160];
    for (const [i, value] of score.sequences["ids"].objects["1"].J.entries()) expect(value).toBeCloseTo(J[i], 12);
    expect(score).toEqual(await scoreDavis(benchmark, copyFirstMask, { settings: { method: "a" } }));
  });

  it("goes on after an interruption, with what is complete", async () => {
    await expect(evaluate(mover(FRAMES + 2))).rejects.toThrow("interrupted");
    const second = mover();
    const { score, kept } = await evaluate(second);
    expect([kept, second.frames, score.JF_mean]).toEqual([["grey"], FRAMES, 1]);
    expect((await evaluate(second)).kept).toEqual(["grey", "ids"]);
    expect(second.frames).toBe(FRAMES);
  });

  it("makes a sequence anew when a mask of it is gone", async () => {
    await evaluate(mover());
    await rm(join(root, "out/ids/00003.png"));
    expect((await evaluate(mover())).kept).toEqual(["grey"]);
  });

  it("never takes masks of other settings for its own", async () => {
    await evaluate(copyFirstMask, { method: "copy", weights: "x" });
    const warnings: string[] = [];
    const logger = { ...silent, warn: (line: string) => warnings.push(line) };
    const { kept, score } = await evaluate(mover(), { method: "move", weights: "x" }, logger);
    expect([kept, score.JF_mean]).toEqual([[], 1]);
    expect(warnings).toEqual([expect.stringContaining("other settings (method)")]);
    expect(JSON.parse(await readFile(join(root, "out/settings.json"), "utf8"))).toEqual({
      settings: { method: "move", weights: "x" },
      complete: ["grey", "ids"],
    });
  });

  it("a settings file that cannot be read counts as none", async () => {
    await evaluate(mover());
    await writeFile(join(root, "out/settings.json"), "{");
    expect((await evaluate(mover())).kept).toEqual([]);
  });

  it("a method that ends early is our own bug", async () => {
    const short: MaskMethod = {
      async *carry(_source, first) {
        yield first;
      },
    };
    await expect(evaluate(short)).rejects.toThrow("internal: 1 masks were made for 5 frames");
    await expect(scoreDavis(benchmark, short)).rejects.toThrow("internal:");
  });
});

describe("scoring without masks on disk", () => {
  it("can look at the first frames only, of which the last is left out", async () => {
    const method = mover();
    const { sequences } = await scoreDavis(benchmark, method, { maxFrames: 4 });
    expect(sequences["ids"].objects["1"].J).toEqual([1, 1]);
    expect(method.frames).toBe(2 * 3);
  });
});

describe("what is refused", () => {
  it("a sequence without frames or truth, before anything is tracked", async () => {
    const method = mover();
    benchmark = { ...benchmark, sequences: ["grey", "nobody"] };
    await expect(evaluate(method)).rejects.toThrow(
      `no frames of the sequence nobody: expected them in ${join(root, "JPEGImages/480p/nobody")}`,
    );
    await writeFrame(join(root, "JPEGImages/480p/nobody/00000.jpg"));
    await expect(evaluate(method)).rejects.toThrow("no truth for the sequence nobody");
    expect(method.frames).toBe(0);
    benchmark = { ...benchmark, resolution: "1080p" };
    await expect(evaluate(method)).rejects.toThrow("no frames of the sequence grey");
  });

  it("a first mask that is not of the first frame, or of another size", async () => {
    await writeFrame(join(root, "JPEGImages/480p/grey/0.jpg"));
    await expect(evaluate(mover())).rejects.toThrow(/first frame of .*grey has no mask.*expected 0\.png/u);
    await rm(join(root, "JPEGImages/480p/grey/0.jpg"));
    for (let i = 0; i < FRAMES; i++) await writeFrame(join(root, `JPEGImages/480p/grey/0000${i}.jpg`), 20);
    await expect(evaluate(mover())).rejects.toThrow("got 40x30, expected 20x30");
  });

  it("an output folder within the data set's own", async () => {
    for (const out of ["Annotations/480p", "JPEGImages", "Annotations/480p/new"])
      await expect(evaluateDavis(benchmark, mover(), { out: join(root, out), identity: {} })).rejects.toThrow(
        "written into the data set",
      );
  });
});
