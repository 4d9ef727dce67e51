/**
 * @file DIVE's own JSON, versions 1 and 2 (https://github.com/Kitware/dive, its page of data formats and
 * `client/src/track.ts`): tracks by their number, each with pairs of a class and a confidence, and features: a frame from
 * 0, a box by two corners, and geometry as GeoJSON (polygons, named points). Positions are as here. From a feature with `interpolate` on, boxes go on a straight
 * line to the next one; after others there is nothing until the next one. Groups are left out.
 */
import { z } from "zod";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import { asOneRing } from "../annotations/outline.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { Point } from "../video/point.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import {
  type Instance,
  instancesOf,
  NO_CLASS,
  type NumberedObject,
  ObjectNumbers,
  partOf,
  ringsOf,
  visibleBox,
} from "./instances.ts";
import { checkJson, parseJson, type ReadOptions, readText } from "./json.ts";
import { filledTrack, type TrackedShape } from "./keyFrames.ts";
import { FillBudget, requireFrameIndex } from "./limits.ts";
import { HOLDS_NOTHING, type Losses } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { usable } from "./usable.ts";
import { boxAround } from "./viame.ts";

const place = z.tuple([z.number(), z.number()]).rest(z.number());

/** Shapes of kinds that are not read (`LineString` from head to tail) have a type alone. */
const shapeSchema = z.union([
  z.object({ type: z.literal("Polygon"), coordinates: z.array(z.array(place)) }),
  z.object({ type: z.literal("Point"), coordinates: place }),
  z.object({ type: z.string() }),
]);

const featureSchema = z.object({
  frame: z.number(),
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullish(),
  interpolate: z.boolean().nullish(),
  keyframe: z.boolean().nullish(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
  geometry: z
    .object({ features: z.array(z.object({ geometry: shapeSchema, properties: z.looseObject({}).nullish() })) })
    .nullish(),
});
type Feature = z.output<typeof featureSchema>;

const trackSchema = z.object({
  id: z.number().optional(),
  /** In version 1. */
  trackId: z.number().optional(),
  confidencePairs: z.array(z.tuple([z.string(), z.number()])).default([]),
  features: z.array(featureSchema.nullable()).default([]),
});
const fileSchema = z.object({ tracks: z.record(z.string(), trackSchema) });

/** Reading throws UserError `json/invalid`, `points/empty`, `points/twice`, `format/limit`. */
export const dive = {
  name: "dive-json",
  layout: [".json"],
  async sniff(file: FileContents): Promise<boolean> {
    const value = await file.json();
    if (hasKeys(value, "tracks", "version")) return typeof value.tracks === "object" && !Array.isArray(value.tracks);
    return isFirstVersion(value);
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const value = parseJson(await readText(path, "file of DIVE", options), path);
    const { tracks } = checkJson(isFirstVersion(value) ? { tracks: value } : value, fileSchema, path);
    return readTracks(Object.entries(tracks), path, options);
  },
  holds: { ...HOLDS_NOTHING, extents: true, boxes: true, points: true, tracks: true, classes: true },
  write: writeDive,
} satisfies AnnotationFormat<Annotations>;

/** Tracks alone, by their numbers. */
function isFirstVersion(value: unknown): boolean {
  const [first] = Object.values(typeof value === "object" && value !== null ? value : {}) as unknown[];
  return !Array.isArray(value) && hasKeys(first, "trackId", "features");
}

type Track = z.output<typeof trackSchema>;

function readTracks(entries: readonly [string, Track][], path: string, options: ReadOptions): Annotations {
  const tracks = entries.map(([key, track]) => {
    const [kind, confidence] = track.confidencePairs.toSorted((a, b) => b[1] - a[1])[0] ?? [NO_CLASS];
    return { track: track.id ?? track.trackId ?? key, kind, confidence, features: track.features.filter(isThere) };
  });
  const { names } = objectNames(tracks.map(({ kind, track }) => ({ picture: 0, kind, track })));
  const budget = new FillBudget();
  const turned = tracks.flatMap(({ features }) => features.filter(({ attributes }) => attributes?.["rotation"]));
  if (turned.length > 0) options.logger?.warn(`${path}: left out the rotation of ${turned.length} boxes`);
  const frames = mergeFrames(
    tracks.flatMap(({ features, confidence }, i) => {
      const named = { name: names[i], confidence, where: `${path}, track ${tracks[i].track}` };
      return [...boxFrames(features, named, budget), ...features.map((feature) => shapesOf(feature, named))];
    }),
  ).filter(({ boxes, polygons, points }) => boxes ?? polygons ?? points);
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no detection`, expected: "at least one" });
  const objects = objectsIn(frames, new Map(names.map((name, i) => [name, tracks[i].kind])));
  const annotations = usable({ objects, frames }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

const isThere = (feature: Feature | null): feature is Feature => feature !== null;

/** What the shapes of a track have in common. */
interface Named {
  readonly name: string;
  readonly confidence: number | undefined;
  /** For messages. */
  readonly where: string;
}

const surely = ({ confidence = Number.NaN }: Named) => (confidence >= 0 && confidence <= 1 ? { confidence } : {});

/** The boxes of a track, and those on the way between them. */
function boxFrames(features: readonly Feature[], named: Named, budget: FillBudget): UnmaskedFrame[] {
  const shapes = features.flatMap(({ frame, bounds, interpolate, keyframe }): TrackedShape[] => {
    if (bounds == null) return [];
    const [left, top, right, bottom] = bounds;
    return [
      {
        frame: requireFrameIndex(frame, `${named.where}: the frame`),
        shape: { kind: "box", x: left, y: top, width: right - left, height: bottom - top },
        key: keyframe !== false,
        outside: false,
        stops: interpolate !== true,
        occluded: false,
      },
    ];
  });
  const ordered = shapes.toSorted((a, b) => a.frame - b.frame);
  return filledTrack(ordered, undefined, { budget, where: named.where }).shapes.flatMap(({ frame, shape, key }) => {
    if (shape.kind !== "box") return [];
    const { x, y, width, height } = shape;
    return [{ frame, boxes: [{ name: named.name, x, y, width, height, ...(!key && { key }), ...surely(named) }] }];
  });
}

/** The outlines and points of a feature: all polygons are one thing, holes are rings of their own. */
function shapesOf({ frame, geometry }: Feature, named: Named): UnmaskedFrame {
  const { name } = named;
  const rings: Point[][] = [];
  const points = new Map<string, Point>();
  for (const { geometry: shape, properties } of geometry?.features ?? []) {
    if (isPolygon(shape)) rings.push(...shape.coordinates.map(ringOf));
    if (!isPoint(shape)) continue;
    const [x, y] = shape.coordinates;
    const key = properties?.["key"];
    points.set(typeof key === "string" && key !== "" ? key : "point", { x, y });
  }
  return {
    frame: requireFrameIndex(frame, `${named.where}: the frame`),
    ...(rings.length > 0 && { polygons: [{ name, rings, ...surely(named) }] }),
    ...(points.size > 0 && {
      points: [...points].map(([part, at]) => ({
        ...at,
        name: `${name} ${part}`,
        visible: true,
        of: { object: name, part },
      })),
    }),
  };
}

type Shape = z.output<typeof shapeSchema>;
const isPolygon = (shape: Shape): shape is Extract<Shape, { type: "Polygon" }> =>
  shape.type === "Polygon" && "coordinates" in shape;
const isPoint = (shape: Shape): shape is Extract<Shape, { type: "Point" }> =>
  shape.type === "Point" && "coordinates" in shape;

/** Without the last corner of GeoJSON, which is the first. */
function ringOf(corners: readonly (readonly number[])[]): Point[] {
  const [first, last] = [corners[0], corners.at(-1)];
  const isClosed = corners.length > 1 && first[0] === last?.[0] && first[1] === last[1];
  return (isClosed ? corners.slice(0, -1) : corners).map(([x, y]) => ({ x, y }));
}

/** @throws UserError `file/write` */
async function writeDive(path: string, stream: AnnotationStream, { losses, fps }: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const tracks = new Map<NumberedObject, WrittenFeature[]>();
  for await (const frame of stream.frames)
    for (const instance of instancesOf(frame, numbers)) {
      const feature = featureOf(instance, frame.frame, losses);
      if (feature === undefined) continue;
      const features = tracks.get(instance.object) ?? [];
      features.push(feature);
      tracks.set(instance.object, features);
    }
  const file = {
    version: 2,
    ...(fps !== undefined && { fps: Number(fps.toFixed(6)) }),
    tracks: Object.fromEntries([...tracks].map(([object, features]) => [object.number, trackOf(object, features)])),
    groups: {},
  };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`);
}

type WrittenFeature = Pick<Feature, "frame"> & Readonly<Record<string, unknown>>;

function trackOf({ number, class: kind }: NumberedObject, features: readonly WrittenFeature[]): object {
  const [begin, end] = [features[0]?.frame, features.at(-1)?.frame];
  return { id: number, begin, end, confidencePairs: [[kind, 1]], attributes: {}, meta: {}, features };
}

function featureOf(instance: Instance, frame: number, losses: Losses): WrittenFeature | undefined {
  const { extent, verdict } = instance;
  const points = instance.points.filter(isVisible);
  const box = visibleBox(instance) ?? boxAround(points);
  if (box === undefined) return undefined;
  if (instance.box === undefined && extent === undefined) losses.tell("a box for each thing: wrote %s around points");
  const rings = extent === undefined || !isVisible(verdict) ? [] : ringsOf(extent);
  if (rings.length > 1) losses.tell("one outline a thing: joined the parts and holes of %s by lines of no width");
  const outline = rings.length === 0 ? [] : asOneRing(rings);
  const features = [
    ...(outline.length === 0
      ? []
      : [
          {
            ...GEO,
            geometry: { type: "Polygon", coordinates: [[...outline, outline[0]].map(pair)] },
            properties: { key: "" },
          },
        ]),
    ...points.map((point) => ({
      ...GEO,
      geometry: { type: "Point", coordinates: pair(point) },
      properties: { key: partOf(point) },
    })),
  ];
  const [left, top] = pair(box);
  const [right, bottom] = pair({ x: box.x + box.width, y: box.y + box.height });
  return {
    frame,
    bounds: [left, top, right, bottom],
    keyframe: true,
    interpolate: false,
    ...(features.length > 0 && { geometry: { type: "FeatureCollection", features } }),
  };
}

const GEO = { type: "Feature" };

const pair = ({ x, y }: Point): [number, number] => [Number(x.toFixed(3)), Number(y.toFixed(3))];
