/** @file Where a pixel's label comes from: what the tracker would find of it in the frames that it remembers. */
import { signal } from "@preact/signals";
import { api, ask, ServiceError } from "../api/client.ts";
import type { ProbedClip } from "../api/types.ts";
import type { Place } from "../label/labelMap.ts";

/** What was found in one remembered frame. */
export interface Found {
  readonly frame: number;
  /** Of the weight, 0..1. */
  readonly share: number;
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, 0..255. */
  readonly heat: Uint8Array;
  /** Pixels of the frame, the best first. */
  readonly chosen: readonly { readonly x: number; readonly y: number; readonly weight: number }[];
}

/** A pixel that was asked about. */
export interface Look {
  readonly frame: number;
  /** The labelled frame that tracking would start from. */
  readonly from: number;
  readonly place: Place;
  /** Undefined until the answer is here. */
  readonly found: readonly Found[] | undefined;
}

export class Looking {
  readonly look = signal<Look | undefined>(undefined);
  readonly problem = signal("");
  private readonly clip: ProbedClip;
  private readonly labelled: () => readonly number[];

  /** @param labelled frames with labels, ascending. */
  constructor(clip: ProbedClip, labelled: () => readonly number[]) {
    this.clip = clip;
    this.labelled = labelled;
  }

  async ask(frame: number, place: Place): Promise<void> {
    const { id, width, height } = this.clip;
    const [x, y] = place;
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const from = this.labelled().findLast((one) => one < frame) ?? 0;
    const asked: Look = { frame, from, place, found: undefined };
    this.look.value = asked;
    this.problem.value = "";
    try {
      const request = { params: { path: { clip: id, frame } }, body: { x, y, from } };
      const { memory } = await ask(api.POST("/api/clips/{clip}/frames/{frame}/look-back", request));
      const found = memory.map((one) => ({ ...one, heat: bytesOf(one.heat) }));
      // Another pixel may have been asked about meanwhile.
      if (this.look.peek() === asked) this.look.value = { ...asked, found };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.look.value = undefined;
      this.problem.value = error.message;
    }
  }

  /** What is about the frame that is shown. */
  at(frame: number): Look | undefined {
    const look = this.look.value;
    return look?.frame === frame ? look : undefined;
  }
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (one) => one.codePointAt(0) ?? 0);
