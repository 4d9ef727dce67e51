/** @file All annotation formats, and how the format of a file or folder is found. */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import type { AnnotationStream, Annotations } from "../annotations/annotations.ts";
import { UserError } from "../core/errors.ts";
import { coco } from "./coco.ts";
import { FileContents } from "./contents.ts";
import { deepLabCut } from "./deepLabCut.ts";
import type { AnnotationFormat } from "./format.ts";
import { joints } from "./joints.ts";
import type { ReadOptions } from "./json.ts";
import { labelMe } from "./labelMe.ts";
import { maskFolder } from "./maskFolder.ts";
import { maskPicture } from "./maskPicture.ts";
import { otherTools } from "./otherTools.ts";
import { pointsCsv } from "./pointsCsv.ts";
import { pointsJson } from "./pointsJson.ts";
import { sleapCsv } from "./sleapCsv.ts";

/** Points and boxes of a clip, by hand or from another tool, read or named. */
export const pointFormats: readonly AnnotationFormat<Annotations>[] = [
  coco,
  labelMe,
  deepLabCut,
  sleapCsv,
  otherTools,
  pointsJson,
  pointsCsv,
];

/** Points that a track is scored against. */
const pointTruthFormats: readonly AnnotationFormat<Annotations>[] = [joints, ...pointFormats];

/** All formats; those recognised by their contents come before others of the same layout. */
export const formats: readonly AnnotationFormat[] = [...pointTruthFormats, maskPicture, maskFolder];

/**
 * The first format that matches a path; undefined if none does.
 * @throws UserError if a file has to be read for that and cannot be
 */
export async function formatOf<Read extends AnnotationStream>(
  path: string,
  among: readonly AnnotationFormat<Read>[],
  options: Pick<ReadOptions, "encoding"> = {},
): Promise<AnnotationFormat<Read> | undefined> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const contents = new FileContents(path, options.encoding);
  for (const format of among)
    if (hasLayout(format, path, isFolder) && ((await format.sniff?.(contents)) ?? true)) return format;
  return undefined;
}

/** Whether a path has the format's layout: by its extension, or as a folder. */
export function hasLayout({ layout }: AnnotationFormat, path: string, isFolder = false): boolean {
  return layout === "folder" ? isFolder : layout.includes(extname(path).toLowerCase());
}

/** Reads annotations in any known format. @throws UserError `annotations/format` and those of the format */
export async function readAnnotations(path: string, options: ReadOptions = {}): Promise<AnnotationStream> {
  const format = await formatOf(path, formats, options);
  if (format?.read !== undefined) return format.read(path, options);
  throw new UserError("annotations/format", {
    what: `the format of ${path} is unknown`,
    expected: `a folder of masks, or a file that ends in ${extensions(formats).join(", ")}`,
  });
}

/**
 * Reads points and boxes in any of `pointFormats`.
 * @throws UserError `points/format`, `annotations/tool` and those of the format
 */
export function readPointLabels(path: string, options?: ReadOptions): Promise<Annotations> {
  return readPoints(path, pointFormats, options);
}

/**
 * Reads points and boxes, or joints: a JSON file that states a coordinate convention holds joints.
 * @throws UserError as `readPointLabels` and those of `joints`
 */
export function readPointTruth(path: string, options?: ReadOptions): Promise<Annotations> {
  return readPoints(path, pointTruthFormats, options);
}

async function readPoints(
  path: string,
  among: readonly AnnotationFormat<Annotations>[],
  options: ReadOptions = {},
): Promise<Annotations> {
  const format = await formatOf(path, among, options);
  if (format?.read !== undefined) return format.read(path, options);
  throw new UserError("points/format", {
    what: `the format of ${path} is unknown`,
    expected: "points or boxes in a .json or .csv file",
  });
}

const extensions = (among: readonly AnnotationFormat[]): string[] => [
  ...new Set(among.flatMap((format) => (format === otherTools || format.layout === "folder" ? [] : format.layout))),
];
