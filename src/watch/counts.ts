/** @file What happened, added up: by interval for tables, by zone for pictures and pages. */
import { grouped } from "../core/grouped.ts";
import { type EventKind, isDoubtful, SOUND_ZONE, type WatchEvent } from "./event.ts";
import type { Zones } from "./zones.ts";

/** How often something happened in an interval. */
export interface IntervalCount {
  readonly startSec: number;
  readonly endSec: number;
  readonly zone: string;
  readonly kind: EventKind;
  readonly direction: string | null;
  readonly count: number;
  /** How many of them are doubtful. */
  readonly doubtful: number;
}

/** What is counted in every interval, also where it is none. */
interface Counted {
  readonly zone: string;
  readonly kind: EventKind;
  readonly direction: string | null;
}

/** Crossings of each line by direction, and comings and goings of each area. */
export function countedThings({ lines, areas }: Zones): Counted[] {
  const crossings = lines.flatMap(({ name, forward, backward }) =>
    [forward, backward].map((direction) => ({ zone: name, kind: "cross" as const, direction })),
  );
  const visits = areas.flatMap(({ name }) =>
    (["appear", "enter", "leave", "vanish"] as const).map((kind) => ({ zone: name, kind, direction: null })),
  );
  return [...crossings, ...visits];
}

const isOf =
  ({ zone, kind, direction }: Counted) =>
  (event: WatchEvent): boolean =>
    event.zone === zone && event.kind === kind && event.direction === direction;

/** @param span from the first frame to the last, seconds. Intervals begin at its start. */
export function intervalCounts(
  events: readonly WatchEvent[],
  zones: Zones,
  [start, end]: readonly [number, number],
): IntervalCount[] {
  const { intervalSec } = zones;
  const count = Math.floor((end - start) / intervalSec) + 1;
  const place = ({ timeSec }: WatchEvent): number => Math.floor((timeSec - start) / intervalSec);
  const byInterval = grouped(events, place);
  return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    countedThings(zones).map((counted) => {
      const its = (byInterval.get(i) ?? []).filter(isOf(counted));
      return {
        startSec: start + i * intervalSec,
        endSec: Math.min(end, start + (i + 1) * intervalSec),
        ...counted,
        count: its.length,
        doubtful: its.filter(isDoubtful).length,
      };
    }),
  );
}

/** A zone's totals. */
export interface ZoneTotals {
  readonly zone: string;
  /** By direction, or by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly doubtful: number;
  /** Of an area: how many were inside at the end, and at most; visits that ended, and how long they were; else null. */
  readonly occupancy: { readonly last: number; readonly most: number } | null;
  readonly visits: { readonly count: number; readonly meanSec: number; readonly mostSec: number } | null;
}

/** The totals of lines and areas, in the file's order; rules after them, and what was heard, if anything was. */
export function zoneTotals(events: readonly WatchEvent[], { lines, areas, orders, distances }: Zones): ZoneTotals[] {
  const its = (zone: string): WatchEvent[] => events.filter((event) => event.zone === zone);
  const ofLines = lines.map(({ name, forward, backward }) => ({
    ...totalOf(name, its(name)),
    counts: { [forward]: 0, [backward]: 0, ...countsBy(its(name), ({ direction }) => direction ?? "") },
  }));
  const ofAreas = areas.map(({ name }) => {
    const levels = occupancyOf(its(name)).map(({ inside }) => inside);
    const most = levels.reduce((a, b) => Math.max(a, b), 0);
    return {
      ...totalOf(name, its(name)),
      occupancy: { last: levels.at(-1) ?? 0, most },
      visits: visitsOf(its(name)),
    };
  });
  const ofRules = [...orders, ...distances].map(({ name }) => totalOf(name, its(name)));
  const heard = its(SOUND_ZONE);
  return [...ofLines, ...ofAreas, ...ofRules, ...(heard.length > 0 ? [totalOf(SOUND_ZONE, heard)] : [])];
}

function totalOf(zone: string, its: readonly WatchEvent[]): ZoneTotals {
  const counts = countsBy(its, ({ kind }) => kind);
  return { zone, counts, doubtful: its.filter(isDoubtful).length, occupancy: null, visits: null };
}

function countsBy(events: readonly WatchEvent[], keyOf: (event: WatchEvent) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[keyOf(event)] = (counts[keyOf(event)] ?? 0) + 1;
  return counts;
}

function visitsOf(its: readonly WatchEvent[]): ZoneTotals["visits"] {
  const seconds = its.flatMap(({ kind, value }) => (kind === "leave" || kind === "vanish" ? [value ?? 0] : []));
  const sum = seconds.reduce((a, b) => a + b, 0);
  return {
    count: seconds.length,
    meanSec: sum / Math.max(1, seconds.length),
    mostSec: seconds.reduce((a, b) => Math.max(a, b), 0),
  };
}

/** How many things are in an area after each coming and going, from its events in order of time. */
export function occupancyOf(its: readonly WatchEvent[]): { timeSec: number; inside: number }[] {
  let inside = 0;
  return its.flatMap(({ kind, timeSec }) => {
    const step = kind === "enter" || kind === "appear" ? 1 : kind === "leave" || kind === "vanish" ? -1 : 0;
    inside += step;
    return step === 0 ? [] : [{ timeSec, inside }];
  });
}
