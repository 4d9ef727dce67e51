/** @file Things that must reach one zone and then another: in time, late, or without the first. */
import type { Resumable } from "../core/resumable.ts";
import { type EventKind, eventOf, type Moment, weaker, type WatchEvent } from "./event.ts";
import type { Order } from "./zones.ts";

/** Things that reached the first zone: when, and whether they were late already. */
export type OrderState = readonly (readonly [name: string, begun: Begun])[];

interface Begun {
  readonly at: Moment;
  readonly late: boolean;
}

/** What counts as reaching a zone. */
const REACHED: ReadonlySet<EventKind> = new Set(["cross", "enter", "appear"]);

/** Watches one order, by what its zones tell. */
export class OrderWatch implements Resumable<OrderState> {
  private readonly order: Order;
  /** How long the second zone may keep what it saw to itself, seconds. */
  private readonly delaySec: number;
  private begun = new Map<string, Begun>();

  constructor(order: Order, delaySec: number) {
    this.order = order;
    this.delaySec = delaySec;
  }

  state(): OrderState {
    return [...this.begun];
  }

  resume(state: OrderState): void {
    this.begun = new Map(state);
  }

  /** @param events of the zones, told in this frame. */
  see(events: readonly WatchEvent[], now: Moment): WatchEvent[] {
    const reached = events
      .filter(({ kind, zone }) => REACHED.has(kind) && (zone === this.order.first || zone === this.order.next))
      .sort((a, b) => a.timeSec - b.timeSec);
    return [...reached.flatMap((event) => this.reached(event)), ...this.overdue(now)];
  }

  /** The thing is gone. */
  lose(name: string, now: Moment): WatchEvent[] {
    const begun = this.begun.get(name);
    this.begun.delete(name);
    return begun === undefined || begun.late ? [] : [this.late(name, begun.at, now)];
  }

  private reached(event: WatchEvent): WatchEvent[] {
    const { order } = this;
    const { object, zone } = event;
    if (object === null) return [];
    const begun = this.begun.get(object);
    if (zone === order.first) {
      if (begun === undefined) this.begun.set(object, { at: event, late: false });
      return [];
    }
    if (begun === undefined) return [eventOf("skipped", order.name, event, { object })];
    this.begun.delete(object);
    const value = event.timeSec - begun.at.timeSec;
    if (value <= order.withinSec)
      return [eventOf("order", order.name, weaker(begun.at, event), { object, value, unit: "s" })];
    return begun.late ? [] : [this.late(object, begun.at, event)];
  }

  private overdue(now: Moment): WatchEvent[] {
    return [...this.begun].flatMap(([name, begun]) => {
      if (begun.late || now.timeSec - begun.at.timeSec <= this.order.withinSec + this.delaySec) return [];
      this.begun.set(name, { ...begun, late: true });
      return [this.late(name, begun.at, now)];
    });
  }

  /** Told when it is known. */
  private late(object: string, began: Moment, now: Moment): WatchEvent {
    const value = now.timeSec - began.timeSec;
    return eventOf("late", this.order.name, weaker(began, now), { object, value, unit: "s" });
  }
}
