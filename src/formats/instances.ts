/**
 * @file What formats write: the things of a frame, each with all that is annotated of it. The model lists shapes by kind,
 * other formats list things.
 */
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { objectIdsIn } from "../annotations/mask.ts";
import { type AnnotatedObject, isObjectId } from "../annotations/object.ts";
import { outlineOf } from "../annotations/outline.ts";
import type { FrameSize, PointAnnotation } from "../annotations/point.ts";
import type { PolygonAnnotation } from "../annotations/polygon.ts";
import { boundsOf, filled, type Region, regionOf } from "../annotations/region.ts";
import { isVisible, type Verdict } from "../annotations/verdict.ts";
import type { Point } from "../video/point.ts";

/** A thing under the number that it has throughout the file. */
export interface NumberedObject {
  /** From 1; the object's id where it has one. */
  readonly number: number;
  readonly name: string;
  readonly class: string;
}

/** The extent of a thing: its pixels, or rings by the even-odd rule. */
export type Extent = { readonly region: Region } | { readonly rings: PolygonAnnotation["rings"] };

/** A thing in a frame. */
export interface Instance {
  readonly object: NumberedObject;
  readonly box?: BoxAnnotation;
  readonly extent?: Extent;
  readonly points: readonly PointAnnotation[];
  /** Of its extent, else its box, else none. */
  readonly verdict: Verdict;
}

/** The thing that points on their own are written as, in formats whose points belong to things. */
const OF_POINTS = "points";

/** What is said of a thing without a class whose name is only a number. */
export const NO_CLASS = "object";

/** Numbers for the objects of a clip, in the order in which they come. */
export class ObjectNumbers {
  private readonly byName = new Map<string, NumberedObject>();
  private readonly names = new Map<number, string>();
  private readonly classes = new Map<string, string>();
  private readonly used = new Set<number>();
  private next = 1;

  constructor(known: readonly AnnotatedObject[]) {
    for (const { id, name, class: kind } of known) {
      if (kind !== undefined) this.classes.set(name, kind);
      if (id !== undefined) this.names.set(id, name);
    }
    for (const { id, name } of known) if (id !== undefined) this.add(name, id);
  }

  /** Those that were asked for so far, in this order. */
  get all(): readonly NumberedObject[] {
    return [...this.byName.values()];
  }

  named(name: string): NumberedObject {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const number = Number(name);
    return this.add(name, isObjectId(number) && !this.used.has(number) ? number : this.free());
  }

  withId(id: number): NumberedObject {
    return this.named(this.names.get(id) ?? String(id));
  }

  /** The object that has this number. */
  numbered(number: number): NumberedObject {
    return this.all.find((object) => object.number === number) ?? this.withId(number);
  }

  private add(name: string, number: number): NumberedObject {
    const kind = this.classes.get(name) ?? (/^\d+$/u.test(name) ? NO_CLASS : name);
    const object = { number, name, class: kind };
    this.used.add(number);
    this.byName.set(name, object);
    return object;
  }

  private free(): number {
    while (this.used.has(this.next)) this.next++;
    return this.next;
  }
}

interface Gathered {
  object: NumberedObject;
  box?: BoxAnnotation;
  extent?: Extent;
  points: PointAnnotation[];
  verdict: Verdict;
}

/** The things of a frame: those of its mask by their ids, then in the order of polygons, boxes and points. */
export function instancesOf(frame: FrameAnnotation, numbers: ObjectNumbers): Instance[] {
  const found = new Map<NumberedObject, Gathered>();
  const of = (object: NumberedObject): Gathered => {
    const one = found.get(object) ?? { object, points: [], verdict: {} };
    found.set(object, one);
    return one;
  };
  for (const { id, region, verdict } of maskObjects(frame)) {
    const one = of(numbers.withId(id));
    one.verdict = verdict;
    if (region !== undefined) one.extent = { region };
  }
  for (const polygon of frame.polygons ?? []) {
    const one = of(numbers.named(polygon.name));
    one.extent ??= { rings: polygon.rings };
    one.verdict = verdictOf(polygon);
  }
  for (const box of frame.boxes ?? []) {
    const one = of(numbers.named(box.name));
    one.box = box;
    if (one.extent === undefined) one.verdict = verdictOf(box);
  }
  for (const point of frame.points ?? []) of(numbers.named(point.of?.object ?? OF_POINTS)).points.push(point);
  return [...found.values()];
}

function* maskObjects({ mask, objects, verdicts = [] }: FrameAnnotation) {
  if (mask === undefined) return;
  for (const id of objects ?? objectIdsIn(mask)) {
    const { id: _, ...said } = verdicts.find((one) => one.id === id) ?? { id };
    const region = regionOf(mask, id);
    yield { id, region, verdict: region === undefined ? { ...said, visible: false } : said };
  }
}

function verdictOf({ visible, occluded, key, confidence, review }: Verdict): Verdict {
  return {
    ...(visible !== undefined && { visible }),
    ...(occluded !== undefined && { occluded }),
    ...(key !== undefined && { key }),
    ...(confidence !== undefined && { confidence }),
    ...(review !== undefined && { review }),
  };
}

/** What a point is called in formats whose things have parts. */
export const partOf = ({ name, of }: PointAnnotation): string => of?.part ?? name;

/** The rings of an extent: as drawn, or along the edges of its pixels. */
export function ringsOf(extent: Extent): readonly (readonly Point[])[] {
  return "rings" in extent ? extent.rings : outlineOf(extent.region);
}

/** The pixels of an extent within a frame; undefined for none. */
export function regionIn(extent: Extent, size: FrameSize): Region | undefined {
  return "region" in extent ? extent.region : filled(extent.rings, size);
}

/** The box as annotated, or that of the extent, or that of the visible points. */
export function boxIn({ object, box, extent, points, verdict }: Instance): BoxAnnotation | undefined {
  if (box !== undefined) return box;
  if (extent !== undefined && "region" in extent) {
    const { x, y, width, height } = extent.region;
    return { ...verdict, name: object.name, x, y, width, height };
  }
  const corners = extent === undefined ? points.filter(({ visible = true }) => visible) : extent.rings.flat();
  const around = boxAround(corners);
  return around && { ...verdict, name: object.name, ...around };
}

/** The box of a thing that is visible and has more than points. */
export function visibleBox(instance: Instance): BoxAnnotation | undefined {
  const box = instance.box === undefined && instance.extent === undefined ? undefined : boxIn(instance);
  return box !== undefined && isVisible(box) ? box : undefined;
}

function boxAround(corners: readonly Point[]) {
  const { left, top, right, bottom } = boundsOf(corners);
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}
