/**
 * @file A state that trembles: a change counts once it has held for some time; one that is taken back before has not
 * happened. Plain data and functions, so that it can be kept and resumed.
 */
import type { Moment } from "./event.ts";

/** A state, since when, and what it may be changing to. */
export interface Settled<Value> {
  readonly value: Value;
  readonly since: Moment;
  readonly pending: { readonly value: Value; readonly since: Moment } | null;
}

/** A change that has held. */
export interface Change<Value> {
  readonly from: Value;
  readonly to: Value;
  /** When the former state began, and the new one. */
  readonly began: Moment;
  readonly at: Moment;
}

/** A state and the change that led there, if it has just settled. */
export interface Step<Value> {
  readonly state: Settled<Value>;
  readonly change: Change<Value> | undefined;
}

/** A first state holds at once. */
export const settledAt = <Value>(value: Value, since: Moment): Settled<Value> => ({ value, since, pending: null });

/** @param value now seen. @param holdSec how long a change must hold. */
export function settle<Value>(state: Settled<Value>, value: Value, now: Moment, holdSec: number): Step<Value> {
  const held = ripe(state, now.timeSec, holdSec);
  const { state: before } = held;
  if (value === before.value) return { state: { ...before, pending: null }, change: held.change };
  const since = before.pending?.value === value ? before.pending.since : now;
  const pending = { ...before, pending: { value, since } };
  return holdSec === 0 && held.change === undefined ? ended(pending) : { state: pending, change: held.change };
}

/** Settles a change that has held until now. */
export function ripe<Value>(state: Settled<Value>, timeSec: number, holdSec: number): Step<Value> {
  const { pending } = state;
  return pending !== null && timeSec - pending.since.timeSec >= holdSec ? ended(state) : { state, change: undefined };
}

/** Nothing more will be seen: a change that was not taken back has happened. */
export function ended<Value>(state: Settled<Value>): Step<Value> {
  const { pending, value, since } = state;
  if (pending === null) return { state, change: undefined };
  return {
    state: settledAt(pending.value, pending.since),
    change: { from: value, to: pending.value, began: since, at: pending.since },
  };
}
