/**
 * @file What was tracked next to what was labelled, one observation for every thing in every verdict frame. Only things
 * that the passage's first label names are observed: nothing else was asked of the tracker.
 */
import { readFile } from "node:fs/promises";
import { internal } from "../core/errors.ts";
import { labelOverlaps } from "../metrics/labelOverlap.ts";
import { jointDistances } from "../metrics/pck.ts";
import { type LabelMap, VOID } from "../video/labelMap.ts";
import { readMaskPng } from "../video/masks/maskPng.ts";
import { readSitePoints, type SiteLabel, type SiteMasks } from "./labels.ts";
import type { LabelledPassage } from "./runPlan.ts";

/** A thing in a frame. */
export interface Observation {
  readonly passage: string;
  readonly clip: string;
  readonly camera: string;
  readonly frame: number;
  /** Of the frame's files. */
  readonly name: string;
  /** Value of the object in masks, or name of the point. */
  readonly thing: string;
  /** Of the tracker; null where it has none. */
  readonly confidence: number | null;
  /** Frames from the nearest label that was given. */
  readonly away: number;
  readonly found: FoundMask | FoundPoint;
}

export interface FoundMask {
  readonly kind: "mask";
  /** With the truth, 0..1; 1 if both are empty. */
  readonly iou: number;
  /** Pixels of the tracked mask, of the true one, and of a frame. */
  readonly area: number;
  readonly trueArea: number;
  readonly frameArea: number;
}

export interface FoundPoint {
  readonly kind: "point";
  /** From the true place, in boxes (0.6 × the diagonal of all true points of the frame); null if it was not found. */
  readonly distance: number | null;
}

/** What a tracker says of a frame. */
export interface Prediction {
  readonly mask: LabelMap | undefined;
  readonly points: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** By thing. */
  readonly confidence: ReadonlyMap<string, number>;
}

/** Predictions for the frames of a passage; undefined where there is none. */
export type Predictor = (label: SiteLabel) => Promise<Prediction | undefined>;

/** The verdict frames of a passage that have a prediction, observed. @param given frames that the tracker was given */
export async function observePassage(
  { given, verdict, passage }: LabelledPassage,
  predict: Predictor,
  frames: readonly number[],
  masks: SiteMasks,
): Promise<Observation[]> {
  const [first] = given;
  const out: Observation[] = [];
  for (const label of verdict.filter(({ kind }) => kind === first.kind)) {
    const prediction = await predict(label);
    if (prediction === undefined) continue;
    const found =
      label.kind === "mask"
        ? foundMasks(await masks.read(first), await masks.read(label), prediction)
        : foundPoints(await readSitePoints(first), await readSitePoints(label), prediction);
    const away = Math.min(...frames.map((frame) => Math.abs(frame - label.frame)));
    const { frame, name } = label;
    for (const [thing, one] of found) {
      const confidence = prediction.confidence.get(thing) ?? null;
      const { key, clip, camera } = passage;
      out.push({ passage: key, clip, camera, frame, name, thing, confidence, away, found: one });
    }
  }
  return out;
}

/** Values of objects in a mask. */
export function objectsIn({ data }: LabelMap): number[] {
  return [...new Set(data)].filter((value) => value !== 0 && value !== VOID).sort((a, b) => a - b);
}

function foundMasks(first: LabelMap, truth: LabelMap, { mask }: Prediction): [string, FoundMask][] {
  if (mask === undefined) throw internal("a prediction of masks without a mask");
  const overlapOf = labelOverlaps(mask, truth);
  return objectsIn(first).map((id) => [
    String(id),
    { kind: "mask", ...overlapOf(id), frameArea: truth.width * truth.height },
  ]);
}

function foundPoints(
  first: readonly { readonly name: string }[],
  truth: readonly { readonly name: string; readonly x: number; readonly y: number }[],
  { points }: Prediction,
): [string, FoundPoint][] {
  const asked = new Set(first.map(({ name }) => name));
  const own = truth.filter(({ name }) => asked.has(name));
  const distances = jointDistances(
    own,
    own.map(({ name }) => points.get(name) ?? null),
  );
  return own.map(({ name }, i) => {
    const distance = distances[i];
    return [name, { kind: "point", distance: distance === null || distance === Infinity ? null : distance }];
  });
}

/** Repeats the first label in every frame: what tracking has to beat. */
export function copyFirst({ given: [first] }: LabelledPassage, masks: SiteMasks): Predictor {
  return async () => {
    const mask = first.kind === "mask" ? await masks.read(first) : undefined;
    const points = first.kind === "points" ? await readSitePoints(first) : [];
    return { mask, points: new Map(points.map((point) => [point.name, point])), confidence: new Map() };
  };
}

/** Reads what a session left. @param folder of the session */
export function trackedIn(folder: string): Predictor {
  let records: Promise<ReadonlyMap<number, JournalLine>> | undefined;
  return async ({ frame, name, kind }) => {
    records ??= journalOf(`${folder}/frames.jsonl`);
    const record = (await records).get(frame);
    if (record === undefined) return undefined;
    const things = [
      ...record.objects.map(({ id, confidence }) => [String(id), confidence] as const),
      ...record.points.map((point) => [point.name, point.confidence] as const),
    ];
    const mask = kind === "mask" ? await readMaskPng(`${folder}/masks/${name}.png`) : undefined;
    const points = new Map(record.points.map((point) => [point.name, point]));
    return { mask, points, confidence: new Map(things) };
  };
}

interface JournalLine {
  readonly frame: number;
  readonly objects: readonly { readonly id: number; readonly confidence: number }[];
  readonly points: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly confidence: number;
  }[];
}

/** A passage's records by frame; the last of a frame counts. */
async function journalOf(path: string): Promise<ReadonlyMap<number, JournalLine>> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => JSON.parse(line) as JournalLine).map((line) => [line.frame, line]));
}
