/** @file Whether the picture is frozen: nothing at all changes, for longer than is usual for this source. */
import type { Resumable } from "../core/resumable.ts";
import type { Moment } from "../watch/event.ts";

/** A picture that changes less than this stands still, mean grey levels. */
const LEAST_CHANGE = 0.005;
/** Shortest stretch that is frozen, and one from the beginning, of which nothing is known, seconds. */
const FROZEN_SEC = 1;
const UNKNOWN_SEC = 10;
/** What is known of a source needs so many seconds in which it changes. */
const KNOWN_SEC = 2;
/** A stretch is frozen when it is so many times as long as the longest that was not. */
const OVER_USUAL = 3;

export interface StillnessState {
  readonly since: Moment | null;
  readonly longestSec: number;
  readonly changedSec: number;
  readonly seen: Moment | null;
}

/** Fed with every frame. */
export class Stillness implements Resumable<StillnessState> {
  private kept: StillnessState = { since: null, longestSec: 0, changedSec: 0, seen: null };

  state(): StillnessState {
    return this.kept;
  }

  resume(state: StillnessState): void {
    this.kept = state;
  }

  /** What comes next does not follow on what was seen. */
  interrupted(): void {
    this.kept = { ...this.kept, since: null, seen: null };
  }

  /** @param change since the frame before, mean grey levels. */
  add(change: number, now: Moment): void {
    const { since, longestSec, changedSec, seen } = this.kept;
    const passed = now.timeSec - (seen?.timeSec ?? now.timeSec);
    if (change < LEAST_CHANGE) {
      this.kept = { since: since ?? seen, longestSec, changedSec, seen: now };
      return;
    }
    const stood = since === null || seen === null ? 0 : seen.timeSec - since.timeSec;
    const longest = stood < this.limitSec ? Math.max(longestSec, stood) : longestSec;
    this.kept = { since: null, longestSec: longest, changedSec: changedSec + passed, seen: now };
  }

  /** Since when it is frozen; undefined if it is not. */
  frozenSince(): Moment | undefined {
    const { since, seen } = this.kept;
    if (since === null || seen === null) return undefined;
    return seen.timeSec - since.timeSec >= this.limitSec ? since : undefined;
  }

  private get limitSec(): number {
    const { longestSec, changedSec } = this.kept;
    return changedSec < KNOWN_SEC ? UNKNOWN_SEC : Math.max(FROZEN_SEC, OVER_USUAL * longestSec);
  }
}
