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
import { csvField, type CsvTable, parseCsv } from "./csv.ts";
import type { AnnotationFormat } from "./format.ts";
import { checkJson, readText } from "./json.ts";
import { annotationsOf, boxEntrySchema, pointEntrySchema, type PointEntries } from "./pointEntries.ts";

/**
 * A header with `frame`, `name` (or `id`), `x`, `y`, and optionally `visible` (1/0, true/false), `width`, `height`; a
 * row with a width and a height is a box. `time` (s) and `confidence` (0..1) are read if present; other columns are
 * ignored. Reading throws UserError `points/empty`, `points/twice`, `points/value`, `csv/invalid`, `json/invalid`,
 * `file/missing`; points are written, to 0.001 px.
 */
export const pointsCsv = {
  name: "points-csv",
  layout: [".csv"],
  read: async (path: string): Promise<Annotations> => {
    return annotationsOf(entriesOf(await readText(path, "file of points"), path), path);
  },
  write: async (path: string, { frames }: AnnotationStream): Promise<void> => {
    const lines = [POINT_COLUMNS];
    for await (const { points = [], ...moment } of frames)
      for (const point of points) lines.push(pointLine(moment, point));
    await writeFileAtomic(path, `${lines.join("\n")}\n`);
  },
} satisfies AnnotationFormat<Annotations>;

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

type Values = Readonly<Record<string, string>>;

function entriesOf(text: string, path: string): PointEntries {
  const table = parseCsv(text, path);
  const nameColumn = requireColumns(table, path);
  const [points, boxes]: [PointEntries["points"][number][], PointEntries["boxes"][number][]] = [[], []];
  for (const { line, values } of table.rows) {
    const where = `${path}, line ${line},`;
    const entry = { ...placeOf(values), name: values[nameColumn], ...knownOf(values) };
    if ((values["width"] ?? "") === "" && (values["height"] ?? "") === "")
      points.push(checkJson({ ...entry, visible: flagOf(values["visible"], where) }, pointEntrySchema, where));
    else {
      const box = {
        ...entry,
        ...cornerOf(values),
        width: numberOf(values["width"]),
        height: numberOf(values["height"]),
      };
      boxes.push(checkJson(box, boxEntrySchema, where));
    }
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

/** An empty or invalid number becomes NaN, which the schema rejects. */
const numberOf = (text: string | undefined): number => (text === undefined || text === "" ? Number.NaN : Number(text));

const cornerOf = (values: Values) => ({ x: numberOf(values["x"]), y: numberOf(values["y"]) });

/** A point that is not visible may leave its place empty. */
function placeOf(values: Values) {
  const isNowhere = values["x"] === "" && values["y"] === "" && isNo(values["visible"]);
  return { frame: numberOf(values["frame"]), ...(isNowhere ? { x: 0, y: 0 } : cornerOf(values)) };
}

/** `time` and `confidence`, where they are numbers in range. */
function knownOf(values: Values) {
  const [timeSec, confidence] = [numberOf(values["time"]), numberOf(values["confidence"])];
  return {
    ...(Number.isFinite(timeSec) && { timeSec }),
    ...(confidence >= 0 && confidence <= 1 && { confidence }),
  };
}

const isNo = (text: string | undefined): boolean => /^(?:0|false|no)$/iu.test(text ?? "");

function flagOf(text: string | undefined, where: string): boolean {
  if (isNo(text)) return false;
  if (/^(?:1|true|yes|)$/iu.test(text ?? "")) return true;
  throw new UserError("points/value", {
    what: `${where} visible`,
    got: `"${text}"`,
    expected: "1 or 0, true or false",
  });
}
