/** @file Who is in an area: coming and going, how long, how many, how fast, and that nothing comes. */
import type { Resumable } from "../core/resumable.ts";
import type { Point } from "../video/point.ts";
import { type EventKind, eventOf, type Moment, weaker, type WatchEvent } from "./event.ts";
import { isInside } from "./geometry.ts";
import { ended, ripe, settle, type Settled, settledAt, type Step } from "./settled.ts";
import type { Sighting } from "./sighting.ts";
import { type Area, pointAt } from "./zones.ts";

/** One thing. */
interface Visit {
  readonly inside: Settled<boolean>;
  /** The latest sighting. */
  readonly seen: Moment;
  /** Since when it is slow. */
  readonly slowSince: number | null;
  /** What was told of this visit. */
  readonly told: readonly EventKind[];
}

type Level = "low" | "right" | "high";

export interface AreaState {
  readonly visits: readonly (readonly [name: string, visit: Visit])[];
  readonly level: Settled<Level> | null;
  /** When something last came in, or watching began. */
  readonly lastCame: number | null;
  readonly idleTold: boolean;
}

/** Watches one area. */
export class AreaWatch implements Resumable<AreaState> {
  private readonly area: Area;
  private readonly corners: readonly Point[];
  private visits = new Map<string, Visit>();
  private level: Settled<Level> | null = null;
  private lastCame: number | null = null;
  private idleTold = false;

  constructor(area: Area) {
    this.area = area;
    this.corners = area.corners.map(pointAt);
  }

  /** How many things are inside. */
  get occupancy(): number {
    return this.within.length;
  }

  state(): AreaState {
    const { level, lastCame, idleTold } = this;
    return { visits: [...this.visits], level, lastCame, idleTold };
  }

  resume({ visits, level, lastCame, idleTold }: AreaState): void {
    Object.assign(this, { visits: new Map(visits), level, lastCame, idleTold });
  }

  /** @param speed px/s; null: not known. */
  see(thing: Sighting, now: Moment, speed: number | null): WatchEvent[] {
    const before = this.visits.get(thing.name);
    const inside = isInside(this.corners, thing);
    if (before === undefined) {
      this.visits.set(thing.name, { inside: settledAt(inside, now), seen: now, slowSince: null, told: [] });
      return inside ? this.came("appear", thing.name, now) : [];
    }
    const at = inside === before.inside.value ? now : weaker(before.seen, now);
    const step = settle(before.inside, inside, at, this.area.debounceSec);
    const isSlow = speed !== null && speed < (this.area.stop?.slowerThanPxPerSec ?? 0);
    const slowSince = isSlow && inside ? (before.slowSince ?? now.timeSec) : null;
    const told = step.change === undefined ? before.told : [];
    this.visits.set(thing.name, { inside: step.state, seen: now, slowSince, told });
    return [...this.moved(thing.name, step), ...this.during(thing.name, now, speed)];
  }

  /** Settles what is pending for a thing that was not seen in this frame. */
  wait(name: string, timeSec: number): WatchEvent[] {
    const visit = this.visits.get(name);
    if (visit === undefined) return [];
    const step = ripe(visit.inside, timeSec, this.area.debounceSec);
    this.visits.set(name, { ...visit, inside: step.state, ...(step.change && { told: [] }) });
    return this.moved(name, step);
  }

  /** The clip ends, not the visits: what was not taken back has happened. */
  end(): WatchEvent[] {
    return [...this.visits].flatMap(([name, visit]) => this.moved(name, ended(visit.inside)));
  }

  /** The thing is gone. */
  lose(name: string): WatchEvent[] {
    const visit = this.visits.get(name);
    this.visits.delete(name);
    if (visit === undefined) return [];
    const step = ended(visit.inside);
    const gone = step.state.value ? this.left("vanish", name, step.state.since, visit.seen) : [];
    return [...this.moved(name, step), ...gone];
  }

  /** After all things of a frame. */
  frame(now: Moment): WatchEvent[] {
    this.lastCame ??= now.timeSec;
    return [...this.idle(now), ...this.crowd(now)];
  }

  private get within(): Visit[] {
    return [...this.visits.values()].filter(({ inside }) => inside.value);
  }

  private moved(name: string, { change }: Step<boolean>): WatchEvent[] {
    if (change === undefined) return [];
    return change.to ? this.came("enter", name, change.at) : this.left("leave", name, change.began, change.at);
  }

  private came(kind: "appear" | "enter", object: string, at: Moment): WatchEvent[] {
    this.lastCame = at.timeSec;
    this.idleTold = false;
    return [eventOf(kind, this.area.name, at, { object })];
  }

  private left(kind: "leave" | "vanish", object: string, began: Moment, at: Moment): WatchEvent[] {
    return [eventOf(kind, this.area.name, at, { object, value: at.timeSec - began.timeSec, unit: "s" })];
  }

  /** What is told once of a visit. */
  private during(name: string, now: Moment, speed: number | null): WatchEvent[] {
    const visit = this.visits.get(name);
    if (visit === undefined || !visit.inside.value) return [];
    const { area } = this;
    const stayed = now.timeSec - visit.inside.since.timeSec;
    const stood = visit.slowSince === null ? -1 : now.timeSec - visit.slowSince;
    const due: [EventKind, boolean, Partial<WatchEvent>][] = [
      ["dwell", area.dwellSec !== undefined && stayed >= area.dwellSec, { value: stayed, unit: "s" }],
      ["stop", area.stop !== undefined && stood >= area.stop.sec, { value: stood, unit: "s" }],
      ["fast", speed !== null && speed > (area.fasterThanPxPerSec ?? Infinity), { value: speed, unit: "px/s" }],
    ];
    const news = due.filter(([kind, isDue]) => isDue && !visit.told.includes(kind));
    // Having stopped is told anew after it went on.
    const kept = visit.told.filter((kind) => kind !== "stop" || visit.slowSince !== null);
    this.visits.set(name, { ...visit, told: [...kept, ...news.map(([kind]) => kind)] });
    return news.map(([kind, , more]) => eventOf(kind, area.name, now, { object: name, ...more }));
  }

  private idle(now: Moment): WatchEvent[] {
    const { idleSec = Infinity, name } = this.area;
    const value = now.timeSec - (this.lastCame ?? now.timeSec);
    if (this.idleTold || value < idleSec) return [];
    this.idleTold = true;
    return [eventOf("idle", name, now, { value, unit: "s" })];
  }

  private crowd(now: Moment): WatchEvent[] {
    const { name, most = Infinity, least = 0, debounceSec } = this.area;
    const { within } = this;
    const value = within.length;
    const level: Level = value > most ? "high" : value < least ? "low" : "right";
    const sure = { ...now, confidence: Math.min(1, ...within.map(({ seen }) => seen.confidence)) };
    // Before anything was seen, the right number is taken for granted.
    const step = settle(this.level ?? settledAt<Level>("right", now), level, sure, debounceSec);
    this.level = step.state;
    const { change } = step;
    if (change === undefined || change.to === "right") return [];
    return [eventOf(change.to === "high" ? "full" : "short", name, change.at, { value, unit: "things" })];
  }
}
