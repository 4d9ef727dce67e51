/** @file What was tracked in a session: records as they come, and masks of the frames that are looked at. */
import { signal } from "@preact/signals";
import { api, ask, client } from "../api/client.ts";
import type { FrameRecord, ProbedClip } from "../api/types.ts";
import { Lanes } from "../review/lanes.ts";

const MOST_BYTES = 128 * 1024 ** 2;

/** Results of one session. */
export class Tracked {
  /** Counts arrivals of records. */
  readonly recorded = signal(0);
  /** Counts arrivals of masks. */
  readonly masked = signal(0);
  lanes: Lanes;
  private readonly clip: ProbedClip;
  private readonly session: string;
  private place: { after: number; version: string | undefined } = { after: 0, version: undefined };
  private reading: Promise<void> | undefined;
  private isAskedAgain = false;
  private readonly masks = new Map<number, Uint8Array>();
  /** Kept, but perhaps not the newest. */
  private readonly stale = new Set<number>();
  private readonly underway = new Set<number>();

  constructor(clip: ProbedClip, session: string) {
    this.clip = clip;
    this.session = session;
    this.lanes = new Lanes(clip.frameCount);
  }

  /** Reads what is new. While it does, further calls ask for one more round. */
  async read(): Promise<void> {
    this.isAskedAgain = true;
    this.reading ??= this.readAll().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  private async readAll(): Promise<void> {
    while (this.isAskedAgain) {
      this.isAskedAgain = false;
      for (let more = true; more;) more = await this.readSome();
    }
  }

  private async readSome(): Promise<boolean> {
    const { after, version } = this.place;
    const params = { path: { session: this.session }, query: { after, ...(version !== undefined && { version }) } };
    const answer = await ask(api.GET("/api/sessions/{session}/records", { params }));
    // Another file is read from its beginning: frames that it does not have are not results any more.
    if (answer.version !== version) this.lanes = new Lanes(this.clip.frameCount);
    this.place = { after: answer.next, version: answer.version };
    for (const record of answer.records as unknown as readonly FrameRecord[]) {
      this.lanes.add(record);
      if (this.masks.has(record.frame)) this.stale.add(record.frame);
    }
    if (answer.records.length > 0 || answer.version !== version) this.recorded.value++;
    return answer.more;
  }

  /** The mask of a frame, if it is here; asks for it where it is missing or may be an older one. */
  mask(frame: number): Uint8Array | undefined {
    const mask = this.masks.get(frame);
    if ((mask === undefined || this.stale.has(frame)) && this.lanes.hasMask(frame)) void this.fetch(frame);
    return mask;
  }

  private async fetch(frame: number): Promise<void> {
    if (this.underway.has(frame)) return;
    this.underway.add(frame);
    this.stale.delete(frame);
    try {
      const raw = await client.tagged(`/api/sessions/${this.session}/masks/${frame}?format=raw`);
      if (raw !== undefined) this.keep(frame, raw.bytes);
    } finally {
      this.underway.delete(frame);
    }
  }

  private keep(frame: number, mask: Uint8Array): void {
    this.masks.delete(frame);
    this.masks.set(frame, mask);
    const most = Math.max(16, Math.floor(MOST_BYTES / mask.length));
    for (const oldest of this.masks.keys()) {
      if (this.masks.size <= most) break;
      this.masks.delete(oldest);
    }
    this.masked.value++;
  }
}
