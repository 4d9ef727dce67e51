/** @file When a fault begins and when it has passed: a condition that must hold, and be away, for some time. */
import type { Resumable } from "../core/resumable.ts";
import type { Moment } from "../watch/event.ts";
import { settle, type Settled, settledAt } from "../watch/settled.ts";
import type { FaultEvent } from "./faultEvent.ts";
import type { CameraFault, Fault } from "./faults.ts";

export interface FaultWatchState {
  readonly settled: Settled<boolean> | null;
  readonly worst: number | null;
}

/** Watches one kind of fault. */
export class FaultWatch implements Resumable<FaultWatchState> {
  private readonly kind: CameraFault;
  private readonly fault: Fault;
  private settled: Settled<boolean> | null = null;
  private worst: number | null = null;

  constructor(kind: CameraFault, fault: Fault) {
    this.kind = kind;
    this.fault = fault;
  }

  /** Whether it was told and has not passed. */
  get isOn(): boolean {
    return this.settled?.value ?? false;
  }

  /** Whether it may be beginning. */
  get isPending(): boolean {
    return this.settled?.pending?.value ?? false;
  }

  state(): FaultWatchState {
    const { settled, worst } = this;
    return { settled, worst };
  }

  resume({ settled, worst }: FaultWatchState): void {
    Object.assign(this, { settled, worst });
  }

  /**
   * @param holds whether the fault is seen. @param value how bad it is. @param began when it began, if that is earlier than
   * now.
   */
  see(holds: boolean, value: number | null, now: Moment, began: Moment = now): FaultEvent[] {
    const before = this.settled ?? settledAt(false, now);
    const { holdSec, clearSec } = this.fault;
    const step = settle(before, holds, holds ? began : now, before.value ? clearSec : holdSec);
    this.settled = step.state;
    if (holds && value !== null) this.worst = Math.max(this.worst ?? value, value);
    const { change } = step;
    if (change === undefined) {
      if (!this.isOn && !this.isPending) this.worst = null;
      return [];
    }
    return [this.event(change.to ? null : change.began.timeSec, change.at, value, now)];
  }

  /** Told at once, whatever was seen before. */
  private event(sinceSec: number | null, at: Moment, value: number | null, now: Moment): FaultEvent {
    const { kind, fault, worst } = this;
    if (sinceSec !== null) this.worst = null;
    return {
      kind,
      state: sinceSec === null ? "begin" : "end",
      timeSec: at.timeSec,
      frame: at.frame,
      sinceSec,
      value: sinceSec === null ? value : worst,
      unit: fault.unit,
      knownSec: now.timeSec,
    };
  }
}
