/**
 * @file Names for objects that a tool gives only a class: unique in a picture, the same in all pictures where the tool
 * says which are the same.
 */
import type { Logger } from "../core/log.ts";

/** An object in a picture. */
export interface ClassedObject {
  /** The picture that it is in. */
  readonly picture: number | string;
  /** What kind of thing it is. */
  readonly kind: string;
  /** Which one it is throughout the clip; absent: not said. */
  readonly track?: number | string;
}

/** Names by object, and whether objects of different pictures were taken for the same by their order alone. */
export interface ObjectNames {
  readonly names: readonly string[];
  readonly isByOrder: boolean;
}

/**
 * The class alone where no picture has two of it; else with the track's name, or with its number in the picture, from
 * 1.
 */
export function objectNames(objects: readonly ClassedObject[]): ObjectNames {
  const seen = new Map<string, number>();
  const places = objects.map(({ picture, kind }) => {
    const key = JSON.stringify([picture, kind]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key) ?? 1;
  });
  const many = new Set(objects.filter((_, i) => places[i] > 1).map(({ kind }) => kind));
  const tracks = new Map<string, Set<string>>();
  for (const { kind, track } of objects) tracks.set(kind, (tracks.get(kind) ?? new Set()).add(String(track)));
  const names = objects.map(({ kind, track }, i) => {
    if (track !== undefined) return (tracks.get(kind)?.size ?? 0) > 1 ? `${kind} ${track}` : kind;
    return many.has(kind) ? `${kind} ${places[i]}` : kind;
  });
  const numbered = objects.filter(({ kind, track }) => track === undefined && many.has(kind));
  return { names, isByOrder: new Set(numbered.map(({ picture }) => picture)).size > 1 };
}

/** Says that objects of different pictures were taken for the same by their order alone. */
export function warnOfOrder(path: string, logger?: Logger): void {
  logger?.warn(
    `${path} does not say which objects of several pictures are the same: numbered in the order of each picture`,
  );
}
