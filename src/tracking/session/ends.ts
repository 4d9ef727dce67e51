/** @file Ends of objects and points, by the names that the labels have for them. */
import { UserError } from "../../core/errors.ts";
import type { FrameLabels, KeyFrame } from "./keyFrame.ts";

/** What labels name, of all frames. */
export interface KnownThings {
  /** Ids. */
  readonly objects: ReadonlySet<number>;
  /** Names of points. */
  readonly points: ReadonlySet<string>;
}

/** A key frame with what it names. */
export type NamingKey = Pick<KeyFrame, "objects"> & { readonly points: readonly { readonly name: string }[] };

/** Everything that key frames name. */
export function knownIn(keys: Iterable<NamingKey>): KnownThings {
  const all = [...keys];
  return {
    objects: new Set(all.flatMap(({ objects }) => objects)),
    points: new Set(all.flatMap(({ points }) => points.map(({ name }) => name))),
  };
}

/**
 * The labels with their ends as things are called: the name of a box is its object, a number that no object has may be
 * the name of a point.
 * @param names of objects, with their ids.
 */
export function namedEnds(labels: FrameLabels, known: KnownThings, names: ReadonlyMap<string, number>): FrameLabels {
  if (labels.ends === undefined) return labels;
  const ends = labels.ends.map((end) => {
    if (typeof end === "string") return known.points.has(end) ? end : (names.get(end) ?? end);
    return !known.objects.has(end) && known.points.has(String(end)) ? String(end) : end;
  });
  return { ...labels, ends };
}

/** @throws UserError `labels/end` for an end of something that no frame labels */
export function requireKnownEnds(
  { ends = [], frame, name = `the labels of frame ${frame}` }: FrameLabels,
  { objects, points }: KnownThings,
): void {
  const strange = ends.find((end) => !(typeof end === "number" ? objects.has(end) : points.has(end)));
  if (strange === undefined) return;
  const known = [
    ...[...objects].toSorted((a, b) => a - b).map((id) => `object ${id}`),
    ...[...points].map((point) => `point "${point}"`),
  ];
  throw new UserError("labels/end", {
    what: `${name}: nothing that is labelled has this name`,
    got: typeof strange === "number" ? `object ${strange}` : `"${strange}"`,
    expected: known.length > 0 ? known.join(", ") : "something that is labelled",
    todo: "check the id or the name; masks hold ids, files of points and boxes names",
  });
}
