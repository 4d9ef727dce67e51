/**
 * @file What a click in a frame means, found in a thread of its own: the encoder stays warm there, and so do the frames that were
 * clicked last. Begun with the first click.
 */
import type { Click } from "../../clicks/clickedFrame.ts";
import { builtScript, WorkerCalls } from "../../core/workerCalls.ts";
import type { LayerName } from "../../inspection/layerNames.ts";
import type { FoundThere, LookedPixel } from "../../inspection/lookBack.ts";
import type { ClipKey } from "../clips/frameThread.ts";

/** Clicks in one frame; without any the frame is made ready for them. */
export interface RegionRequest {
  readonly clip: ClipKey;
  readonly frame: number;
  readonly clicks: readonly Click[];
}

/** A region as run lengths. */
export interface RegionRuns {
  readonly width: number;
  readonly height: number;
  /** Lengths, row by row over the whole frame: outside, inside, outside, and so on; the first may be 0. */
  readonly runs: readonly number[];
}

/** A pixel whose label is asked about, see `LookedPixel`. */
export interface LookRequest extends Omit<LookedPixel, "size"> {
  readonly clip: ClipKey;
}

/** A frame of a clip as the method sees it. */
export interface LayerRequest {
  readonly clip: ClipKey;
  readonly frame: number;
  readonly layer: LayerName;
}

/** One thread for all clips. */
export class ClickThread implements AsyncDisposable {
  private calls: WorkerCalls | undefined;

  /** @throws UserError `clicks/outside`, `video/frame-index`, those of opening the clip and the weights */
  region(request: RegionRequest): Promise<RegionRuns> {
    return this.thread().call("region", request);
  }

  /** @throws UserError `inspect/pixel`, and those of `region` */
  look(request: LookRequest): Promise<FoundThere[]> {
    return this.thread().call("look", request);
  }

  /** A JPEG. @throws UserError `video/frame-index`, and those of opening the clip and the weights */
  layer(request: LayerRequest): Promise<Uint8Array> {
    return this.thread().call("layer", request);
  }

  private thread(): WorkerCalls {
    this.calls ??= new WorkerCalls(builtScript("./clickWorker.js", import.meta.url));
    return this.calls;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.calls?.close();
  }
}
