/**
 * @file Crossings of a line. A thing is on a side once it is farther from the line than a margin, so that one that trembles
 * on it does not cross; it has crossed if on its way between the sides it passed between the line's ends.
 */
import type { Resumable } from "../core/resumable.ts";
import type { Point } from "../video/point.ts";
import { eventOf, type Moment, weaker, type WatchEvent } from "./event.ts";
import { distanceFrom, passes } from "./geometry.ts";
import { ended, ripe, settle, type Settled, settledAt, type Step } from "./settled.ts";
import type { Sighting } from "./sighting.ts";
import { type Line, pointAt } from "./zones.ts";

type Side = 1 | -1;

/** One thing at the line. */
interface Passage {
  readonly last: Point;
  readonly seen: Moment;
  /** Since it was last surely on a side: passes to the right less passes to the left, and when the last one was. */
  readonly through: number;
  readonly passed: Moment | null;
  /** Null while it was never farther than the margin. */
  readonly side: Settled<Side> | null;
}

export type LineState = readonly (readonly [name: string, passage: Passage])[];

const MARGIN = { share: 0.1, leastPx: 2 };

/** Watches one line. */
export class LineWatch implements Resumable<LineState> {
  private readonly line: Line;
  private readonly from: Point;
  private readonly to: Point;
  private passages = new Map<string, Passage>();

  constructor(line: Line) {
    this.line = line;
    this.from = pointAt(line.from);
    this.to = pointAt(line.to);
  }

  state(): LineState {
    return [...this.passages];
  }

  resume(state: LineState): void {
    this.passages = new Map(state);
  }

  /** @returns the crossing that is now sure. */
  see(thing: Sighting, now: Moment): WatchEvent[] {
    const before = this.passages.get(thing.name);
    const passage = this.moved(before, thing, now);
    const distance = distanceFrom(this.from, this.to, thing);
    const margin = this.line.marginPx ?? Math.max(MARGIN.leastPx, MARGIN.share * thing.size);
    const { debounceSec } = this.line;
    if (Math.abs(distance) <= margin) {
      const step = passage.side && ripe(passage.side, now.timeSec, debounceSec);
      return this.keep(thing.name, passage, step);
    }
    const here = { ...passage, through: 0, passed: null };
    const side: Side = distance > 0 ? 1 : -1;
    if (passage.side === null) return this.keep(thing.name, { ...here, side: settledAt(side, now) }, null);
    const current = passage.side.pending?.value ?? passage.side.value;
    // Around an end, not over the line.
    if (side !== current && passage.through === 0)
      return this.keep(thing.name, { ...here, side: settledAt(side, now) }, null);
    return this.keep(thing.name, here, settle(passage.side, side, passage.passed ?? now, debounceSec));
  }

  /** Settles what is pending for a thing that was not seen in this frame. */
  wait(name: string, timeSec: number): WatchEvent[] {
    const passage = this.passages.get(name);
    return passage?.side ? this.keep(name, passage, ripe(passage.side, timeSec, this.line.debounceSec)) : [];
  }

  /** The clip ends: what was not taken back has happened. */
  end(): WatchEvent[] {
    return [...this.passages.keys()].flatMap((name) => this.lose(name));
  }

  /** The thing is gone. */
  lose(name: string): WatchEvent[] {
    const passage = this.passages.get(name);
    this.passages.delete(name);
    return passage?.side ? this.crossed(name, ended(passage.side)) : [];
  }

  private moved(before: Passage | undefined, { x, y }: Sighting, now: Moment): Passage {
    const last = { x, y };
    if (before === undefined) return { last, seen: now, through: 0, passed: null, side: null };
    const pass = passes(this.from, this.to, before.last, last);
    const passed = pass === 0 ? before.passed : weaker(before.seen, now);
    return { ...before, last, seen: now, through: before.through + pass, passed };
  }

  private keep(name: string, passage: Passage, step: Step<Side> | null): WatchEvent[] {
    this.passages.set(name, step === null ? passage : { ...passage, side: step.state });
    return step === null ? [] : this.crossed(name, step);
  }

  private crossed(object: string, { change }: Step<Side>): WatchEvent[] {
    if (change === undefined) return [];
    const { name, forward, backward } = this.line;
    return [eventOf("cross", name, change.at, { object, direction: change.to === 1 ? forward : backward })];
  }
}
