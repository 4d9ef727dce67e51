/** @file A source that is monitored into a folder: what happens is appended with its picture, and told at once. */
import type { FrameView } from "../footage/frameView.ts";
import type { Box } from "../video/box.ts";
import { type FaultEvent, faultRow, type FaultRow } from "./faultEvent.ts";
import type { Checkpoint, FaultFolder } from "./faultFolder.ts";
import { faultPicture, keptPicture } from "./faultPicture.ts";
import type { CameraFault } from "./faults.ts";
import { Monitor } from "./monitor.ts";
import type { RunState } from "./runState.ts";

/** How long before a fault the picture beside it was taken, at least, seconds. */
const BEFORE_SEC = 3;

/** What happened so far. */
export interface RunTotals {
  /** How often each kind began. */
  readonly counts: Readonly<Partial<Record<CameraFault, number>>>;
  /** What has not passed. */
  readonly open: readonly CameraFault[];
}

/** Takes frames in order. */
export class MonitorRun {
  readonly monitor: Monitor;
  private readonly folder: FaultFolder;
  private readonly tell: (row: FaultRow) => void;
  private kept: RunState = { before: null, lately: null, open: [], counts: {} };

  /** @param tell is given every event once it is on disk. */
  constructor(folder: FaultFolder, checkpoint: Checkpoint | undefined, tell: (row: FaultRow) => void) {
    [this.folder, this.tell] = [folder, tell];
    this.monitor = new Monitor();
    if (checkpoint === undefined) return;
    this.monitor.resume(checkpoint.monitor);
    this.kept = checkpoint.run;
  }

  get totals(): RunTotals {
    const { counts, open } = this.kept;
    return { counts, open };
  }

  /** @throws UserError `file/write` */
  async next(view: FrameView): Promise<void> {
    const events = this.monitor.next(view);
    for (const event of events) await this.told(event, view);
    if (events.length === 0 && this.monitor.isSound) this.remember(view);
  }

  /** @param frame the next one. @throws UserError `file/write` */
  save(identity: unknown, frame: number, seconds: number): Promise<void> {
    return this.folder.save({ identity, frame, seconds, monitor: this.monitor.state(), run: this.kept });
  }

  private async told(event: FaultEvent, { picture }: FrameView): Promise<void> {
    const { kind, state } = event;
    const { open, counts, before } = this.kept;
    const others = open.filter((one) => one !== kind);
    const isNew = state === "begin";
    this.kept = {
      ...this.kept,
      open: isNew ? [...others, kind] : others,
      counts: isNew ? { ...counts, [kind]: (counts[kind] ?? 0) + 1 } : counts,
    };
    const jpeg = isNew ? await faultPicture(event, picture, before?.picture, this.markedIn(event)) : undefined;
    const told = { ...event, picture: isNew ? this.folder.pictureName(event) : null };
    await this.folder.append(told, jpeg);
    this.tell(faultRow(told));
  }

  private markedIn({ kind }: FaultEvent): readonly Box[] {
    return this.monitor.boxesOf(kind);
  }

  private remember({ timeSec, picture }: FrameView): void {
    const { lately } = this.kept;
    if (lately !== null && timeSec - lately.timeSec < BEFORE_SEC) return;
    this.kept = { ...this.kept, before: lately, lately: { timeSec, picture: keptPicture(picture) } };
  }
}
