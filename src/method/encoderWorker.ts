/** @file The thread side of `openEncoderThread`. */
import { internal } from "../core/errors.ts";
import { moved, serveCalls } from "../core/workerCalls.ts";
import { resizeRgb } from "../video/resize.ts";
import { type EncoderOptions, openEncoder } from "./encoderSession.ts";
import type { EncodeRequest, OpenedEncoder } from "./encoderThread.ts";
import type { FeatureExtractor } from "./features.ts";

let encoder: FeatureExtractor | undefined;

serveCalls({
  async open(options: EncoderOptions): Promise<OpenedEncoder> {
    // Threads that spin while they wait would take the processors from matching and writing.
    encoder = await openEncoder({ ...options, spinning: false });
    const { name, stride, channels } = encoder;
    return { name, stride, channels };
  },
  restart(): void {
    encoder?.restart?.();
  },
  async encode({ picture, size: { width, height } }: EncodeRequest): Promise<unknown> {
    if (encoder === undefined) throw internal("encode before open");
    const same = width === picture.width && height === picture.height;
    const features = await encoder.encode(same ? picture : { width, height, data: resizeRgb(picture, width, height) });
    return moved(features, [features.data.buffer as ArrayBuffer]);
  },
});
