/**
 * @file Training batches: frames a few steps apart, cut and coloured alike, in Lab with one channel hidden (MAST's
 * channel dropout: a or b is set to 0 in all frames, the rest is scaled by 3/2, and the hidden channel is the target).
 */
import { UserError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { rgbToLab } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import { type ClipSegment, framesOf, readFrames } from "./clipCache.ts";
import type { TrainingConfig } from "./config.ts";
import { rectangleView } from "./affineView.ts";
import { MotionReader } from "./motionMaps.ts";
import { FlowBetween } from "../motion/flowBetween.ts";
import { partFeeds } from "./partFeeds.ts";
import type { TemporalPair, ViewPair } from "./parts/material.ts";
import type { PartFeeds } from "./parts/inputs.ts";
import type { PartRun, ViewSource } from "./parts/part.ts";
import { type RunParts, partsOf } from "./runParts.ts";

/** What a step is fed. Frames stand target by target first, then first references, and so on. */
export interface Batch {
  /** `[P(1+R), 3, S, S]` Lab; with reconstruction the hidden channel 0, the others × 1.5. */
  readonly frames: Float32Array;
  /** `[P(1+R), 1, S, S]`: the hidden channel. */
  readonly hidden: Float32Array;
  /** 1 = a, 2 = b. */
  readonly hiddenChannel: 1 | 2;
  /** What the parts of the method need beside, by input name. */
  readonly parts: PartFeeds;
}

/** The channels that are left are scaled up by this, as in MAST. */
const VISIBLE_SCALE = 1.5;

/**
 * What of a frame the encoder sees: reconstruction needs a channel that it does not see, other losses have no use for
 * that.
 */
interface Visibility {
  /** Factor on the channels that are seen. */
  readonly scale: number;
  readonly hides: boolean;
}

function visibility({ traits }: PartRun): Visibility {
  return traits.rebuilds ? { scale: VISIBLE_SCALE, hides: true } : { scale: 1, hides: false };
}

/** Knuth's multiplicative constant: steps get far-apart seeds. */
const STEP_SEED = 2654435761;

/** A target frame and its references. */
interface Sample {
  readonly segment: ClipSegment;
  readonly indices: readonly number[];
  readonly crop: SampleCrop;
}

/** The part of the frame and the changes of colour that all frames of a sample share. */
export interface SampleCrop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly flip: boolean;
  readonly contrast: number;
  readonly brightness: number;
}

/** Where batches come from. */
export interface BatchSource extends AsyncDisposable {
  /** The batch of a step (from 1). */
  batch(step: number): Promise<Batch>;
}

/** A sample and its pictures: target first, then the references. */
interface Drawn extends Sample {
  readonly pictures: readonly RgbPicture[];
}

/**
 * Draws batches; the batch of a step depends only on the seed and the step, so a resumed run sees what it would have
 * seen.
 */
export class BatchSampler implements BatchSource {
  private readonly config: TrainingConfig;
  private readonly run: RunParts;
  /** Views that a part cuts for itself, and which places of the batch they fill: the first ones. */
  private readonly views: ViewSource | undefined;
  /** Where motion comes from, when a part needs it. */
  private readonly motion: MotionReader | undefined;
  /** For views of frames apart; one thread, since the training step needs the others. */
  private readonly flow = new FlowBetween({ threads: 1 });
  private readonly segments: readonly ClipSegment[];
  private readonly frameCounts: readonly number[];

  /** @throws UserError when no clip is long enough for the smallest gap. */
  constructor(segments: readonly ClipSegment[], config: TrainingConfig, run: RunParts = partsOf(config)) {
    const shortest = Math.min(...config.gaps) * config.references;
    this.config = config;
    this.run = run;
    this.views = run.active.find(({ views }) => views !== undefined)?.views;
    this.motion = run.traits.motion ? new MotionReader(config) : undefined;
    this.segments = segments.filter((segment) => framesOf(segment) > shortest);
    if (this.segments.length === 0) {
      throw new UserError("training/short-clips", {
        what: "every clip is too short",
        expected: `more than ${shortest} frames in at least one`,
        todo: "add longer clips or choose smaller gaps",
      });
    }
    this.frameCounts = this.segments.map(framesOf);
  }

  /** The batch of a step (from 1). */
  async batch(step: number): Promise<Batch> {
    const random = new Random((this.config.seed * 7919 + step * STEP_SEED) >>> 0);
    const hiddenChannel = random.chance(0.5) ? 1 : 2;
    const { claimed } = this.run.plan;
    const samples = Array.from({ length: this.config.pairs }, (_, p) =>
      this.sample(random, p < claimed ? this.views : undefined),
    );
    const drawn = await Promise.all(
      samples.map(async (sample) => ({ ...sample, pictures: await readFrames(sample.segment, sample.indices) })),
    );
    const views = await this.viewPairs(drawn.slice(0, claimed), random);
    const temporal = drawn.slice(claimed);
    const labs = [...views.map((pair) => pair.views), ...temporal.map((sample) => this.cuts(sample))].map((pictures) =>
      pictures.map((data) => rgbToLab({ width: this.config.size, height: this.config.size, data })),
    );
    const pairs = await this.temporalPairs(temporal, labs.slice(claimed));
    const parts = await partFeeds(this.run, pairs, views, random);
    return { ...this.channels(labs, hiddenChannel), hiddenChannel, parts };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flow[Symbol.asyncDispose]();
    await this.motion?.[Symbol.asyncDispose]();
  }

  /** The parts of the sample's pictures that its crop shows. */
  private cuts({ pictures, crop }: Drawn): Uint8Array[] {
    return pictures.map((picture) => cut(picture, crop, this.config.size));
  }

  private async viewPairs(drawn: readonly Drawn[], random: Random): Promise<ViewPair[]> {
    const { views } = this;
    if (views === undefined) return [];
    const flows = await Promise.all(drawn.map(({ pictures }) => this.flow.between(pictures)));
    return flows.map((flow, p) => views.pair({ ...drawn[p], flow }, random));
  }

  private async temporalPairs(
    samples: readonly Drawn[],
    labs: readonly (readonly Float32Array[])[],
  ): Promise<TemporalPair[]> {
    return Promise.all(
      samples.map(async ({ segment, indices, pictures: [frame], crop }, p) => {
        const step = indices.length > 1 && indices[0] < indices[1] ? -1 : 1;
        const { motion: reader } = this;
        const maps = reader === undefined ? [] : indices.map((index) => reader.motion(segment, index, step));
        const motion = await Promise.all(maps);
        return { segment, indices, view: rectangleView(crop, this.config.size), frame, motion, labs: labs[p] };
      }),
    );
  }

  /** Lab pictures `[place][frame]` as the encoder sees them, the hidden channel apart. */
  private channels(labs: readonly (readonly Float32Array[])[], hiddenChannel: 1 | 2): Pick<Batch, "frames" | "hidden"> {
    const { pairs, references, size } = this.config;
    const { scale, hides } = visibility(this.run);
    const area = size * size;
    const frames = new Float32Array(pairs * (1 + references) * 3 * area);
    const hidden = new Float32Array(pairs * (1 + references) * area);
    labs.forEach((ofPlace, p) => {
      for (let r = 0; r <= references; r++) {
        const slot = r * pairs + p;
        const lab = ofPlace[Math.min(r, ofPlace.length - 1)];
        const seen = frames.subarray(slot * 3 * area, (slot + 1) * 3 * area);
        for (let i = 0; i < lab.length; i++) seen[i] = lab[i] * scale;
        if (hides) seen.fill(0, hiddenChannel * area, (hiddenChannel + 1) * area);
        hidden.set(lab.subarray(hiddenChannel * area, (hiddenChannel + 1) * area), slot * area);
      }
    });
    return { frames, hidden };
  }

  /** Every frame of the footage is equally likely to be the target. @param views set for a place that a part fills. */
  private sample(random: Random, views: ViewSource | undefined): Sample {
    const segment = random.choose(this.segments, this.frameCounts);
    const { gap, references } = this.distance(random, framesOf(segment), views);
    const target = gap * references + random.integer(framesOf(segment) - gap * references);
    const indices = Array.from({ length: 1 + references }, (_, r) => target - r * gap);
    // Half of the samples run backwards: footage has a direction, correspondence has none.
    const last = framesOf(segment) - 1;
    const backwards = random.chance(0.5);
    return {
      segment,
      indices: backwards ? indices.map((i) => last - i) : indices,
      crop: this.drawCrop(segment, random),
    };
  }

  /** How far apart a sample's frames are, in a segment of so many frames. */
  private distance(random: Random, frames: number, views: ViewSource | undefined): { gap: number; references: number } {
    const { gaps, gapWeights } = this.config;
    const references = views === undefined ? this.config.references : 1;
    const drawn =
      views === undefined
        ? gaps.map((gap, i) => ({ gap, weight: gapWeights[i] }))
        : views.gaps.map((gap) => ({ gap, weight: 1 }));
    const fitting = drawn.filter(({ gap }) => gap * references < frames);
    if (fitting.length === 0) return { gap: 0, references };
    const { gap } = random.choose(
      fitting,
      fitting.map(({ weight }) => weight),
    );
    return { gap, references: gap === 0 ? 0 : references };
  }

  private drawCrop({ width, height }: ClipSegment, random: Random): SampleCrop {
    const { crop } = this.config;
    const flip = crop.flip && random.chance(0.5);
    const contrast = 1 + crop.colourJitter * random.uniform(-1, 1);
    const brightness = 255 * 0.5 * crop.colourJitter * random.uniform(-1, 1);
    const colours = { flip, contrast, brightness };
    if (crop.kind === "squash") return { x: 0, y: 0, width, height, ...colours };
    const area = random.uniform(crop.minArea, 1) * Math.min(width, height) ** 2;
    const aspect = Math.exp(random.uniform(-1, 1) * Math.log(crop.maxAspect));
    const w = Math.min(width, Math.round(Math.sqrt(area * aspect)));
    const h = Math.min(height, Math.round(Math.sqrt(area / aspect)));
    return { x: random.integer(width - w + 1), y: random.integer(height - h + 1), width: w, height: h, ...colours };
  }
}

/** The frames of a batch as the encoder sees them outside training: the hidden channel put back, nothing scaled. */
export function wholeFrames({ frames, hidden, hiddenChannel }: Batch, run: PartRun): Float32Array {
  if (!visibility(run).hides) return frames;
  const area = run.settings.size ** 2;
  const whole = frames.map((value) => value / VISIBLE_SCALE);
  for (let slot = 0; slot * area < hidden.length; slot++) {
    whole.set(hidden.subarray(slot * area, (slot + 1) * area), (slot * 3 + hiddenChannel) * area);
  }
  return whole;
}

/** The part of a picture that a crop shows, `[size, size, 3]`. */
function cut(picture: RgbPicture, crop: SampleCrop, size: number): Uint8Array {
  const part = new Uint8ClampedArray(crop.width * crop.height * 3);
  for (let y = 0; y < crop.height; y++) {
    for (let x = 0; x < crop.width; x++) {
      const column = crop.flip ? crop.width - 1 - x : x;
      const from = ((crop.y + y) * picture.width + crop.x + column) * 3;
      const to = (y * crop.width + x) * 3;
      for (let c = 0; c < 3; c++) part[to + c] = (picture.data[from + c] - 128) * crop.contrast + 128 + crop.brightness;
    }
  }
  return resizeRgb({ width: crop.width, height: crop.height, data: new Uint8Array(part.buffer) }, size, size);
}
