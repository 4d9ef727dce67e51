/** @file A source that is monitored into a folder: what happens is appended with its picture, saved, told and sent at once. */
import type { FrameView } from "../footage/frameView.ts";
import { Outbox, runId } from "../outbox/outbox.ts";
import type { Destination } from "../outbox/destination.ts";
import type { Logger } from "../core/log.ts";
import type { Moment } from "../watch/event.ts";
import { type FaultEvent, faultRow, type FaultRow } from "./faultEvent.ts";
import { FaultFolder } from "./faultFolder.ts";
import { faultPicture, keptPicture } from "./faultPicture.ts";
import type { CameraFault } from "./faults.ts";
import { Monitor } from "./monitor.ts";
import type { RunState } from "./runState.ts";

/** How long before a fault the picture beside it was taken, at least, seconds. */
const BEFORE_SEC = 3;

/** Where results go. */
export interface MonitorRunOptions {
  /** Folder for `events.jsonl`, `events.csv`, `pictures`, `summary.json` and what resuming needs. */
  readonly out: string;
  /** Is given every event as it is found; those of a run that is resumed are not told again. */
  readonly tell?: ((row: FaultRow) => void) | undefined;
  /** Get every event as it is found, once. Closed at the end. */
  readonly send?: readonly Destination[] | undefined;
  readonly logger: Logger;
}

/** What is monitored. */
export interface Monitored {
  /** Name without secrets. */
  readonly name: string;
  /** What is monitored, and with what. */
  readonly identity: unknown;
  /** When it is first looked at, if it is live, ms since 1970. */
  readonly startedMs: number | null;
}

/** What happened so far. */
export interface RunTotals {
  /** How often each kind began. */
  readonly counts: Readonly<Partial<Record<CameraFault, number>>>;
  /** What has not passed. */
  readonly open: readonly CameraFault[];
}

/** Takes frames in order. */
export class MonitorRun implements AsyncDisposable {
  private readonly monitor = new Monitor();
  private readonly folder: FaultFolder;
  private readonly outbox: Outbox;
  private readonly identity: unknown;
  private readonly tell: (row: FaultRow) => void;
  private kept: RunState;
  private next: number;
  private seconds: number;

  private constructor(
    { folder, outbox }: { folder: FaultFolder; outbox: Outbox },
    { frame, seconds, run }: { frame: number; seconds: number; run: RunState },
    { identity, tell }: { identity: unknown; tell: (row: FaultRow) => void },
  ) {
    [this.folder, this.outbox, this.identity, this.tell] = [folder, outbox, identity, tell];
    [this.kept, this.next, this.seconds] = [run, frame, frame === 0 ? Number.NEGATIVE_INFINITY : seconds];
  }

  /** Goes on where the folder's checkpoint says. @throws UserError `monitor/used`, `lock/busy`, `file/write` */
  static async open(source: Monitored, options: MonitorRunOptions): Promise<MonitorRun> {
    const { name, identity, startedMs } = source;
    const { out, tell = () => {}, send = [], logger } = options;
    const { folder, checkpoint } = await FaultFolder.open(out, identity);
    try {
      const fresh = { before: null, lately: null, open: [], counts: {}, startedMs };
      const at = checkpoint ?? { frame: 0, seconds: 0, run: fresh };
      const run = runId([identity, at.run.startedMs]);
      const outbox = await Outbox.open({ file: folder.events, run, source: name, destinations: send, logger });
      const monitored = new MonitorRun({ folder, outbox }, at, { identity, tell });
      if (checkpoint !== undefined) monitored.monitor.resume(checkpoint.monitor);
      // Before the first event: by it the folder is known.
      await monitored.save();
      return monitored;
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Index of the next frame. */
  get frame(): number {
    return this.next;
  }

  /** When it was first looked at, if it is live, ms since 1970. */
  get startedMs(): number | null {
    return this.kept.startedMs;
  }

  get totals(): RunTotals {
    const { counts, open } = this.kept;
    return { counts, open };
  }

  /** What comes next does not follow on what came last, because nobody looked. */
  interrupted(): void {
    this.monitor.interrupted();
  }

  /** @param view is left out where it is older than a silence that was seen. @throws UserError `file/write` */
  async see(view: FrameView): Promise<void> {
    this.next = view.index + 1;
    if (view.timeSec < this.seconds) return;
    this.seconds = view.timeSec;
    const events = this.monitor.next(view);
    if (events.length === 0 && this.monitor.isSound) this.remember(view);
    await this.happened(events, view);
  }

  /** No frame has come until now. @throws UserError `file/write` */
  async silence(timeSec: number): Promise<void> {
    const now: Moment = { timeSec, frame: this.next, confidence: 1 };
    this.seconds = timeSec;
    await this.happened(this.monitor.silence(now), undefined);
  }

  /** From here a run that is killed goes on. @throws UserError `file/write` */
  async save(): Promise<void> {
    const { identity, next, seconds, kept } = this;
    const at = { identity, frame: next, seconds, monitor: this.monitor.state(), run: kept };
    this.outbox.commit(await this.folder.save(at));
  }

  /**
   * Writes the tables, and sends what is left.
   * @param summary beside the totals.
   * @returns all events, and the addresses that have not taken all
   */
  async finish(summary: object): Promise<{ readonly events: readonly FaultRow[]; readonly unsent: readonly string[] }> {
    await this.save();
    await this.folder.finish({ format: "tsumugi-monitor/1", ...summary, ...this.totals });
    return { events: await this.folder.rows(), unsent: await this.outbox.settle() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outbox[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }

  /** Told once it is saved: what is told will not be told again. */
  private async happened(events: readonly FaultEvent[], view: FrameView | undefined): Promise<void> {
    if (events.length === 0) return;
    const rows: FaultRow[] = [];
    for (const event of events) rows.push(await this.written(event, view));
    await this.save();
    for (const row of rows) this.tell(row);
  }

  private async written(event: FaultEvent, view: FrameView | undefined): Promise<FaultRow> {
    const { kind, state, timeSec } = event;
    const { open, counts, before, startedMs } = this.kept;
    const others = open.filter((one) => one !== kind);
    const isNew = state === "begin";
    this.kept = {
      ...this.kept,
      open: isNew ? [...others, kind] : others,
      counts: isNew ? { ...counts, [kind]: (counts[kind] ?? 0) + 1 } : counts,
    };
    const jpeg =
      isNew && view !== undefined
        ? await faultPicture(event, view.picture, before?.picture, this.monitor.boxesOf(kind))
        : undefined;
    const picture = jpeg === undefined ? null : this.folder.pictureName(event);
    const clockMs = startedMs === null ? null : startedMs + 1000 * timeSec;
    const told = { ...event, picture, clockMs };
    await this.folder.append(told, jpeg);
    return faultRow(told);
  }

  private remember({ timeSec, picture }: FrameView): void {
    const { lately } = this.kept;
    if (lately !== null && timeSec - lately.timeSec < BEFORE_SEC) return;
    this.kept = { ...this.kept, before: lately, lately: { timeSec, picture: keptPicture(picture) } };
  }
}
