/** @file The thread side of `openEncoderThread`. */
import { internal } from "../../core/errors.ts";
import { moved, serveCalls } from "../../core/workerCalls.ts";
import type { EncoderSession } from "../encoderSession.ts";
import { type EncoderOptions, openEncoder } from "./openEncoder.ts";
import type { EncodeRequest, OpenedEncoder } from "./encoderThread.ts";
import type { EncoderStart, FeatureMap } from "../features.ts";

let encoder: EncoderSession | undefined;

serveCalls({
  async open(options: EncoderOptions): Promise<OpenedEncoder> {
    // Threads that spin while they wait would take the processors from matching and writing.
    encoder = await openEncoder({ ...options, spinning: false });
    const { name, stride, channels } = encoder;
    return { name, stride, channels };
  },
  restart(at?: EncoderStart): void {
    encoder?.restart(at);
  },
  async encode({ picture, size, precision }: EncodeRequest): Promise<unknown> {
    return sent(await opened().encodeResized(picture, size, precision));
  },
  async encodeApart({ picture, size, precision }: EncodeRequest): Promise<unknown> {
    return sent(await opened().encodeApart(picture, size, precision));
  },
});

function opened(): EncoderSession {
  if (encoder === undefined) throw internal("encode before open");
  return encoder;
}

const sent = (features: FeatureMap): unknown => moved(features, [features.data.buffer as ArrayBuffer]);
