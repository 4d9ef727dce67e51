/** @file What happens to jobs, as the service sends it. */

const AGAIN_MS = 1000;

export type EventKind = "state" | "progress";

/** Listens until it is disposed. */
export class JobEvents implements Disposable {
  private source: EventSource;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onOpen: () => void;
  private readonly onEvent: (job: string, kind: EventKind) => void;

  /**
   * @param onOpen connected, perhaps again: what was missed meanwhile has to be asked for.
   * @param onEvent something happened to a job.
   */
  constructor(onOpen: () => void, onEvent: (job: string, kind: EventKind) => void) {
    this.onOpen = onOpen;
    this.onEvent = onEvent;
    this.source = this.connect();
  }

  private connect(): EventSource {
    const source = new EventSource("/api/events");
    source.addEventListener("open", this.onOpen);
    source.addEventListener("missed", this.onOpen);
    for (const kind of ["state", "progress"] as const)
      source.addEventListener(kind, (event: MessageEvent<string>) => {
        this.onEvent((JSON.parse(event.data) as { job: string }).job, kind);
      });
    // A browser connects again by itself, but not after an answer that was an error.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.timer = setTimeout(() => {
        this.source = this.connect();
      }, AGAIN_MS);
    });
    return source;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.source.close();
  }
}
