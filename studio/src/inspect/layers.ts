/** @file A frame as the method sees it, in place of its picture: one layer at a time, drawn by the service. */
import { effect, signal } from "@preact/signals";
import { client, messageOf } from "../api/client.ts";
import type { ProbedClip } from "../api/types.ts";

/** The layers of the service; `picture` is the frame itself. */
export const LAYERS = ["picture", "motion", "outlines", "regions", "features"] as const;
export type Layer = (typeof LAYERS)[number];

/** A frame that is shown so long is asked for, ms: each takes the service a second or more. */
const REST_MS = 200;

interface Shown {
  readonly layer: Layer;
  readonly frame: number;
  readonly bitmap: ImageBitmap;
}

export class Layers implements Disposable {
  readonly layer = signal<Layer>("picture");
  /** The latest that came. */
  readonly shown = signal<Shown | undefined>(undefined);
  readonly problem = signal("");
  private readonly clip: ProbedClip;
  private readonly end: () => void;
  private asked = new AbortController();

  /** @param frameAtRest the frame that is looked at; undefined while the clip is played. */
  constructor(clip: ProbedClip, frameAtRest: () => number | undefined) {
    this.clip = clip;
    this.end = effect(() => this.follow(this.layer.value, frameAtRest()));
  }

  /** The layer's picture of a frame, where it is here and asked for. */
  at(frame: number): ImageBitmap | undefined {
    const shown = this.shown.value;
    return shown?.frame === frame && shown.layer === this.layer.value ? shown.bitmap : undefined;
  }

  next(): void {
    this.layer.value = LAYERS[(LAYERS.indexOf(this.layer.peek()) + 1) % LAYERS.length];
  }

  [Symbol.dispose](): void {
    this.end();
    this.asked.abort();
    this.shown.peek()?.bitmap.close();
  }

  private follow(layer: Layer, frame: number | undefined): void {
    this.asked.abort();
    this.problem.value = "";
    if (layer === "picture" || frame === undefined) return;
    const asked = new AbortController();
    this.asked = asked;
    const timer = setTimeout(() => void this.fetch(layer, frame, asked.signal), REST_MS);
    asked.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  private async fetch(layer: Layer, frame: number, signal: AbortSignal): Promise<void> {
    try {
      const answer = await client.send(`/api/clips/${this.clip.id}/frames/${frame}/layers/${layer}`, { signal });
      const bitmap = await createImageBitmap(await answer.blob());
      if (signal.aborted) return bitmap.close();
      this.shown.peek()?.bitmap.close();
      this.shown.value = { layer, frame, bitmap };
    } catch (error) {
      if (!signal.aborted) this.problem.value = messageOf(error);
    }
  }
}
