/** @file Runs all measures over a clip. */
import { OpticalFlow } from "../kernels/opticalFlow.ts";
import type { FrameSource } from "../video/frame.ts";
import type { ClipInfo } from "./frameView.ts";
import type { MeasureMaker, Reading } from "./measure.ts";
import { cameraMeasure } from "./measures/camera.ts";
import { colourMeasure } from "./measures/colour.ts";
import { compressionMeasure } from "./measures/compression.ts";
import { exposureMeasure } from "./measures/exposure.ts";
import { flickerMeasure } from "./measures/flicker.ts";
import { motionMeasure } from "./measures/motion.ts";
import { noiseMeasure } from "./measures/noise.ts";
import { sharpnessMeasure } from "./measures/sharpness.ts";
import { timeMeasure } from "./measures/time.ts";
import { frameViews } from "./prepare.ts";
import type { MeasureName } from "./thresholds.ts";

const makers: Readonly<Record<MeasureName, MeasureMaker>> = {
  time: timeMeasure,
  exposure: exposureMeasure,
  flicker: flickerMeasure,
  sharpness: sharpnessMeasure,
  noise: noiseMeasure,
  compression: compressionMeasure,
  motion: motionMeasure,
  camera: cameraMeasure,
  colour: colourMeasure,
};

/** Options of `readFootage`. */
export interface FootageOptions {
  /** Of the video file; undefined for images. */
  readonly fileBytes?: number | undefined;
  /** Threads of the flow; default all cores. */
  readonly threads?: number | undefined;
  /** Called after every frame with how many were seen. */
  readonly onFrame?: ((seen: number) => void) | undefined;
  /** Aborting ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** All numbers about a clip, from one pass over its frames. @throws UserError those of the source */
export async function readFootage(source: FrameSource, options: FootageOptions = {}): Promise<Reading[]> {
  const { fileBytes, threads, onFrame, signal } = options;
  const { width, height, frameCount, timesSec } = source;
  const clip: ClipInfo = { width, height, frameCount, timesSec, fileBytes };
  const measures = Object.values(makers).map((make) => make(clip));
  await using kernel = await OpticalFlow.open({ threads });
  let seen = 0;
  for await (const view of frameViews(source, { kernel, signal })) {
    for (const measure of measures) measure.add(view);
    onFrame?.(++seen);
  }
  return measures.flatMap((measure) => measure.finish());
}
