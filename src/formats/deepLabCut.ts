/**
 * @file DeepLabCut's tables (https://deeplabcut.github.io/DeepLabCut, `CollectedData_*.csv` of labels and `*DLC_*.csv`
 * of predictions): header rows `scorer`, with several animals `individuals`, `bodyparts` and `coords`, then a row for
 * each frame, named by its index or its picture. Conventions: positions count pixels from 0 with (0, 0) at the centre
 * of the first pixel, as napari and Matplotlib draw them: ours = theirs + 0.5. A prediction is visible if its
 * likelihood is 0.6 or more, DeepLabCut's own default (`pcutoff`).
 */
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { PointAnnotation, PointPart } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { FileContents } from "./contents.ts";
import { csvField, CsvNumbers, type CsvRecord, csvRecords } from "./csv.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { type ReadOptions, readText } from "./json.ts";
import { requireFrameIndex } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";

/** `pcutoff` of DeepLabCut's default configuration. */
const VISIBLE = 0.6;

const HOLDS: Holdings = {
  ...HOLDS_NOTHING,
  points: true,
  tracks: true,
  names: true,
  confidence: true,
  hidden: "points",
};

/** Where one point's values stand in a row. */
interface PointColumns {
  readonly name: string;
  readonly of?: PointPart;
  readonly x: number;
  readonly y: number;
  readonly likelihood?: number;
}

/** Reading throws UserError `csv/invalid`, `points/empty`, `points/twice`, `text/encoding`, `file/missing`. */
export const deepLabCut = {
  name: "deeplabcut",
  layout: [".csv"],
  async sniff(file: FileContents): Promise<boolean> {
    const records = await file.firstRows();
    return records[0]?.values[0]?.toLowerCase() === "scorer" && headerRow(records, "bodyparts") !== undefined;
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    return readDeepLabCut(csvRecords(await readText(path, "file of points", options), path), path);
  },
  holds: HOLDS,
  write: writeDeepLabCut,
} satisfies AnnotationFormat<Annotations>;

/** The points of a table, header rows first. @throws UserError `csv/invalid`, `points/empty`, `points/twice` */
export function readDeepLabCut(
  { records, separator }: { readonly records: readonly CsvRecord[]; readonly separator: string },
  path: string,
): Annotations {
  const columns = pointColumns(records, path);
  const numbers = new CsvNumbers(separator, path);
  const rows = records.slice(1 + records.findIndex(({ values }) => isHeader(values, "coords")));
  const frames = rows.map((row) => frameOf(row, columns, numbers, path)).filter(({ points = [] }) => points.length > 0);
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no point with a position`, expected: "at least one" });
  const annotations = { objects: objectsIn(frames), frames };
  requireOnce(annotations, path);
  return annotations;
}

const isHeader = ([first]: readonly string[], name: string): boolean => first?.toLowerCase() === name;

function headerRow(records: readonly CsvRecord[], name: string): CsvRecord | undefined {
  return records.slice(0, 4).find(({ values }) => isHeader(values, name));
}

/** @throws UserError `csv/invalid` */
function pointColumns(records: readonly CsvRecord[], path: string): PointColumns[] {
  const [parts, coords] = [headerRow(records, "bodyparts"), headerRow(records, "coords")];
  const individuals = headerRow(records, "individuals")?.values;
  const found = (coords?.values ?? []).flatMap((coord, x): PointColumns[] => {
    const part = parts?.values[x] ?? "";
    if (coord !== "x" || part === "" || coords?.values[x + 1] !== "y") return [];
    const animal = individuals?.[x] ?? "single";
    const isSingle = animal === "single" || animal === "";
    const name = isSingle ? part : `${animal} ${part}`;
    return [
      {
        name,
        ...(!isSingle && { of: { object: animal, part } }),
        x,
        y: x + 1,
        ...(coords.values[x + 2] === "likelihood" && { likelihood: x + 2 }),
      },
    ];
  });
  if (found.length > 0) return found;
  throw new UserError("csv/invalid", {
    what: `${path} is a table of DeepLabCut without points`,
    got: coords === undefined ? "no row that begins with coords" : coords.values.join(","),
    expected: "columns x, y for each body part under a row that begins with coords",
  });
}

/** The frame's points that have a position. */
function frameOf(row: CsvRecord, columns: readonly PointColumns[], numbers: CsvNumbers, path: string): FrameAnnotation {
  const cells = { line: row.line, values: Object.fromEntries(row.values.map((value, i) => [String(i + 1), value])) };
  const read = (column: number) => numbers.read(cells, String(column + 1));
  const points = columns.flatMap(({ name, of, x, y, likelihood }): PointAnnotation[] => {
    const place = { name, x: read(x) + 0.5, y: read(y) + 0.5, ...(of && { of }) };
    if (!Number.isFinite(place.x) || !Number.isFinite(place.y)) return [];
    const confidence = likelihood === undefined ? Number.NaN : read(likelihood);
    if (!(confidence >= 0 && confidence <= 1)) return [{ ...place, visible: true }];
    return [{ ...place, visible: confidence >= VISIBLE, confidence }];
  });
  return { ...momentOf(row, columns[0].x, path), points };
}

/** A row begins with the frame's index, or with the path of its picture, whole or by folders. */
function momentOf({ line, values }: CsvRecord, count: number, path: string): Pick<FrameAnnotation, "frame" | "image"> {
  const label = values.slice(0, count).findLast((value) => value !== "") ?? "";
  if (/^\d+$/u.test(label)) return { frame: requireFrameIndex(Number(label), `${path}, line ${line}`) };
  if (/\.[a-z]{3,4}$/iu.test(label)) return pictureFrame(label);
  throw new UserError("csv/invalid", {
    what: `${path}, line ${line}, column 1`,
    got: JSON.stringify(label),
    expected: "the index of a frame, or the name of its picture",
  });
}

/** What points without an animal are under where others have one. */
const SINGLE = "single";

/**
 * Predictions, with a likelihood, where a point has a confidence or is hidden; else labels. Rows are named by their picture
 * where it has a name, as in DeepLabCut's folders of labels, else by the frame's index.
 * @throws UserError `file/write`
 */
async function writeDeepLabCut(path: string, stream: AnnotationStream, { losses, video }: WriteOptions): Promise<void> {
  const frames: FrameAnnotation[] = [];
  for await (const frame of stream.frames) if ((frame.points ?? []).length > 0) frames.push(frame);
  const all = frames.flatMap(({ points = [] }) => points);
  const columns = [...new Map(all.map((point) => [point.name, point])).values()];
  const isSure = all.some((point) => point.confidence !== undefined || !isVisible(point));
  const turned = all.filter((point) => isVisible(point) !== likelihoodOf(point) >= VISIBLE).length;
  if (isSure && turned > 0)
    losses.tell(`no visibility but a likelihood of ${VISIBLE} or more: changed that of %s points`, turned);
  const coords = isSure ? ["x", "y", "likelihood"] : ["x", "y"];
  const header = (name: string, of: (point: PointAnnotation) => string) =>
    [name, ...columns.flatMap((point) => coords.map(() => csvField(of(point))))].join();
  const clip = (video ?? stream.sequence ?? "clip").replace(/\.[^.]*$/u, "");
  const lines = [
    header("scorer", () => "tsumugi"),
    ...(columns.some(({ of }) => of !== undefined) ? [header("individuals", ({ of }) => of?.object ?? SINGLE)] : []),
    header("bodyparts", ({ name, of }) => of?.part ?? name),
    ["coords", ...columns.flatMap(() => coords)].join(),
    ...frames.map((frame) => rowText(frame, columns, { isSure, clip })),
  ];
  await writeFileAtomic(path, `${lines.join("\n")}\n`);
}

const likelihoodOf = (point: PointAnnotation): number => point.confidence ?? (isVisible(point) ? 1 : 0);

function rowText(
  { frame, image, points = [] }: FrameAnnotation,
  columns: readonly PointAnnotation[],
  { isSure, clip }: { readonly isSure: boolean; readonly clip: string },
): string {
  const byName = new Map(points.map((point) => [point.name, point]));
  const cells = columns.flatMap(({ name }): (number | string)[] => {
    const point = byName.get(name);
    if (point === undefined) return isSure ? ["", "", ""] : ["", ""];
    const place = [point.x - 0.5, point.y - 0.5].map((value) => Number(value.toFixed(4)));
    return isSure ? [...place, Number(likelihoodOf(point).toFixed(6))] : place;
  });
  const label = image === undefined ? String(frame) : csvField(`labeled-data/${clip}/${image}.png`);
  return [label, ...cells].join();
}
