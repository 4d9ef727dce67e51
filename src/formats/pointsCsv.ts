/**
 * @file Points and boxes as CSV: by hand, from another tool, or tracked, so that a track can be scored, corrected or
 * continued.
 */
import type { AnnotationStream, Annotations } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { csvField, type CsvNumbers, type CsvRow, type CsvTable, parseCsv } from "./csv.ts";
import type { AnnotationFormat } from "./format.ts";
import { type Instance, instancesOf, ObjectNumbers, visibleBox } from "./instances.ts";
import { type ReadOptions, readText } from "./json.ts";
import { annotationsOf, ENTRIES_HOLD, type PointEntries } from "./pointEntries.ts";

/**
 * A header with `frame`, `name` (or `id`), `x`, `y`, and optionally `visible` (1/0, true/false), `width`, `height`; a
 * row with a width and a height is a box. `time` (s) and `confidence` (0..1) are read if present; other columns are
 * ignored. Reading throws UserError `points/empty`, `points/twice`, `points/value`, `csv/invalid`, `text/encoding`,
 * `file/missing`; points and boxes are written, to 0.001 px.
 */
export const pointsCsv = {
  name: "points-csv",
  layout: [".csv"],
  read: async (path: string, options: ReadOptions = {}): Promise<Annotations> => {
    const table = parseCsv(await readText(path, "file of points", options), path);
    return annotationsOf(entriesOf(table, path), path, options.logger);
  },
  holds: { ...ENTRIES_HOLD, times: true },
  write: async (path: string, stream: AnnotationStream): Promise<void> => {
    const numbers = new ObjectNumbers(stream.objects);
    const [points, boxes]: [string[], string[]] = [[], []];
    for await (const frame of stream.frames) {
      for (const point of frame.points ?? []) points.push(pointLine(frame, point));
      for (const one of instancesOf(frame, numbers)) boxes.push(...boxLines(frame, one));
    }
    const lines = boxes.length === 0 ? [POINT_COLUMNS, ...points] : [SHAPE_COLUMNS, ...points.map(asShape), ...boxes];
    await writeFileAtomic(path, `${lines.join("\n")}\n`);
  },
} satisfies AnnotationFormat<Annotations>;

/** The header's line of a table of points and boxes. */
const SHAPE_COLUMNS = "frame,time,name,x,y,visible,confidence,width,height";

/** A point's line in a table that has boxes too. */
const asShape = (line: string): string => `${line},,`;

/** The line of a thing's box, where it is not one of points alone. */
function boxLines(moment: LineMoment, instance: Instance): string[] {
  const box = visibleBox(instance);
  if (box === undefined) return [];
  const { x, y, width, height, confidence } = box;
  const place = [round(x, 3), round(y, 3), 1, round(confidence, 4), round(width, 3), round(height, 3)];
  return [[...opening(moment, box.name), ...place].join()];
}

/** The frame that a line belongs to, and its time. */
export interface LineMoment {
  readonly frame: number;
  readonly timeSec?: number;
}

/** The header's line for points, without line break. */
export const POINT_COLUMNS = "frame,time,name,x,y,visible,confidence";

/**
 * A point's line, without line break; time in seconds, positions in pixels, visible 1 or 0, empty where a value is not
 * known.
 */
export function pointLine(moment: LineMoment, point: PointAnnotation): string {
  const place = [round(point.x, 3), round(point.y, 3)];
  return [...opening(moment, point.name), ...place, isVisible(point) ? 1 : 0, round(point.confidence, 4)].join();
}

/** The header's line for boxes, without line break. */
export const BOX_COLUMNS = "frame,time,name,x,y,width,height,confidence";

/** A box's line, without line break. */
export function boxLine(moment: LineMoment, { name, x, y, width, height, confidence }: BoxAnnotation): string {
  return [...opening(moment, name), x, y, width, height, round(confidence, 4)].join();
}

const opening = ({ frame, timeSec }: LineMoment, name: string) => [frame, round(timeSec, 6), csvField(name)];

const round = (value: number | undefined, digits: number): number | "" =>
  value === undefined ? "" : Number(value.toFixed(digits));

function entriesOf(table: CsvTable, path: string): PointEntries {
  const nameColumn = requireColumns(table, path);
  const [points, boxes]: [PointEntries["points"][number][], PointEntries["boxes"][number][]] = [[], []];
  for (const row of table.rows) {
    const cells = new Cells(row, table.numbers, path);
    const entry = { frame: cells.frame(), name: cells.name(nameColumn), x: cells.number("x"), y: cells.number("y") };
    const known = knownOf(row.values);
    const visible = cells.flag("visible");
    if (isEmpty(row, "width") && isEmpty(row, "height")) points.push({ ...entry, ...known, visible });
    else boxes.push({ ...entry, ...known, width: cells.number("width"), height: cells.number("height") });
  }
  return { points, boxes };
}

/** The name of the column of names. @throws UserError `csv/invalid` if a column is missing. */
function requireColumns({ columns }: CsvTable, path: string): string {
  const name = columns.includes("name") ? "name" : "id";
  const missing = ["frame", name, "x", "y"].filter((column) => !columns.includes(column));
  if (missing.length === 0) return name;
  throw new UserError("csv/invalid", {
    what: `${path} lacks the column ${missing.map((column) => (column === "id" ? "name" : column)).join(", ")}`,
    got: columns.join(", "),
    expected: "frame, name, x, y (and optionally visible, width, height)",
  });
}

const isEmpty = ({ values }: CsvRow, column: string): boolean => (values[column] ?? "") === "";

/** The cells of a row, as what they mean. All throw UserError `csv/invalid` naming the cell. */
class Cells {
  private readonly row: CsvRow;
  private readonly numbers: CsvNumbers;
  private readonly path: string;

  constructor(row: CsvRow, numbers: CsvNumbers, path: string) {
    this.row = row;
    this.numbers = numbers;
    this.path = path;
  }

  number(column: string): number {
    return this.numbers.read(this.row, column);
  }

  frame(): number {
    const frame = this.number("frame");
    return Number.isInteger(frame) && frame >= 0 ? frame : this.refuse("frame", "a whole number from 0");
  }

  name(column: string): string {
    const name = this.row.values[column];
    return name === "" ? this.refuse(column, "a name") : name;
  }

  /** Empty, or a column that is not there: true. */
  flag(column: string): boolean {
    const text = this.row.values[column] ?? "";
    if (/^(?:0|false|no)$/iu.test(text)) return false;
    if (/^(?:1|true|yes|)$/iu.test(text)) return true;
    return this.refuse(column, "1 or 0, true or false");
  }

  private refuse(column: string, expected: string): never {
    const got = JSON.stringify(this.row.values[column] ?? "");
    throw new UserError(column === "visible" ? "points/value" : "csv/invalid", {
      what: `${this.path}, line ${this.row.line}, column ${column}`,
      got,
      expected,
    });
  }
}

/** `time` and `confidence`, where they are numbers in range. */
function knownOf(values: CsvRow["values"]) {
  const [timeSec, confidence] = [looseNumber(values["time"]), looseNumber(values["confidence"])];
  return {
    ...(Number.isFinite(timeSec) && { timeSec }),
    ...(confidence >= 0 && confidence <= 1 && { confidence }),
  };
}

/** Of a column that is passed over where it has something else. */
const looseNumber = (text = ""): number => (text === "" ? Number.NaN : Number(text.replace(",", ".")));
