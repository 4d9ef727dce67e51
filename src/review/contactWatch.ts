/** @file Watches pairs of things: masks that touch, points that lie on one another, one that disappears into another. */
import type { LabelMap } from "../video/labelMap.ts";
import type { Finding } from "./finding.ts";
import { distance, RECENT_SEC } from "./thingWatch.ts";
import { type FrameRows, isSeen, type TrackRow } from "./trackRows.ts";

/** How often masks are read to see whether they touch, seconds; a little less than 0.2, for times that are not exact. */
const LOOK_EVERY_SEC = 0.199;
/** Neighbouring pixels of two masks that are a contact. */
const LEAST_CONTACT = 4;
/** Points lie on one another from this distance, a share of the frame's shorter side; twice as far they are apart. */
const CLOSE = 0.015;
/** Share of a vanished mask by which the other one has grown. */
const SWALLOWED = 0.3;

interface Pair {
  readonly things: readonly [string, string];
  /** Seconds; when they last touched. */
  lastSec: number;
}

/** What is known of the clip. */
export interface Contacts {
  /** Pixels. */
  readonly shortSide: number;
  /** Value in masks by name. */
  readonly labels: ReadonlyMap<string, number>;
  /** The mask of a frame; undefined where there is none. */
  readonly mask: (frame: number) => Promise<LabelMap | undefined>;
}

/** Fed with every frame in order. */
export class ContactWatch {
  private readonly clip: Contacts;
  private readonly pairs = new Map<string, Pair>();
  private before = new Map<string, TrackRow>();
  private lookedSec = -Infinity;

  constructor(clip: Contacts) {
    this.clip = clip;
  }

  /** @param cut the camera cut before this frame: nothing touches what was before. */
  async add(frame: FrameRows, cut: boolean): Promise<Finding[]> {
    if (cut) [this.before, this.lookedSec] = [new Map(), -Infinity];
    if (cut) this.pairs.clear();
    const merges = frame.rows.flatMap((row) => this.merge(row, frame));
    const seen = frame.rows.filter(isSeen);
    const touches = [...(await this.masks(frame, seen)), ...this.points(seen)];
    this.before = new Map(seen.map((row) => [row.object, row]));
    return [...merges, ...touches];
  }

  /** A thing that vanishes while it touches another one. */
  private merge(row: TrackRow, { frame, timeSec, rows }: FrameRows): Finding[] {
    const last = this.before.get(row.object);
    if (last === undefined || isSeen(row)) return [];
    return [...this.pairs.values()].flatMap(({ things, lastSec }) => {
      if (!things.includes(row.object) || timeSec - lastSec > RECENT_SEC) return [];
      const other = rows.find(({ object }) => object !== row.object && things.includes(object));
      const grown = (other?.area_px ?? 0) - (this.before.get(other?.object ?? "")?.area_px ?? Infinity);
      if (other === undefined || !isSeen(other)) return [];
      const isSwallowed = last.area_px !== null && grown >= SWALLOWED * last.area_px;
      const text = isSwallowed
        ? `${row.object} disappears, and ${other.object}, which it touches, grows`
        : `${row.object} disappears where it touches ${other.object}`;
      return [{ kind: "merge", frame, timeSec, things, weight: isSwallowed ? 0.95 : 0.8, text }];
    });
  }

  private async masks({ frame, timeSec }: FrameRows, seen: readonly TrackRow[]): Promise<Finding[]> {
    const near = pairsOf(seen.filter(({ area_px }) => area_px !== null)).filter(([a, b]) => boxesMeet(a, b));
    if (near.length === 0 || timeSec - this.lookedSec < LOOK_EVERY_SEC) return [];
    this.lookedSec = timeSec;
    const mask = await this.clip.mask(frame);
    if (mask === undefined) return [];
    const touching = contactsIn(mask);
    return near.flatMap(([a, b]) => {
      const [one, other] = [this.clip.labels.get(a.object) ?? 0, this.clip.labels.get(b.object) ?? 0];
      const contact = touching.get(contactKey(one, other)) ?? 0;
      if (contact < LEAST_CONTACT) return [];
      const share = contact / Math.sqrt(Math.min(a.area_px ?? 1, b.area_px ?? 1));
      return this.touch([a, b], 0.3 + 0.3 * Math.min(1, share), `${a.object} and ${b.object} touch`);
    });
  }

  private points(seen: readonly TrackRow[]): Finding[] {
    const close = CLOSE * this.clip.shortSide;
    const points = seen.filter(({ area_px }) => area_px === null);
    return pairsOf(points).flatMap(([a, b]) => {
      const apart = distance(a, b);
      const isKnown = this.pairs.has(pairKey(a, b));
      if (apart >= (isKnown ? 2 * close : close)) return [];
      return this.touch([a, b], 0.5, `${a.object} and ${b.object} lie on one another`);
    });
  }

  /** A finding where a contact begins; one that goes on is only remembered. */
  private touch([a, b]: readonly [TrackRow, TrackRow], weight: number, text: string): Finding[] {
    const { frame, time_s: timeSec } = a;
    const known = this.pairs.get(pairKey(a, b));
    const goesOn = known !== undefined && timeSec - known.lastSec <= RECENT_SEC;
    const things = [a.object, b.object] as const;
    this.pairs.set(pairKey(a, b), { things, lastSec: timeSec });
    const isGiven = a.state === "given" && b.state === "given";
    return goesOn || isGiven ? [] : [{ kind: "touch", frame, timeSec, things, weight, text }];
  }
}

function pairsOf(rows: readonly TrackRow[]): [TrackRow, TrackRow][] {
  return rows.flatMap((a, i) => rows.slice(i + 1).map((b): [TrackRow, TrackRow] => [a, b]));
}

const pairKey = (a: TrackRow, b: TrackRow): string => JSON.stringify([a.object, b.object]);

/** Whether two boxes overlap, or lie beside one another without a pixel between. */
function boxesMeet(a: TrackRow, b: TrackRow): boolean {
  const [left, top, right, bottom] = cornersOf(a);
  const [otherLeft, otherTop, otherRight, otherBottom] = cornersOf(b);
  return left <= otherRight && otherLeft <= right && top <= otherBottom && otherTop <= bottom;
}

function cornersOf(row: TrackRow): [left: number, top: number, right: number, bottom: number] {
  const [x, y] = [row.box_x_px ?? 0, row.box_y_px ?? 0];
  return [x, y, x + (row.box_width_px ?? 0), y + (row.box_height_px ?? 0)];
}

const contactKey = (a: number, b: number): number => 256 * Math.min(a, b) + Math.max(a, b);

/** How many pairs of neighbouring pixels (left and right, above and below) two labels share, by `contactKey`. */
function contactsIn({ width, height, data }: LabelMap): Map<number, number> {
  const contacts = new Map<number, number>();
  const count = (a: number, b: number): void => {
    if (a === b || a === 0 || b === 0) return;
    contacts.set(contactKey(a, b), (contacts.get(contactKey(a, b)) ?? 0) + 1);
  };
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      if (x > 0) count(data[p - 1], data[p]);
      if (y > 0) count(data[p - width], data[p]);
    }
  return contacts;
}
