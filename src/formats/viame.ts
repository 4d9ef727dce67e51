/**
 * @file VIAME's CSV, as DIVE reads and writes it (Kitware/dive, `server/dive_utils/serializers/viame.py`): a row for each
 * detection with its track, the picture's name or a time, the frame from 0, the box by two corners, a confidence, a length
 * (−1: none), then pairs of a class and a confidence, then attributes in one cell each: `(poly) x y x y …`,
 * `(kp) NAME x y`, `(atr) …`, `(trk-atr) …`. Lines that begin with `#` are comments. Positions are as here. A track has
 * the classes of its last row, the most confident first.
 */
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import { asOneRing } from "../annotations/outline.ts";
import { boundsOf } from "../annotations/region.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { Point } from "../video/point.ts";
import type { FileContents } from "./contents.ts";
import { csvField, CsvNumbers, type CsvRecord, csvRecords } from "./csv.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { type Instance, instancesOf, NO_CLASS, ObjectNumbers, partOf, ringsOf, visibleBox } from "./instances.ts";
import { type ReadOptions, readText } from "./json.ts";
import { requireFrameIndex } from "./limits.ts";
import { HOLDS_NOTHING, type Losses } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { usable } from "./usable.ts";

const HEADER = [
  "# 1: Detection or Track-id",
  "2: Video or Image Identifier",
  "3: Unique Frame Identifier",
  "4-7: Img-bbox(TL_x",
  "TL_y",
  "BR_x",
  "BR_y)",
  "8: Detection or Length Confidence",
  "9: Target Length (0 or -1 if invalid)",
  "10-11+: Repeated Species",
  "Confidence Pairs or Attributes",
].join();

/** Columns before the pairs. */
const FIXED = 9;
const ATTRIBUTE = /^\((?<kind>[a-z-]+)\)\s+(?<value>.*)$/su;
const PICTURE = /\.(?:png|jpe?g|tiff?|bmp|webp)$/iu;

/** Reading throws UserError `csv/invalid`, `points/empty`, `points/twice`, `format/limit`. */
export const viame = {
  name: "viame",
  layout: [".csv"],
  async sniff(file: FileContents): Promise<boolean> {
    const records = await file.firstRows();
    if (records.slice(0, 1).some(({ values }) => values[0].startsWith("# 1: Detection or Track-id"))) return true;
    const row = records.find(isData);
    return row !== undefined && isDetection(row);
  },
  read: readViame,
  holds: {
    ...HOLDS_NOTHING,
    extents: true,
    boxes: true,
    points: true,
    tracks: true,
    classes: true,
    confidence: true,
  },
  write: writeViame,
} satisfies AnnotationFormat<Annotations>;

const isData = ({ values: [first] }: CsvRecord): boolean => !first.startsWith("#") && first !== "";

const isNumber = (value: string): boolean => value !== "" && Number.isFinite(Number(value));

/** Numbers where VIAME has them, and a text where tables of numbers alone have none. */
function isDetection({ values }: CsvRecord): boolean {
  const numbers = [values[0], ...values.slice(2, FIXED)];
  return values.length > FIXED && numbers.every(isNumber) && !(isNumber(values[1]) && isNumber(values[FIXED]));
}

interface Detection {
  readonly frame: number;
  readonly image?: string;
  readonly id: number;
  readonly box: Omit<BoxAnnotation, "name">;
  readonly kind: string;
  readonly rings: readonly (readonly Point[])[];
  readonly points: readonly (Point & { readonly part: string })[];
  /** Attributes that are not read. */
  readonly others: number;
}

async function readViame(path: string, options: ReadOptions = {}): Promise<Annotations> {
  const { records, separator } = csvRecords(await readText(path, "VIAME table", options), path);
  const numbers = new CsvNumbers(separator, path);
  const rows = records.filter(isData).map((record) => detectionOf(record, numbers, path));
  if (rows.length === 0)
    throw new UserError("points/empty", { what: `${path} has no detection`, expected: "at least one" });
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]));
  const labels = rows.map(({ frame, id }) => ({ picture: frame, kind: kinds.get(id) ?? NO_CLASS, track: id }));
  const { names } = objectNames(labels);
  const others = rows.reduce((sum, row) => sum + row.others, 0);
  if (others > 0) options.logger?.warn(`${path}: left out attributes other than polygons and key points: ${others}`);
  const frames = mergeFrames(rows.map((row, i) => frameOf(row, names[i])));
  const objects = objectsIn(frames, new Map(names.map((name, i) => [name, labels[i].kind])));
  const annotations = usable({ objects, frames }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

function frameOf({ frame, image, box, rings, points }: Detection, name: string): UnmaskedFrame {
  const { confidence } = box;
  return {
    frame,
    ...(image !== undefined && { image }),
    boxes: [{ ...box, name }],
    ...(rings.length > 0 && { polygons: [{ name, rings, ...(confidence !== undefined && { confidence }) }] }),
    ...(points.length > 0 && {
      points: points.map(({ part, ...at }) => ({
        ...at,
        name: `${name} ${part}`,
        visible: true,
        of: { object: name, part },
      })),
    }),
  };
}

/** @throws UserError `csv/invalid`, `format/limit` */
function detectionOf(record: CsvRecord, numbers: CsvNumbers, path: string): Detection {
  const { line, values } = record;
  const where = `${path}, line ${line}`;
  if (values.length < FIXED)
    throw new UserError("csv/invalid", { what: where, got: `${values.length} values`, expected: `${FIXED} or more` });
  const cells = { line, values: Object.fromEntries(values.map((value, i) => [String(i + 1), value])) };
  const [id, frame, left, top, right, bottom, sure] = [1, 3, 4, 5, 6, 7, 8].map((at) =>
    numbers.read(cells, String(at)),
  );
  if (!Number.isInteger(id))
    throw new UserError("csv/invalid", {
      what: `${where}, column 1`,
      got: values[0],
      expected: "the number of a track",
    });
  const attributes = values.slice(FIXED).flatMap((value) => {
    const { kind: name, value: text } = ATTRIBUTE.exec(value)?.groups ?? {};
    return name === undefined || text === undefined ? [] : [{ name, text }];
  });
  const { kind, confidence = sure } = bestPair(cells, numbers);
  const of = (wanted: string): string[] => attributes.filter(({ name }) => name === wanted).map(({ text }) => text);
  const [polygons, points] = [of("poly"), of("kp")];
  return {
    frame: requireFrameIndex(frame, `${where}: the frame`),
    ...(PICTURE.test(values[1]) && { image: pictureFrame(values[1]).image }),
    id,
    box: {
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
      ...(confidence >= 0 && confidence <= 1 && { confidence }),
    },
    kind,
    rings: polygons.map((text) => ringOf(text, where)),
    points: points.map((text) => keyPointOf(text, where)),
    others: attributes.length - polygons.length - points.length,
  };
}

/** The most confident class. */
function bestPair(cells: Parameters<CsvNumbers["read"]>[0], numbers: CsvNumbers) {
  let best: { readonly kind: string; readonly confidence?: number } = { kind: NO_CLASS };
  for (let at = FIXED + 1; ; at += 2) {
    const kind = cells.values[String(at)] ?? "";
    if (kind === "" || ATTRIBUTE.test(kind) || cells.values[String(at + 1)] === undefined) return best;
    const confidence = numbers.read(cells, String(at + 1));
    if (best.confidence === undefined || confidence > best.confidence) best = { kind, confidence };
  }
}

/** @throws UserError `csv/invalid` */
function ringOf(text: string, where: string): Point[] {
  const values = text.trim().split(/\s+/u).map(Number);
  if (values.length % 2 === 1 || !values.every(Number.isFinite))
    throw new UserError("csv/invalid", {
      what: `${where}: (poly)`,
      got: text.slice(0, 60),
      expected: "pairs of x and y",
    });
  return Array.from({ length: values.length / 2 }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1] }));
}

/** @throws UserError `csv/invalid` */
function keyPointOf(text: string, where: string) {
  const [, part, ...place] = /^(.+)\s(\S+)\s(\S+)$/su.exec(text.trim()) ?? [];
  const [x, y] = place.map(Number);
  if (part !== undefined && Number.isFinite(x) && Number.isFinite(y)) return { part, x, y };
  throw new UserError("csv/invalid", { what: `${where}: (kp)`, got: text.slice(0, 60), expected: "a name, x and y" });
}

async function writeViame(path: string, stream: AnnotationStream, { losses }: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const lines = [HEADER];
  for await (const frame of stream.frames)
    for (const instance of instancesOf(frame, numbers)) {
      const points = instance.points.filter(isVisible);
      const box = visibleBox(instance) ?? boxAround(points);
      if (box === undefined) continue;
      if (instance.box === undefined && instance.extent === undefined)
        losses.tell("a box for each thing: wrote %s around points");
      const picture = frame.image === undefined ? "" : `${frame.image}.png`;
      lines.push(rowOf(instance, box, { picture, frame: frame.frame, losses }));
    }
  await writeFileAtomic(path, `${lines.join("\n")}\n`);
}

/** Half a pixel beyond the points. */
export function boxAround(points: readonly Point[]) {
  if (points.length === 0) return undefined;
  const { left, top, right, bottom } = boundsOf(points);
  return { x: left - 0.5, y: top - 0.5, width: right - left + 1, height: bottom - top + 1 };
}

function rowOf(
  { object, extent, points, verdict }: Instance,
  { x, y, width, height, confidence = 1 }: Omit<BoxAnnotation, "name">,
  { picture, frame, losses }: { readonly picture: string; readonly frame: number; readonly losses: Losses },
): string {
  const sure = rounded(confidence, 4);
  const corners = [x, y, x + width, y + height].map((value) => rounded(value, 3));
  const rings = extent === undefined || !isVisible(verdict) ? [] : ringsOf(extent);
  if (rings.length > 1) losses.tell("one outline a thing: joined the parts and holes of %s by lines of no width");
  return [
    object.number,
    csvField(picture),
    frame,
    ...corners,
    sure,
    -1,
    csvField(object.class),
    sure,
    ...points.filter(isVisible).map((point) => csvField(`(kp) ${partOf(point)} ${placeOf(point)}`)),
    ...(rings.length > 0 ? [`(poly) ${asOneRing(rings).map(placeOf).join(" ")}`] : []),
  ].join();
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const placeOf = ({ x, y }: Point): string => `${rounded(x, 3)} ${rounded(y, 3)}`;
