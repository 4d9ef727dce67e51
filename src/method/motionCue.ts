/** @file The cue "motion": MEE at test time, the motion image of each frame from the frames before it. */
import type { Threads } from "../core/machine.ts";
import type { CameraChoice, MotionMap } from "../motion/motionEstimator.ts";
import { type MotionEncoding, motionImage } from "../motion/motionImage.ts";
import { MotionSequence } from "../motion/motionSequence.ts";
import type { Cue, CueFrame } from "./cue.ts";
import type { EncoderWeights } from "./encoderWeights.ts";
import { type LearnedMotion, readLearned } from "./learned.ts";
import { MOTION, motionParameters } from "./motionEnhancement.ts";

/** What a user can say about motion. */
export interface MotionCueOptions extends Threads {
  /** False: leave out the motion image also where the weights were learned with one (MEE). Default true. */
  readonly motion?: boolean | undefined;
  /** What is known of the clip's camera (MEE); default as the weights were learned. */
  readonly camera?: CameraChoice | undefined;
  /** Told of every frame's motion before the frame is encoded, so that nobody needs to compute it twice. */
  readonly onMotion?: ((map: MotionMap) => void) | undefined;
}

/** The motion that weights expect; undefined where they were learned without MEE or ended with α = 0. */
export function openMotionCue(
  { values, metadata }: EncoderWeights,
  { motion: wanted = true, camera, threads, onMotion }: MotionCueOptions = {},
): MotionCue | undefined {
  const alpha = values.get(motionParameters[0].name)?.data;
  if (!wanted || alpha === undefined || alpha.every((value) => value === 0)) return undefined;
  const { motion } = readLearned(metadata);
  return new MotionCue({ ...motion, camera: camera ?? motion.camera }, threads, onMotion);
}

/** Motion images: see `motionImage`. They are zero for the first frame of a clip and after a cut. */
export class MotionCue implements Cue {
  readonly name = MOTION.name;
  readonly channels = MOTION.channels;
  readonly lookBack: number;
  private readonly sequence: MotionSequence;
  private readonly encoding: MotionEncoding;
  private readonly onMotion: MotionCueOptions["onMotion"];

  constructor(
    { estimator, camera, encoding }: LearnedMotion,
    threads?: number,
    onMotion?: MotionCueOptions["onMotion"],
  ) {
    this.sequence = new MotionSequence({ estimator, camera, threads });
    this.lookBack = this.sequence.lookBack;
    this.encoding = encoding;
    this.onMotion = onMotion;
  }

  restart(before?: readonly CueFrame[]): void {
    this.sequence.restart(before);
  }

  async next(frame: CueFrame): Promise<Float32Array> {
    const map = await this.sequence.next(frame);
    this.onMotion?.(map);
    return motionImage(map, this.encoding, frame.width, frame.height);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.sequence[Symbol.asyncDispose]();
  }
}
