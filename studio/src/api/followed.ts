/** @file What a page shows of the service: read anew when jobs tell something, with the problem of the latest request. */
import { signal } from "@preact/signals";
import { messageOf } from "./client.ts";
import { followJobs } from "./events.ts";
import type { JobEvent } from "./types.ts";

/** How often it is read while jobs tell how far they are, ms. */
const EVERY = 500;

export abstract class Followed implements Disposable {
  readonly problem = signal("");
  protected readonly ends = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads all that is shown. */
  abstract read(): Promise<void>;

  /** Reads once the service is there, and soon after what jobs tell of it. @param concerns whether it is about this */
  protected follow(concerns: (event: JobEvent) => boolean): void {
    const heard = (event: JobEvent): void => {
      if (event.kind === "log" || !concerns(event)) return;
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        void this.read();
      }, EVERY);
    };
    void followJobs(this.ends.signal, () => void this.read(), heard);
  }

  /** @returns whether it worked; `problem` says what did not. */
  protected async trying(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.problem.value = "";
      return true;
    } catch (error) {
      if (!this.ends.signal.aborted) this.problem.value = messageOf(error);
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.ends.abort();
    clearTimeout(this.timer);
  }
}
