/**
 * @file The frames of a clip as bitmaps, each asked for by its index. The latest used are kept, and those that come next in
 * the direction of playing are fetched ahead.
 */
import { signal } from "@preact/signals";
import { client, ServiceError } from "../api/client.ts";
import type { ProbedClip } from "../api/types.ts";

const MOST_BYTES = 256 * 1024 ** 2;
/** Requests at the same time. */
const AT_ONCE = 4;
/** Frames fetched ahead. */
const AHEAD = 16;

/** Of one clip. */
export class Pictures implements Disposable {
  /** Counts arrivals. */
  readonly arrived = signal(0);
  readonly problem = signal("");
  private readonly clip: ProbedClip;
  private readonly bitmaps = new Map<number, ImageBitmap>();
  private readonly underway = new Map<number, AbortController>();
  private wanted: number[] = [];
  private readonly most: number;

  constructor(clip: ProbedClip) {
    this.clip = clip;
    this.most = Math.max(2 * AHEAD, Math.floor(MOST_BYTES / (clip.width * clip.height * 4)));
  }

  /** The picture of exactly this frame, if it is here. */
  peek(frame: number): ImageBitmap | undefined {
    return this.bitmaps.get(frame);
  }

  /** Asks for a frame and those after it. @param step 1 or -1: where playing goes */
  want(frame: number, step: number): void {
    const bitmap = this.bitmaps.get(frame);
    if (bitmap !== undefined) {
      this.bitmaps.delete(frame);
      this.bitmaps.set(frame, bitmap);
    }
    const next = Array.from({ length: AHEAD }, (_, i) => frame + i * step);
    // One behind as well: people step to and fro.
    const all = [next[0], next[1], frame - step, ...next.slice(2)];
    this.wanted = all.filter((one) => one >= 0 && one < this.clip.frameCount && !this.bitmaps.has(one));
    const still = new Set(this.wanted);
    for (const [one, abort] of this.underway) if (!still.has(one)) abort.abort();
    this.fill();
  }

  private fill(): void {
    for (const frame of this.wanted) {
      if (this.underway.size >= AT_ONCE) return;
      if (!this.underway.has(frame)) void this.fetch(frame);
    }
  }

  private async fetch(frame: number): Promise<void> {
    const abort = new AbortController();
    this.underway.set(frame, abort);
    const { id, version } = this.clip;
    try {
      const path = `/api/clips/${id}/frames/${frame}?v=${encodeURIComponent(version)}`;
      const answer = await client.send(path, { signal: abort.signal });
      this.keep(frame, await createImageBitmap(await answer.blob()));
    } catch (error) {
      if (error instanceof ServiceError) this.problem.value = error.message;
      else if (!abort.signal.aborted) throw error;
    } finally {
      this.underway.delete(frame);
      this.wanted = this.wanted.filter((one) => one !== frame);
      this.fill();
    }
  }

  private keep(frame: number, bitmap: ImageBitmap): void {
    this.bitmaps.set(frame, bitmap);
    for (const [oldest, old] of this.bitmaps) {
      if (this.bitmaps.size <= this.most) break;
      old.close();
      this.bitmaps.delete(oldest);
    }
    this.problem.value = "";
    this.arrived.value++;
  }

  [Symbol.dispose](): void {
    this.wanted = [];
    for (const abort of this.underway.values()) abort.abort();
    for (const bitmap of this.bitmaps.values()) bitmap.close();
    this.bitmaps.clear();
  }
}
