import type { WatchEvent } from "../../src/watch/event.ts";
import type { Sighting, WatchedFrame } from "../../src/watch/sighting.ts";
import { Watcher } from "../../src/watch/watcher.ts";
import { parseZones, type ZonesInput } from "../../src/watch/zones.ts";

/** Where a thing is in each frame; null: not seen. */
export type Path = readonly (readonly [x: number, y: number, confidence?: number] | null)[];

/** Ten frames a second. */
export const FPS = 10;

export function framesOf(paths: Readonly<Record<string, Path>>, size = 0): WatchedFrame[] {
  const length = Math.max(...Object.values(paths).map((path) => path.length));
  return Array.from({ length }, (_, frame) => ({
    frame,
    timeSec: frame / FPS,
    sightings: Object.entries(paths).flatMap(([name, path]): Sighting[] => {
      const at = path[frame];
      if (at === null || at === undefined) return [];
      return [{ name, class: "part", x: at[0], y: at[1], size, confidence: at[2] ?? 1 }];
    }),
  }));
}

/** What is told of some paths. */
export function watch(zones: ZonesInput, paths: Readonly<Record<string, Path>>, size = 0): WatchEvent[] {
  const watcher = new Watcher(parseZones(zones));
  const told = framesOf(paths, size).flatMap((frame) => watcher.next(frame));
  return [...told, ...watcher.end()];
}

/** Kind, direction or zone, and object in short. */
export const said = (events: readonly WatchEvent[]): string[] =>
  events.map(({ kind, direction, object }) => [direction ?? kind, object].filter((one) => one !== null).join(" "));

/** From one place to another in steps. */
export const way = (from: number, to: number, steps: number, y = 50): [number, number][] =>
  Array.from({ length: steps + 1 }, (_, i) => [from + ((to - from) * i) / steps, y]);

export const stay = (x: number, y: number, frames: number): [number, number][] =>
  Array.from({ length: frames }, () => [x, y]);
