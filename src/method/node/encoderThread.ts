/**
 * @file An encoder on a thread of its own. onnxruntime computes on the thread that calls it, so only this way do
 * decoding, matching and writing continue while the next frame is encoded.
 */
import { builtScript, WorkerCalls } from "../../core/workerCalls.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CueFrame } from "../cue.ts";
import { type EncoderOptions, openEncoder } from "./openEncoder.ts";
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision } from "../features.ts";

/** What the worker answers to `open`. */
export interface OpenedEncoder {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
}

/** The argument of the worker's `encode` and `encodeApart`. */
export interface EncodeRequest {
  readonly picture: CueFrame;
  readonly size: PictureSize;
  readonly precision: Precision;
}

/**
 * As `openEncoder`, but on another thread: `encode` may be called while another is under way, they run one after
 * another. WebGPU computes beside this thread anyway and stays on it.
 * @throws UserError as `openEncoder`
 */
export async function openEncoderThread(options: EncoderOptions = {}): Promise<FeatureExtractor> {
  if (options.device === "webgpu") return openEncoder(options);
  const worker = new WorkerCalls(builtScript("./encoderWorker.js", import.meta.url));
  try {
    return new ThreadedEncoder(worker, await worker.call<OpenedEncoder>("open", options));
  } catch (error) {
    await worker.close();
    throw error;
  }
}

class ThreadedEncoder implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly worker: WorkerCalls;

  constructor(worker: WorkerCalls, { name, stride, channels }: OpenedEncoder) {
    this.worker = worker;
    this.name = name;
    this.stride = stride;
    this.channels = channels;
  }

  encode(picture: CueFrame, precision?: Precision): Promise<FeatureMap> {
    return this.encodeResized(picture, picture, precision);
  }

  /** Resizes on the worker's thread as well. */
  encodeResized(
    { width, height, data, index }: CueFrame,
    size: PictureSize,
    precision: Precision = "float32",
  ): Promise<FeatureMap> {
    const request: EncodeRequest = {
      picture: { width, height, data, index },
      size: { width: size.width, height: size.height },
      precision,
    };
    return this.worker.call("encode", request);
  }

  encodeApart(
    { width, height, data }: RgbPicture,
    size: PictureSize,
    precision: Precision = "float32",
  ): Promise<FeatureMap> {
    const request: EncodeRequest = {
      picture: { width, height, data },
      size: { width: size.width, height: size.height },
      precision,
    };
    return this.worker.call("encodeApart", request);
  }

  restart(at?: EncoderStart): void {
    // Calls are answered in order; a worker that died is reported by the next encode.
    this.worker.call("restart", at).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.close();
  }
}
