/** @file Tracking of the clip that is open: the worker, how far it is, and the masks that it found. */
import { signal } from "@preact/signals";
import { parseMaskPng } from "../../../src/browser.ts";
import type { ClipFile } from "./clipFile.ts";
import type { TrackAnswer, TrackRequest } from "./messages.ts";

/** Decoded masks that are kept, for those who step to and fro. */
const DECODED = 32;

interface FoundFrame {
  readonly png: Uint8Array;
  readonly unsure: ReadonlySet<number>;
}

export type TrackState = "idle" | "loading" | "running" | "done" | "stopped" | "failed";

export class Tracking {
  readonly state = signal<TrackState>("idle");
  readonly problem = signal("");
  readonly done = signal(0);
  readonly total = signal(0);
  /** Frames in a second, of this run. */
  readonly pace = signal(0);
  private readonly found = new Map<number, FoundFrame>();
  private readonly decoded = new Map<number, Uint8Array>();
  private readonly changed: () => void;
  private worker: Worker | undefined;
  /** Of the first frame that came, ms. */
  private begun = 0;

  /** @param changed told of every mask. */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get isWorking(): boolean {
    return this.state.value === "loading" || this.state.value === "running";
  }

  /** Masks of frames before the start stay. */
  begin(request: Omit<TrackRequest, "base">, { frameCount }: ClipFile): void {
    this.end();
    for (const frame of this.found.keys()) if (frame >= request.start) this.found.delete(frame);
    this.decoded.clear();
    this.problem.value = "";
    this.done.value = 0;
    this.pace.value = 0;
    this.total.value = frameCount - request.start;
    this.state.value = "loading";
    this.worker = new Worker(new URL("./trackingWorker.ts", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<TrackAnswer>) => this.heard(data));
    this.worker.addEventListener("error", ({ message }) => this.heard({ kind: "failed", message }));
    this.worker.postMessage({ ...request, base: document.baseURI } satisfies TrackRequest);
  }

  /** After the frame in hand; what was found stays. */
  stop(): void {
    if (!this.isWorking) return;
    this.worker?.postMessage("stop");
    this.state.value = "stopped";
  }

  forget(): void {
    this.end();
    this.found.clear();
    this.decoded.clear();
    this.state.value = "idle";
  }

  /** `[height, width]` */
  maskAt(frame: number): Uint8Array | undefined {
    const known = this.decoded.get(frame);
    const png = this.found.get(frame)?.png;
    if (known !== undefined || png === undefined) return known;
    const { data } = parseMaskPng(`frame ${frame}`, png);
    this.decoded.set(frame, data);
    const [oldest] = this.decoded.keys();
    if (this.decoded.size > DECODED) this.decoded.delete(oldest);
    return data;
  }

  unsureAt(frame: number): ReadonlySet<number> {
    return this.found.get(frame)?.unsure ?? new Set();
  }

  /** PNG files by frame, ascending. */
  files(): [number, Uint8Array][] {
    return [...this.found].map(([frame, { png }]) => [frame, png] as [number, Uint8Array]).sort(([a], [b]) => a - b);
  }

  private heard(answer: TrackAnswer): void {
    if (answer.kind === "frame") this.took(answer);
    else {
      if (answer.kind === "failed") this.problem.value = answer.message;
      if (this.state.peek() !== "stopped") this.state.value = answer.kind;
      this.end();
    }
  }

  private took({ index, png, unsure }: TrackAnswer & { readonly kind: "frame" }): void {
    if (this.state.peek() === "loading") {
      this.state.value = "running";
      this.begun = performance.now();
    }
    this.found.set(index, { png, unsure: new Set(unsure) });
    this.decoded.delete(index);
    this.done.value++;
    // The labelled frame, which came first, cost next to nothing.
    if (this.done.peek() > 1) this.pace.value = (1000 * (this.done.peek() - 1)) / (performance.now() - this.begun);
    this.changed();
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}
