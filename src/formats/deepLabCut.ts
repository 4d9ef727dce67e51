/**
 * @file DeepLabCut's tables (https://deeplabcut.github.io/DeepLabCut, `CollectedData_*.csv` of labels and `*DLC_*.csv`
 * of predictions): header rows `scorer`, with several animals `individuals`, `bodyparts` and `coords`, then a row for
 * each frame, named by its index or its picture. Conventions: positions count pixels from 0 with (0, 0) at the centre
 * of the first pixel, as napari and Matplotlib draw them: ours = theirs + 0.5. A prediction is visible if its
 * likelihood is 0.6 or more, DeepLabCut's own default (`pcutoff`).
 */
import type { Annotations } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";
import type { FileContents } from "./contents.ts";
import { CsvNumbers, type CsvRecord, csvRecords } from "./csv.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readText } from "./json.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";

/** `pcutoff` of DeepLabCut's default configuration. */
const VISIBLE = 0.6;

/** Where one point's values stand in a row. */
interface PointColumns {
  readonly name: string;
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
    const { records, separator } = csvRecords(await readText(path, "file of points", options), path);
    const columns = pointColumns(records, path);
    const numbers = new CsvNumbers(separator, path);
    const rows = records.slice(1 + records.findIndex(({ values }) => isHeader(values, "coords")));
    const frames = rows
      .map((row) => frameOf(row, columns, numbers, path))
      .filter(({ points = [] }) => points.length > 0);
    if (frames.length === 0)
      throw new UserError("points/empty", { what: `${path} has no point with a position`, expected: "at least one" });
    const annotations = { objects: objectsIn(frames), frames };
    requireOnce(annotations, path);
    return annotations;
  },
} satisfies AnnotationFormat<Annotations>;

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
    const name = animal === "single" || animal === "" ? part : `${animal} ${part}`;
    return [{ name, x, y: x + 1, ...(coords.values[x + 2] === "likelihood" && { likelihood: x + 2 }) }];
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
  const points = columns.flatMap(({ name, x, y, likelihood }): PointAnnotation[] => {
    const place = { name, x: read(x) + 0.5, y: read(y) + 0.5 };
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
  if (/^\d+$/u.test(label)) return { frame: Number(label) };
  if (/\.[a-z]{3,4}$/iu.test(label)) return pictureFrame(label);
  throw new UserError("csv/invalid", {
    what: `${path}, line ${line}, column 1`,
    got: JSON.stringify(label),
    expected: "the index of a frame, or the name of its picture",
  });
}
