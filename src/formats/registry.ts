/** @file All annotation formats, and how the format of a file or folder is found. */
import { extname } from "node:path";
import type { AnnotationStream, Annotations } from "../annotations/annotations.ts";
import { forTracking } from "../annotations/forTracking.ts";
import { inPixels } from "../annotations/inPixels.ts";
import { internal, UserError } from "../core/errors.ts";
import { isFolder } from "../core/files.ts";
import { coco } from "./coco.ts";
import { FileContents } from "./contents.ts";
import { cvatImages, cvatVideo } from "./cvat.ts";
import { deepLabCut } from "./deepLabCut.ts";
import { deepLabCutH5 } from "./deepLabCutH5.ts";
import { dive } from "./dive.ts";
import type { AnnotationFormat } from "./format.ts";
import { joints } from "./joints.ts";
import type { ReadOptions } from "./json.ts";
import { labelMe } from "./labelMe.ts";
import { labelStudio, labelStudioImages } from "./labelStudio.ts";
import { maskFolder } from "./maskFolder.ts";
import { maskPicture } from "./maskPicture.ts";
import { mot, motResults } from "./mot.ts";
import { motsPng, motsText } from "./mots.ts";
import { otherTools } from "./otherTools.ts";
import { parquet } from "./parquet.ts";
import { pointsCsv } from "./pointsCsv.ts";
import { pointsJson } from "./pointsJson.ts";
import { sleapCsv } from "./sleapCsv.ts";
import { sleapH5 } from "./sleapH5.ts";
import { tapVid } from "./tapVid.ts";
import { viame } from "./viame.ts";
import { voc } from "./voc.ts";
import { yolo, yoloPose, yoloSeg } from "./yolo.ts";
import { youTubeVis } from "./youTubeVis.ts";
import { youTubeVos } from "./youTubeVos.ts";
import { isZipped, placesIn, reading, Unpacked } from "./zipped.ts";

/** Points, boxes and outlines of a clip, by hand or from another tool, read or named. */
export const pointFormats: readonly AnnotationFormat<Annotations>[] = [
  coco,
  youTubeVis,
  labelMe,
  labelStudio,
  labelStudioImages,
  dive,
  cvatVideo,
  cvatImages,
  voc,
  motsText,
  mot,
  motResults,
  viame,
  yolo,
  yoloSeg,
  yoloPose,
  deepLabCut,
  sleapCsv,
  deepLabCutH5,
  sleapH5,
  tapVid,
  parquet,
  otherTools,
  pointsJson,
  pointsCsv,
];

/** Points that a track is scored against. */
const pointTruthFormats: readonly AnnotationFormat<Annotations>[] = [joints, ...pointFormats];

/** Masks of a clip; a folder that is in no other format is one of masks. */
export const maskFormats: readonly AnnotationFormat[] = [youTubeVos, motsPng, maskFolder];

/** All formats; those recognised by their contents come before others of the same layout. */
export const formats: readonly AnnotationFormat[] = [...pointTruthFormats, maskPicture, ...maskFormats];

/**
 * The first format that matches a path; undefined if none does. Of a ZIP that of what it holds, which has to be read then:
 * it lies unpacked until it was.
 * @throws UserError if a file has to be read for that and cannot be, `format/zip`, `format/limit`
 */
export async function formatOf<Read extends AnnotationStream>(
  path: string,
  among: readonly AnnotationFormat<Read>[],
  options: Pick<ReadOptions, "encoding"> = {},
): Promise<AnnotationFormat<Read> | undefined> {
  if (!(await isZipped(path))) return plainFormatOf(path, among, options);
  return inZip(path, async (place) => plainFormatOf(place, among, options));
}

async function plainFormatOf<Read extends AnnotationStream>(
  path: string,
  among: readonly AnnotationFormat<Read>[],
  options: Pick<ReadOptions, "encoding">,
): Promise<AnnotationFormat<Read> | undefined> {
  const isDirectory = await isFolder(path);
  const contents = new FileContents(path, options.encoding, isDirectory);
  for (const format of among)
    if (hasLayout(format, path, isDirectory) && ((await format.sniff?.(contents)) ?? true)) return format;
  return undefined;
}

/** The format that a name says, as it reads a path. @throws UserError `annotations/format`, `format/zip`, `format/limit` */
export async function formatFor(path: string, name: string): Promise<AnnotationFormat> {
  const format = formatNamed(name);
  if (!(await isZipped(path))) return format;
  const fits = async (place: string) => (hasLayout(format, place, await isFolder(place)) ? format : undefined);
  const found = await inZip(path, fits);
  if (found === undefined) throw unknownFormat(path);
  return found;
}

/** The format of the first place in a ZIP that has one. That of masks is every folder's, and so the last. */
async function inZip<Read extends AnnotationStream>(
  path: string,
  formatAt: (place: string) => Promise<AnnotationFormat<Read> | undefined>,
): Promise<AnnotationFormat<Read> | undefined> {
  const unpacked = await Unpacked.from(path);
  try {
    const places = await placesIn(unpacked.folder);
    const found = await Promise.all(places.map(async (place) => ({ place, format: await formatAt(place) })));
    const known = found.filter(({ format }) => format !== undefined);
    const chosen = known.find(({ format }) => format?.name !== maskFolder.name) ?? known[0];
    if (chosen?.format !== undefined) return reading(chosen.format, chosen.place, unpacked);
    await unpacked[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    await unpacked[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether a path has the format's layout: by its extension, or as a folder. */
export function hasLayout({ layout, folder }: AnnotationFormat, path: string, isFolder = false): boolean {
  if (isFolder || layout === "folder") return isFolder && (folder === true || layout === "folder");
  return layout.includes(extname(path).toLowerCase());
}

/** Formats that a clip is tracked from. */
export const labelFormats: readonly AnnotationFormat[] = [...pointFormats, maskPicture, ...maskFormats];

/** Reads annotations in any known format. @throws UserError `annotations/format` and those of the format */
export async function readAnnotations(path: string, options: ReadOptions = {}): Promise<AnnotationStream> {
  const format = await formatOf(path, formats, options);
  if (format?.read !== undefined) return format.read(path, options);
  throw unknownFormat(path);
}

/** The error for a path that is in no known format. */
export function unknownFormat(path: string): UserError {
  return new UserError("annotations/format", {
    what: `the format of ${path} is unknown`,
    expected: `a folder of masks, or a file that ends in ${extensions(formats).join(", ")}`,
  });
}

/** The format of a name that is known to exist. */
export function formatNamed(name: string): AnnotationFormat {
  const format = formats.find((one) => one.name === name);
  if (format === undefined) throw internal(`no format ${name}`);
  return format;
}

/**
 * Reads points, boxes and outlines in any of `pointFormats`, as they are tracked: see `forTracking`.
 * @throws UserError `points/format`, `annotations/tool`, `labels/relative` and those of the format
 */
export async function readPointLabels(path: string, options?: ReadOptions): Promise<Annotations> {
  return forTracking(await readPoints(path, pointFormats, options));
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
  if (format?.read !== undefined) return requirePixels(await format.read(path, options), path);
  throw new UserError("points/format", {
    what: `the format of ${path} is unknown`,
    expected: "points or boxes in a .json or .csv file",
  });
}

/** @throws UserError `labels/relative` */
function requirePixels(annotations: Annotations, path: string): Annotations {
  if (annotations.relative === undefined) return annotations;
  if (annotations.size !== undefined) return inPixels(annotations, annotations.size);
  throw new UserError("labels/relative", {
    what: `${path} has shares of the frame's size instead of pixels`,
    todo: "write pixels first: tsumugi convert FILE --to points-csv --out points.csv --video CLIP",
  });
}

const extensions = (among: readonly AnnotationFormat[]): string[] => [
  ...new Set(among.flatMap((format) => (format === otherTools || format.layout === "folder" ? [] : format.layout))),
];
