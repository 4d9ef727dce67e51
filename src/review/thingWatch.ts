/** @file Watches one thing frame by frame: its confidence, its area, its way, and whether it is there. */
import { SURE } from "../annotations/trackState.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { isSeen, type TrackRow } from "./trackRows.ts";

/** Seconds that a frame is compared with, and within which doubt counts as one stretch. */
export const RECENT_SEC = 0.5;
/** A fall of the confidence that is reported though the thing is still sure. */
const FALL = 0.25;
/** Ratio of areas, to the mean of the last frames. */
const AREA_RATIO = 1.5;
/** Frames that an area is compared with. */
const AREA_FRAMES = 3;
/** The least area that is looked at, as a share of the frame's. */
const LEAST_AREA = 0.0005;
/** A step is a jump from this share of the frame's shorter side, and this often the mean of the steps before it. */
const JUMP = { share: 0.05, times: 4 };

/** Width and height of the frames, pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

interface Doubt {
  readonly since: TrackRow;
  lowest: TrackRow;
  last: TrackRow;
}

/** Fed with every row of one thing, in order. */
export class ThingWatch {
  private readonly size: Size;
  /** Rows of the last half second in which it was seen without a break, the oldest first. */
  private recent: TrackRow[] = [];
  private before: TrackRow | undefined;
  private doubt: Doubt | undefined;

  constructor(size: Size) {
    this.size = size;
  }

  /** @param cut the camera cut before this frame. @returns what the row shows, and doubt that ended with it. */
  add(row: TrackRow, cut: boolean): Finding[] {
    if (cut) this.recent = [];
    const since = row.time_s - RECENT_SEC;
    const found = row.state === "given" ? this.endDoubt() : [...this.changes(row), ...this.doubts(row)];
    this.recent = isSeen(row) ? [...this.recent.filter(({ time_s }) => time_s >= since), row] : [];
    this.before = row;
    return found;
  }

  /** What is still open at the end of the clip. */
  finish(): Finding[] {
    return this.endDoubt();
  }

  private changes(row: TrackRow): Finding[] {
    const { before } = this;
    if (before === undefined) return [];
    if (isSeen(before) && !isSeen(row)) return [this.departure(row)];
    if (!isSeen(before) && isSeen(row)) return [finding("back", row, 0.45, `${row.object} appears`)];
    return [...this.areaChange(row), ...this.jump(row)];
  }

  private departure(row: TrackRow): Finding {
    if (row.state === "left") return finding("left", row, 0.25, `${row.object} leaves the picture`);
    return finding("gone", row, 0.7, `${row.object} disappears`);
  }

  private areaChange(row: TrackRow): Finding[] {
    const areas = this.recent.slice(-AREA_FRAMES).flatMap(({ area_px }) => area_px ?? []);
    const { area_px: area } = row;
    if (area === null || areas.length === 0) return [];
    const mean = areas.reduce((sum, value) => sum + value, 0) / areas.length;
    const ratio = Math.max(area / mean, mean / area);
    if (ratio < AREA_RATIO || Math.max(area, mean) < LEAST_AREA * this.size.width * this.size.height) return [];
    const change = `${area > mean ? "grows" : "shrinks"} at once, from ${Math.round(mean)} to ${area} px`;
    return [finding("area", row, 0.3 + 0.5 * Math.min(1, Math.log(ratio) / Math.log(4)), `${row.object} ${change}`)];
  }

  private jump(row: TrackRow): Finding[] {
    const places = [...this.recent, row];
    const steps = places.slice(1).map((place, i) => distance(places[i], place));
    const step = steps.pop();
    if (step === undefined) return [];
    const usual = steps.length === 0 ? 0 : steps.reduce((sum, value) => sum + value, 0) / steps.length;
    const least = JUMP.share * Math.min(this.size.width, this.size.height);
    if (step < least || step < JUMP.times * usual) return [];
    const weight = 0.4 + 0.4 * Math.min(1, step / (5 * least));
    return [finding("jump", row, weight, `${row.object} jumps by ${Math.round(step)} px`)];
  }

  private doubts(row: TrackRow): Finding[] {
    if (this.isLow(row)) {
      this.doubt ??= { since: row, lowest: row, last: row };
      this.doubt.last = row;
      // The frame to correct is near the beginning: what is wrong there is carried on.
      const isEarly = row.time_s <= this.doubt.since.time_s + RECENT_SEC;
      if (isEarly && row.confidence < this.doubt.lowest.confidence) this.doubt.lowest = row;
      return [];
    }
    const isOver = this.doubt !== undefined && (!isSeen(row) || row.time_s - this.doubt.last.time_s > RECENT_SEC);
    return isOver ? this.endDoubt() : [];
  }

  private isLow(row: TrackRow): boolean {
    if (!isSeen(row)) return false;
    // What a person gave is certain; nothing that is tracked from it can be.
    const tracked = this.recent.filter(({ state }) => state !== "given");
    const highest = tracked.reduce((most, { confidence }) => Math.max(most, confidence), 0);
    return row.confidence < SURE || row.confidence <= highest - FALL;
  }

  private endDoubt(): Finding[] {
    const { doubt } = this;
    this.doubt = undefined;
    if (doubt === undefined) return [];
    const { since, lowest, last } = doubt;
    const stretch = since.frame === last.frame ? "" : ` in frames ${since.frame} to ${last.frame}`;
    const text = `${lowest.object} is doubtful${stretch}, confidence ${Math.round(100 * lowest.confidence)} %`;
    return [finding("doubt", lowest, 0.3 + 0.6 * (1 - lowest.confidence), text)];
  }
}

/** A finding on one thing. */
function finding(kind: FindingKind, row: TrackRow, weight: number, text: string): Finding {
  return { kind, frame: row.frame, timeSec: row.time_s, things: [row.object], weight, text };
}

/** Pixels between the places of two rows; 0 where one has none. */
export function distance(a: TrackRow, b: TrackRow): number {
  if (a.x_px === null || a.y_px === null || b.x_px === null || b.y_px === null) return 0;
  return Math.hypot(a.x_px - b.x_px, a.y_px - b.y_px);
}
