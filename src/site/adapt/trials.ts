/**
 * @file Tests of a model that need no labels, on stretches of footage that were set aside: a grid is carried forward and
 * back (`cycleScore`), and patches of other stretches move over it with exact truth (`renderPastedClip`). Stretches of one
 * camera look alike, so patches are recoloured: most of them would not be seen otherwise.
 */
import type { Threads } from "../../core/machine.ts";
import type { Logger } from "../../core/log.ts";
import { cycleScore } from "../../evaluation/benchmarks/cycle.ts";
import { trackedMasks } from "../../evaluation/benchmarks/trackedMasks.ts";
import { regionsOf } from "../../evaluation/drift/madeBenchmark.ts";
import { madeClipScore } from "../../evaluation/drift/madeScore.ts";
import { Random } from "../../core/random.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import { renderPastedClip } from "../../synthetic/pastedClip.ts";
import type { Mode } from "../../tracking/modes.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { madeFrame } from "../../video/madeFrame.ts";
import { frameList } from "../../video/frameList.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { shrunk } from "../../video/resize.ts";
import type { Trial } from "./judge.ts";
import type { Stretch } from "./material.ts";

/** What is put to trials; the encoder stays open. */
export interface TrialSetup extends Threads {
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
}

/** A trial's score, and what it took. */
export interface TrialRun {
  /** 0..1, higher is better; NaN where there was nothing to score. */
  readonly score: number;
  /** Tracked, and in how many seconds. */
  readonly frames: number;
  readonly seconds: number;
}

/** Stretches in memory. */
export class Trials {
  private readonly clips: readonly (readonly RgbPicture[])[];
  private readonly seed: number;

  private constructor(clips: readonly (readonly RgbPicture[])[], seed: number) {
    this.clips = clips;
    this.seed = seed;
  }

  /**
   * Reads stretches; larger pictures are shrunk.
   * @param shortSide of the pictures, px
   * @throws UserError those of the sources; the signal's reason
   */
  static async read(
    stretches: readonly Stretch[],
    { shortSide, seed }: { readonly shortSide: number; readonly seed: number },
    { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
  ): Promise<Trials> {
    const clips: RgbPicture[][] = [];
    for (const { path, start, end } of stretches) {
      signal.throwIfAborted();
      logger.progress(`reading what is set aside: ${path}`);
      await using source = await openFrameSource(path);
      const pictures: RgbPicture[] = [];
      for await (const frame of source.frames({ start, end })) pictures.push(shrunk(frame, shortSide));
      clips.push(pictures);
    }
    return new Trials(clips, seed);
  }

  /** All of them, stretch by stretch. */
  get all(): Trial[] {
    return this.clips.flatMap((_, stretch) => [
      { stretch, kind: "made" } as const,
      { stretch, kind: "cycle" } as const,
    ]);
  }

  /** @throws UserError those of tracking; the signal's reason */
  async run({ stretch, kind }: Trial, setup: TrialSetup, signal: AbortSignal): Promise<TrialRun> {
    const frames = this.clips[stretch].length;
    if (kind === "cycle") return timed(2 * frames, () => this.cycle(stretch, setup, signal));
    const background = this.clips[stretch];
    const random = new Random(this.seed + stretch);
    const others = this.clips.filter((_, other) => other !== stretch);
    const donors = Array.from({ length: DONORS }, () => recoloured(random.choose(others), random));
    const name = `made clip ${stretch + 1}`;
    const made = [...renderPastedClip({ background, donors, seed: this.seed + stretch })];
    // Every patch may be out of the picture in the first frame.
    if (!made[0].labels.data.some((label) => label > 0)) return { score: Number.NaN, frames: 0, seconds: 0 };
    return timed(
      frames,
      async () => madeClipScore(name, await regionsOf(name, made, trackedMasks(setup), signal)).late,
    );
  }

  /** Squares are no things, and there are dozens: a model of each would cost much and say little. */
  private async cycle(stretch: number, setup: TrialSetup, signal: AbortSignal): Promise<number> {
    const frames = this.clips[stretch].map((picture, index) => madeFrame(picture, index, FPS));
    const source = frameList(frames, `stretch ${stretch + 1}`);
    const protocol = { ...setup.protocol, target: "none" as const };
    return (await cycleScore({ ...setup, protocol, source, signal })).score;
  }
}

/** Clips that the patches of one are cut out of. */
const DONORS = 3;
/** Factors on the channels of a recoloured clip. */
const GAINS = { low: 0.4, high: 1.7 } as const;

/** Other colours, the same in all frames, with all that is in them. */
function recoloured(clip: readonly RgbPicture[], random: Random): RgbPicture[] {
  const gains = [0, 1, 2].map(() => random.uniform(GAINS.low, GAINS.high));
  const tables = gains.map((gain) => Uint8ClampedArray.from({ length: 256 }, (_, value) => value * gain));
  return clip.map(({ width, height, data }) => {
    const out = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) out[i] = tables[i % 3][data[i]];
    return { width, height, data: out };
  });
}

async function timed(frames: number, score: () => Promise<number>): Promise<TrialRun> {
  const begin = performance.now();
  return { score: await score(), frames, seconds: (performance.now() - begin) / 1000 };
}

/** Of the time stamps, which nothing of the score depends on. */
const FPS = 25;
