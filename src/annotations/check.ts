/** @file Contradictions within a clip's annotations, as data; the caller decides which are errors and words them. */
import type { Annotations } from "./annotations.ts";
import type { FrameAnnotation } from "./frameAnnotation.ts";
import { type AnnotatedObject, isObjectId } from "./object.ts";
import { type FrameSize, isInFrame } from "./point.ts";

/** A shape that is annotated by its object's name. */
export type Shape = "point" | "box" | "polygon";

/** A contradiction. */
export type AnnotationProblem =
  /** Not a valid object id. */
  | { readonly kind: "id"; readonly id: number }
  /** An id or a name that two objects have. */
  | { readonly kind: "shared"; readonly reference: number | string }
  /** The same object twice in a frame, as the same shape. */
  | { readonly kind: "twice"; readonly frame: number; readonly shape: Shape; readonly name: string }
  /** A visible point, or a corner of a visible box or polygon, beyond the frame. */
  | { readonly kind: "outside"; readonly frame: number; readonly shape: Shape; readonly name: string };

/**
 * All problems: those of the objects first, then frame by frame. Places are checked where the annotations know the
 * frames' size.
 */
export function* problemsIn({ objects, frames, size }: Annotations): Generator<AnnotationProblem, void, void> {
  yield* objectProblems(objects);
  for (const frame of frames) yield* frameProblems(frame, size);
}

function* objectProblems(objects: readonly AnnotatedObject[]): Generator<AnnotationProblem, void, void> {
  const ids = objects.flatMap(({ id }) => (id === undefined ? [] : [id]));
  for (const id of ids) if (!isObjectId(id)) yield { kind: "id", id };
  for (const reference of [...repeated(ids), ...repeated(objects.map(({ name }) => name))])
    yield { kind: "shared", reference };
}

function* frameProblems(
  annotation: FrameAnnotation,
  size: FrameSize | undefined,
): Generator<AnnotationProblem, void, void> {
  const { frame, objects = [] } = annotation;
  for (const id of objects) if (!isObjectId(id)) yield { kind: "id", id };
  for (const [shape, found] of shapesOf(annotation)) {
    for (const name of repeated(found.map(({ name }) => name))) yield { kind: "twice", frame, shape, name };
    if (size === undefined) continue;
    for (const { name, visible = true, corners } of found)
      if (visible && !corners.every((corner) => isInFrame(corner, size))) yield { kind: "outside", frame, shape, name };
  }
}

interface Cornered {
  readonly name: string;
  readonly visible?: boolean;
  readonly corners: readonly { readonly x: number; readonly y: number }[];
}

function shapesOf({ points = [], boxes = [], polygons = [] }: FrameAnnotation): [Shape, readonly Cornered[]][] {
  return [
    ["point", points.map((point) => ({ ...point, corners: [point] }))],
    ["box", boxes.map((box) => ({ ...box, corners: [box, { x: box.x + box.width, y: box.y + box.height }] }))],
    ["polygon", polygons.map((polygon) => ({ ...polygon, corners: polygon.rings.flat() }))],
  ];
}

/** What occurs more than once, each once, in the order of the second occurrences. */
function repeated<Item>(items: readonly Item[]): Item[] {
  const [seen, again] = [new Set<Item>(), new Set<Item>()];
  for (const item of items) (seen.has(item) ? again : seen).add(item);
  return [...again];
}
