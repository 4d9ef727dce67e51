/**
 * @file Which frame is shown. Playing shows every frame, at the earliest when its time has come and its picture is here; who
 * is slower than the clip sees it slower, never with gaps.
 */
import { computed, signal } from "@preact/signals";
import type { ProbedClip } from "../api/types.ts";
import type { Pictures } from "./pictures.ts";

export class Player implements Disposable {
  readonly frame = signal(0);
  readonly isPlaying = signal(false);
  /** Seconds from the first frame, of each frame. */
  readonly times = signal<readonly number[]>([]);
  readonly timeSec = computed(() => this.times.value[this.frame.value] ?? 0);
  readonly frameCount: number;
  private readonly pictures: Pictures;
  private timer = 0;
  /** The frame from which the clock runs, and when it was shown, ms. */
  private start = { frame: 0, at: 0 };
  private step = 1;

  constructor({ frameCount }: ProbedClip, pictures: Pictures) {
    this.frameCount = frameCount;
    this.pictures = pictures;
  }

  go(frame: number): void {
    const next = Math.max(0, Math.min(this.frameCount - 1, Math.round(frame)));
    if (next !== this.frame.peek()) this.step = next < this.frame.peek() ? -1 : 1;
    this.frame.value = next;
    this.pictures.want(next, this.isPlaying.peek() ? 1 : this.step);
  }

  by(frames: number): void {
    this.pause();
    this.go(this.frame.peek() + frames);
  }

  toggle(): void {
    if (this.isPlaying.peek()) this.pause();
    else this.play();
  }

  play(): void {
    this.isPlaying.value = true;
    this.go(this.frame.peek() >= this.frameCount - 1 ? 0 : this.frame.peek());
    this.start = { frame: this.frame.peek(), at: performance.now() };
    this.timer = requestAnimationFrame(this.tick);
  }

  pause(): void {
    this.isPlaying.value = false;
    cancelAnimationFrame(this.timer);
  }

  private readonly tick = (): void => {
    const [frame, times, now] = [this.frame.peek(), this.times.peek(), performance.now()];
    if (frame >= this.frameCount - 1) return this.pause();
    const due = this.start.at + 1000 * ((times[frame + 1] ?? 0) - (times[this.start.frame] ?? 0));
    if (now >= due && this.pictures.peek(frame + 1) !== undefined) {
      this.go(frame + 1);
      // Late by more than a picture of the screen: the clock goes on from here.
      if (now - due > 50) this.start = { frame: frame + 1, at: now };
    } else if (now >= due) this.pictures.want(frame + 1, 1);
    this.timer = requestAnimationFrame(this.tick);
  };

  [Symbol.dispose](): void {
    this.pause();
  }
}

/** 0:04.32, or 1:02:03.40. */
export function clockText(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [rest, minutes, hours] = [
    hundredths % 6000,
    Math.floor(hundredths / 6000) % 60,
    Math.floor(hundredths / 360_000),
  ];
  const text = (rest / 100).toFixed(2).padStart(5, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${text}` : `${minutes}:${text}`;
}
