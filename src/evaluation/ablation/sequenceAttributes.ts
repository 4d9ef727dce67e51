/**
 * @file What makes a sequence hard, as far as its annotations show: the attributes of DAVIS-2016 that are measured and
 * not judged by eye. A sequence has an attribute when one of its objects has it.
 */
import { join } from "node:path";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import type { DavisBenchmark } from "../benchmarks/davisBenchmark.ts";
import { requireObjects, truthNames } from "../benchmarks/davisFolders.ts";

/** The attributes, and what they mean. */
export const ATTRIBUTES = {
  "fast motion": "the centre moves more than 20 px a frame on average (at 480 rows)",
  "scale variation": "the smallest bounding box has less than half of the largest one's area",
  small: "the bounding box has less than a tenth of the picture on average",
  "at the border": "the object touches the picture's border",
  "several objects": "two or more objects are followed",
} as const;

/** One of them. */
export type Attribute = keyof typeof ATTRIBUTES;

/** Rows that 20 px are meant for. */
const ROWS = 480;
const FAST = 20;
const SCALE = 0.5;
const SMALL = 0.1;

/** Where an object is in a frame, px. */
interface Place {
  readonly x: number;
  readonly y: number;
  /** Of the bounding box. */
  readonly area: number;
  readonly atBorder: boolean;
}

/**
 * The attributes of every sequence.
 * @param maxFrames look only at so many frames of each sequence. Default: all.
 * @throws UserError those of reading the annotations
 */
export async function sequenceAttributes(
  { root, sequences, resolution = "480p", annotations = "Annotations" }: DavisBenchmark,
  maxFrames = Number.POSITIVE_INFINITY,
): Promise<Record<string, Attribute[]>> {
  const entries: [string, Attribute[]][] = [];
  for (const name of sequences) {
    const folder = join(root, annotations, resolution, name);
    const paths = (await truthNames(folder)).slice(0, maxFrames).map((file) => join(folder, file));
    entries.push([name, await attributesOf(paths)]);
  }
  return Object.fromEntries(entries);
}

async function attributesOf(paths: readonly string[]): Promise<Attribute[]> {
  const first = await readMaskPng(paths[0]);
  const { ids, binary } = requireObjects(paths[0], first);
  const places = ids.map((): (Place | undefined)[] => []);
  for (const path of paths) {
    const mask = path === paths[0] ? first : await readMaskPng(path);
    ids.forEach((id, i) => places[i].push(placeOf(mask, binary ? VOID : id)));
  }
  const found = new Set(places.flatMap((own) => attributesOfObject(own, first)));
  if (ids.length > 1) found.add("several objects");
  return (Object.keys(ATTRIBUTES) as Attribute[]).filter((attribute) => found.has(attribute));
}

/** @param places by frame; undefined where the object is not seen. */
function attributesOfObject(places: readonly (Place | undefined)[], { width, height }: LabelMap): Attribute[] {
  const seen = places.filter((place) => place !== undefined);
  const steps = places.slice(1).flatMap((place, i) => {
    const before = places[i];
    return place === undefined || before === undefined ? [] : [Math.hypot(place.x - before.x, place.y - before.y)];
  });
  const areas = seen.map(({ area }) => area);
  return [
    ...(mean(steps) > (FAST * height) / ROWS ? (["fast motion"] as const) : []),
    ...(Math.min(...areas) < SCALE * Math.max(...areas) ? (["scale variation"] as const) : []),
    ...(mean(areas) < SMALL * width * height ? (["small"] as const) : []),
    ...(seen.some(({ atBorder }) => atBorder) ? (["at the border"] as const) : []),
  ];
}

/** 0 of nothing. */
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function placeOf({ width, height, data }: LabelMap, label: number): Place | undefined {
  let [count, sumX, sumY] = [0, 0, 0];
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let at = data.indexOf(label); at >= 0; at = data.indexOf(label, at + 1)) {
    const [x, y] = [at % width, Math.floor(at / width)];
    count++;
    sumX += x;
    sumY += y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  if (count === 0) return undefined;
  return {
    x: sumX / count,
    y: sumY / count,
    area: (right - left + 1) * (bottom - top + 1),
    atBorder: left === 0 || top === 0 || right === width - 1 || bottom === height - 1,
  };
}
