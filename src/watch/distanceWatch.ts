/** @file Things that come too close to each other. */
import type { Resumable } from "../core/resumable.ts";
import { eventOf, type Moment, type WatchEvent } from "./event.ts";
import { ended, settle, type Settled, settledAt, type Step } from "./settled.ts";
import type { Sighting } from "./sighting.ts";
import type { Distance } from "./zones.ts";

/** Two things by their names; whether they are close, and how far apart they were last. */
interface Couple {
  readonly names: readonly [string, string];
  readonly close: Settled<boolean>;
  readonly distance: number;
}

export type DistanceState = readonly Couple[];

/** Watches the distance of all pairs. */
export class DistanceWatch implements Resumable<DistanceState> {
  private readonly rule: Distance;
  private couples = new Map<string, Couple>();

  constructor(rule: Distance) {
    this.rule = rule;
  }

  state(): DistanceState {
    return [...this.couples.values()];
  }

  resume(state: DistanceState): void {
    this.couples = new Map(state.map((couple) => [keyOf(couple.names), couple]));
  }

  /** @param things seen in the frame. */
  see(things: readonly Sighting[], { timeSec, frame }: Moment): WatchEvent[] {
    return things.flatMap((one, i) =>
      things.slice(i + 1).flatMap((other) => {
        const confidence = Math.min(one.confidence, other.confidence);
        return this.pair(one, other, { timeSec, frame, confidence });
      }),
    );
  }

  /** The thing is gone. */
  lose(name: string): WatchEvent[] {
    const its = [...this.couples].filter(([, { names }]) => names.includes(name));
    return its.flatMap(([key, couple]) => {
      this.couples.delete(key);
      return this.changed(couple, ended(couple.close));
    });
  }

  private pair(one: Sighting, other: Sighting, now: Moment): WatchEvent[] {
    const names = [one.name, other.name].sort() as [string, string];
    const before = this.couples.get(keyOf(names));
    const distance = Math.hypot(one.x - other.x, one.y - other.y);
    const isClose = distance < this.rule.closerThanPx;
    // Pairs that never were close need no memory.
    if (before === undefined && !isClose) return [];
    const step = settle(before?.close ?? settledAt(false, now), isClose, now, this.rule.debounceSec);
    const couple = { names, close: step.state, distance };
    if (!step.state.value && step.state.pending === null) this.couples.delete(keyOf(names));
    else this.couples.set(keyOf(names), couple);
    return this.changed(couple, step);
  }

  private changed({ names, distance }: Couple, { change }: Step<boolean>): WatchEvent[] {
    if (change === undefined) return [];
    const about = { object: names.join(" + ") };
    const { began, at, to } = change;
    return [
      to
        ? eventOf("close", this.rule.name, at, { ...about, value: distance, unit: "px" })
        : eventOf("apart", this.rule.name, at, { ...about, value: at.timeSec - began.timeSec, unit: "s" }),
    ];
  }
}

const keyOf = (names: readonly [string, string]): string => JSON.stringify(names);
