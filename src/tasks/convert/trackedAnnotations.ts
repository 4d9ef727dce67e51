/** @file What `tsumugi track` left in a folder, as annotations. */
import { basename, join } from "node:path";
import { isThere } from "../../core/files.ts";
import type { AnnotationStream } from "../../annotations/annotations.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { isObjectId } from "../../annotations/object.ts";
import { maskOf, openTrackedFolder, type TrackedFolder } from "../../review/trackedFolder.ts";
import { type FrameRows, frameRows, isSeen, type TrackRow } from "../../review/trackRows.ts";

/** Whether a folder holds results of `track`, finished or not. */
export async function isTrackedFolder(path: string): Promise<boolean> {
  return (await isThere(join(path, "tracks.jsonl"))) || (await isThere(join(path, "session.json")));
}

/**
 * Masks with their verdicts, and points, frame by frame in bounded memory.
 * @throws UserError those of `openTrackedFolder`; while frames are read those of `frameRows` and `readMaskPng`
 */
export async function trackedAnnotations(path: string): Promise<AnnotationStream> {
  const folder = await openTrackedFolder(path);
  const { objects, width, height, video } = folder.summary;
  const isPoint = (name: string): boolean => folder.points.has(name);
  return {
    sequence: basename(video),
    size: { width, height },
    objects: objects
      .filter(({ name, label }) => !isPoint(name) && isObjectId(label))
      .map(({ name, label }) => ({ id: label, name })),
    frames: framesOf(folder),
  };
}

async function* framesOf(folder: TrackedFolder): AsyncGenerator<FrameAnnotation, void, void> {
  const ids = new Map(folder.summary.objects.map(({ name, label }) => [name, label]));
  for await (const rows of frameRows(folder.tracks)) yield await frameOf(folder, rows, ids);
}

async function frameOf(
  folder: TrackedFolder,
  { frame, timeSec, rows }: FrameRows,
  ids: ReadonlyMap<string, number>,
): Promise<FrameAnnotation> {
  const mask = await maskOf(folder, frame);
  const isPoint = ({ object, area_px }: TrackRow): boolean =>
    mask === undefined || (folder.points.has(object) && area_px === null);
  const verdicts = rows.flatMap((row) => {
    const id = ids.get(row.object);
    return isPoint(row) || id === undefined ? [] : [{ id, visible: isSeen(row), confidence: row.confidence }];
  });
  const image = nameOf(folder, frame);
  return {
    frame,
    timeSec,
    ...(image !== undefined && { image }),
    ...(mask !== undefined && { mask, objects: verdicts.map(({ id }) => id), verdicts }),
    points: rows.filter(isPoint).map(pointOf),
  };
}

/** The name of a frame that has one of its own. */
function nameOf({ maskPath }: TrackedFolder, frame: number): string | undefined {
  const path = maskPath(frame);
  const name = path === undefined ? undefined : basename(path, ".png");
  return name === String(frame).padStart(5, "0") ? undefined : name;
}

/** Where it is not visible, the table has no place. */
function pointOf({ object, x_px, y_px, confidence, state }: TrackRow) {
  return { name: object, x: x_px ?? 0, y: y_px ?? 0, visible: isSeen({ state }) && x_px !== null, confidence };
}
