/** @file Watches zones frame by frame: deterministic, in bounded memory, resumable after any frame. */
import { SMOOTHING_SEC, fittedVelocity, type Moment as PlacedMoment } from "../results/speedometer.ts";
import type { Resumable } from "../core/resumable.ts";
import { type AreaState, AreaWatch } from "./areaWatch.ts";
import { type DistanceState, DistanceWatch } from "./distanceWatch.ts";
import type { Moment, WatchEvent } from "./event.ts";
import { type LineState, LineWatch } from "./lineWatch.ts";
import { type OrderState, OrderWatch } from "./orderWatch.ts";
import type { Sighting, WatchedFrame } from "./sighting.ts";
import type { Zones } from "./zones.ts";

/** A thing that is there, or was a moment ago. */
interface Known {
  readonly class: string;
  readonly seenSec: number;
  /** Its places in the window of the smoothed speed. */
  readonly recent: readonly PlacedMoment[];
}

/** All that passes from frame to frame; plain JSON. */
export interface WatcherState {
  readonly known: readonly (readonly [name: string, known: Known])[];
  readonly now: Moment | null;
  readonly lines: readonly LineState[];
  readonly areas: readonly AreaState[];
  readonly distances: readonly DistanceState[];
  readonly orders: readonly OrderState[];
}

/** Is told every frame in order, and tells what happened; an event may be told some frames after it happened. */
export class Watcher implements Resumable<WatcherState> {
  private readonly zones: Zones;
  private readonly lines: readonly LineWatch[];
  private readonly areas: readonly AreaWatch[];
  private readonly distances: readonly DistanceWatch[];
  private readonly orders: readonly OrderWatch[];
  private known = new Map<string, Known>();
  private now: Moment | null = null;

  constructor(zones: Zones) {
    this.zones = zones;
    this.lines = zones.lines.map((line) => new LineWatch(line));
    this.areas = zones.areas.map((area) => new AreaWatch(area));
    this.distances = zones.distances.map((rule) => new DistanceWatch(rule));
    const delays = new Map([...zones.lines, ...zones.areas].map(({ name, debounceSec }) => [name, debounceSec]));
    this.orders = zones.orders.map((order) => new OrderWatch(order, delays.get(order.next) ?? 0));
  }

  /** How many things are in each area, by its name. */
  get occupancy(): ReadonlyMap<string, number> {
    return new Map(this.zones.areas.map(({ name }, i) => [name, this.areas[i].occupancy]));
  }

  state(): WatcherState {
    return {
      known: [...this.known],
      now: this.now,
      lines: this.lines.map((line) => line.state()),
      areas: this.areas.map((area) => area.state()),
      distances: this.distances.map((rule) => rule.state()),
      orders: this.orders.map((order) => order.state()),
    };
  }

  resume(state: WatcherState): void {
    this.known = new Map(state.known);
    this.now = state.now;
    for (const [i, line] of this.lines.entries()) line.resume(state.lines[i]);
    for (const [i, area] of this.areas.entries()) area.resume(state.areas[i]);
    for (const [i, rule] of this.distances.entries()) rule.resume(state.distances[i]);
    for (const [i, order] of this.orders.entries()) order.resume(state.orders[i]);
  }

  /** The next frame; times ascend. */
  next({ frame, timeSec, sightings }: WatchedFrame): WatchEvent[] {
    const now = { frame, timeSec, confidence: 1 };
    this.now = now;
    const gone = [...this.known]
      .filter(([, { seenSec }]) => timeSec - seenSec > this.zones.lostSec)
      .map(([name]) => name);
    const lost = gone.flatMap((name) => this.lose(name));
    const seen = sightings.flatMap((thing) => this.see(thing, { ...now, confidence: thing.confidence }));
    const waited = this.waitFor(new Set(sightings.map(({ name }) => name)), timeSec);
    const counted = this.areas.flatMap((area) => area.frame(now));
    const close = this.zones.distances.flatMap((rule, i) => this.distances[i].see(sightings.filter(isOf(rule)), now));
    const told = [...lost, ...seen, ...waited, ...counted, ...close];
    return [
      ...told,
      ...this.orders.flatMap((order) => [...order.see(told, now), ...gone.flatMap((name) => order.lose(name, now))]),
    ];
  }

  /** After the last frame: what was still open. */
  end(): WatchEvent[] {
    const { now } = this;
    if (now === null) return [];
    const told = [...this.lines, ...this.areas].flatMap((zone) => zone.end());
    return [...told, ...this.orders.flatMap((order) => order.see(told, now))];
  }

  private see(thing: Sighting, now: Moment): WatchEvent[] {
    const speed = this.move(thing, now.timeSec);
    return [
      ...this.zones.lines.flatMap((line, i) => (isOf(line)(thing) ? this.lines[i].see(thing, now) : [])),
      ...this.zones.areas.flatMap((area, i) => (isOf(area)(thing) ? this.areas[i].see(thing, now, speed) : [])),
    ];
  }

  /** @returns the speed, px/s; null while its way is too short to say. */
  private move({ name, class: kind, x, y }: Sighting, timeSec: number): number | null {
    const before = this.known.get(name)?.recent ?? [];
    const recent = [...before.filter((one) => one.timeSec >= timeSec - SMOOTHING_SEC), { timeSec, x, y }];
    this.known.set(name, { class: kind, seenSec: timeSec, recent });
    const isEnough = recent.length > 2 && timeSec - recent[0].timeSec >= SMOOTHING_SEC / 2;
    return isEnough ? Math.hypot(...fittedVelocity(recent)) : null;
  }

  private waitFor(seen: ReadonlySet<string>, timeSec: number): WatchEvent[] {
    const unseen = [...this.known.keys()].filter((name) => !seen.has(name));
    return unseen.flatMap((name) => [...this.lines, ...this.areas].flatMap((zone) => zone.wait(name, timeSec)));
  }

  private lose(name: string): WatchEvent[] {
    this.known.delete(name);
    return [...this.lines, ...this.areas, ...this.distances].flatMap((zone) => zone.lose(name));
  }
}

/** Whether a thing is of the class that a rule is about. */
const isOf =
  ({ class: kind }: { readonly class?: string }) =>
  (thing: Sighting): boolean =>
    kind === undefined || kind === thing.class;
