/**
 * @file Frames of clips as pictures, decoded in a thread of its own so that a long clip never holds up the server, and
 * kept in memory for the next who asks.
 */
import { builtScript, WorkerCalls } from "../../core/workerCalls.ts";
import { ByteCache } from "./byteCache.ts";

/** A clip in one version of its contents. */
export interface ClipKey {
  readonly path: string;
  readonly version: string;
}

export const PICTURE_FORMATS = ["jpeg", "webp", "png"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** A frame as a picture. */
export interface FrameRequest {
  readonly clip: ClipKey;
  readonly index: number;
  readonly format: PictureFormat;
  /** The shorter side, pixels; frames are never enlarged. Default: as it is. */
  readonly shortSide?: number | undefined;
}

/** What is known of a clip once it is open. */
export interface Probe {
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Of every frame, on the clip's own clock. */
  readonly timesSec: Float64Array;
}

const CACHE_BYTES = 256 * 1024 ** 2;

/** One thread for all clips. */
export class FrameThread implements AsyncDisposable {
  private readonly calls = new WorkerCalls(builtScript("./frameWorker.js", import.meta.url));
  private readonly pictures = new ByteCache(CACHE_BYTES);

  /** Opens the clip. @throws UserError those of `openFrameSource` */
  probe({ path, version }: ClipKey): Promise<Probe> {
    return this.calls.call("probe", { path, version });
  }

  /** Names of all frames, see `Frame.name`. @throws UserError those of `openFrameSource` */
  names({ path, version }: ClipKey): Promise<readonly string[]> {
    return this.calls.call("names", { path, version });
  }

  /** Exactly the frame of this index. @throws UserError `video/frame-index`, those of `openFrameSource` */
  picture({ clip: { path, version }, index, format, shortSide }: FrameRequest): Promise<Uint8Array> {
    const key = [version, index, format, shortSide].join(" ");
    const request = { clip: { path, version }, index, format, shortSide } satisfies FrameRequest;
    return this.pictures.get(key, () => this.calls.call("picture", request));
  }

  close(): Promise<void> {
    return this.calls.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
