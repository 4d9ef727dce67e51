/** @file What happens at zones, and what is heard, as data. */
import { SURE } from "../annotations/trackState.ts";

/** When something happened, and how sure that is. */
export interface Moment {
  readonly timeSec: number;
  readonly frame: number;
  /** That of the sightings it rests on, 0..1. */
  readonly confidence: number;
}

/** Where what is heard happens: in place of a zone's name. */
export const SOUND_ZONE = "sound";

/** What can happen; docs/events.md says when each is told. */
export const EVENT_KINDS = [
  "cross",
  "enter",
  "leave",
  "appear",
  "vanish",
  "dwell",
  "stop",
  "fast",
  "idle",
  "full",
  "short",
  "close",
  "apart",
  "order",
  "late",
  "skipped",
  "impact",
  "alarm",
  "silence",
] as const;
/** One of `EVENT_KINDS`. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** The kinds that somebody should look at. */
export const ALARMS: ReadonlySet<EventKind> = new Set([
  "dwell",
  "stop",
  "fast",
  "idle",
  "full",
  "short",
  "close",
  "late",
  "skipped",
  "alarm",
  "silence",
]);

/** What `value` is. */
export type EventUnit = "s" | "px" | "px/s" | "things" | "dB";

/** Something that happened. */
export interface WatchEvent extends Moment {
  readonly kind: EventKind;
  /** Name of the zone or rule; "sound" of what is heard. */
  readonly zone: string;
  /** Name of the thing; of two, joined by " + "; of an alarm its frequency; null where it is about none. */
  readonly object: string | null;
  /** Of a crossing. */
  readonly direction: string | null;
  readonly value: number | null;
  readonly unit: EventUnit | null;
}

/** Makes an event. */
export function eventOf(
  kind: EventKind,
  zone: string,
  { timeSec, frame, confidence }: Moment,
  more: Partial<Pick<WatchEvent, "object" | "direction" | "value" | "unit">> = {},
): WatchEvent {
  return { timeSec, frame, kind, zone, object: null, direction: null, value: null, unit: null, ...more, confidence };
}

/** Whether what it rests on is more likely wrong than right. */
export const isDoubtful = ({ confidence }: Moment): boolean => confidence < SURE;

/** The later moment, as sure as the less sure of both. */
export function weaker(before: Moment | undefined, now: Moment): Moment {
  return before === undefined ? now : { ...now, confidence: Math.min(before.confidence, now.confidence) };
}
