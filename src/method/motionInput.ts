/** @file MEE at test time: the motion image of each frame as it comes, from the frames before it. */
import {
  CAMERA_CHOICES,
  type CameraChoice,
  type MotionEstimator,
  openMotionEstimator,
} from "../motion/motionEstimator.ts";
import { type MotionEncoding, motionImage } from "../motion/motionImage.ts";
import type { RgbPicture } from "../video/picture.ts";
import type { EncoderWeights } from "./encoderWeights.ts";

/** Which motion the encoder was trained with. */
export interface MotionSettings {
  readonly estimator: "flow" | "difference";
  readonly camera: CameraChoice;
  readonly encoding: MotionEncoding;
}

/** The motion that weights expect; undefined where they were learned without MEE or ended with α = 0. */
export function motionOf({ values, metadata }: EncoderWeights): MotionSettings | undefined {
  const alpha = values.get("motion.alpha")?.data;
  if (alpha === undefined || alpha.every((value) => value === 0)) return undefined;
  const difference = metadata["motionEstimator"] === "difference";
  const magnitude = metadata["motionEncoding"] === "magnitude";
  return {
    estimator: difference ? "difference" : "flow",
    camera: CAMERA_CHOICES.find((choice) => choice === metadata["motionCamera"]) ?? "estimate",
    encoding: magnitude ? "magnitude" : "field",
  };
}

/** Keeps the frames that an estimator looks back on. */
export class MotionInput implements AsyncDisposable {
  private readonly settings: MotionSettings;
  private readonly threads: number | undefined;
  private estimator: Promise<MotionEstimator> | undefined;
  private recent: RgbPicture[] = [];

  constructor(settings: MotionSettings, threads?: number) {
    this.settings = settings;
    this.threads = threads;
  }

  /** Forgets the frames seen so far: the next one begins a clip. */
  restart(): void {
    this.recent = [];
  }

  /**
   * The motion image of the next frame: zero for the first of a clip, or of another size than the one before.
   * @param size of the image; the frame lies in its upper left corner.
   * @returns `[3, height, width]`
   */
  async next(frame: RgbPicture, size: { width: number; height: number }): Promise<Float32Array> {
    const kept = this.recent.filter(({ width, height }) => width === frame.width && height === frame.height);
    this.recent = [...kept.slice(this.settings.estimator === "flow" ? -1 : -2), frame];
    const { estimator: name, camera, encoding } = this.settings;
    this.estimator ??= openMotionEstimator({
      estimator: name,
      camera,
      ...(this.threads === undefined ? {} : { threads: this.threads }),
    });
    const map = await (await this.estimator).estimate(this.recent);
    const image = motionImage(map, encoding, frame.width, frame.height);
    return padded(image, frame, size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.estimator)?.[Symbol.asyncDispose]();
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Planes `[3, H, W]` with zeros to the right and below. */
export function padded(planes: Float32Array, from: Size, to: Size): Float32Array {
  if (from.height === to.height && from.width === to.width) return planes;
  const out = new Float32Array(3 * to.height * to.width);
  for (let row = 0; row < 3 * from.height; row++) {
    const plane = Math.floor(row / from.height);
    const at = (plane * to.height + (row % from.height)) * to.width;
    out.set(planes.subarray(row * from.width, (row + 1) * from.width), at);
  }
  return out;
}
