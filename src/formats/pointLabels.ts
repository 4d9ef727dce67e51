/**
 * @file Points and boxes by hand or from another tool, as JSON or CSV; docs/keypoints.md describes both.
 * Positions are pixels of the original frame with the origin at the corner of the first pixel.
 */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { parseCsv } from "./csv.ts";
import { checkJson, parseJson, readText } from "./json.ts";

const finite = z.number();
const common = {
  /** Index of the frame, from 0. */
  frame: z.int().min(0),
  /** Which point or object it is, the same in all frames. */
  name: z.string().min(1),
};

const pointSchema = z.object({ ...common, x: finite, y: finite, visible: z.boolean().default(true) });
const boxSchema = z.object({ ...common, x: finite, y: finite, width: finite.positive(), height: finite.positive() });

/** A point in a frame; x and y say nothing where it is not visible. */
export type LabelledPoint = Readonly<z.output<typeof pointSchema>>;

/** A box in a frame; x and y are its top left corner. */
export type LabelledBox = Readonly<z.output<typeof boxSchema>>;

/** What a file holds, in its order. */
export interface PointLabels {
  readonly points: readonly LabelledPoint[];
  readonly boxes: readonly LabelledBox[];
}

/** A number may be the name too, and `id` may stand for `name`. */
function named(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null) return entry;
  const { id, name = id, ...rest } = entry as Record<string, unknown>;
  return { ...rest, name: typeof name === "number" ? String(name) : name };
}

const entries = <Schema extends z.ZodType>(schema: Schema) => z.array(z.preprocess(named, schema)).default([]);
const fileSchema = z.object({ points: entries(pointSchema), boxes: entries(boxSchema) });

/**
 * Reads points and boxes; the extension (.json, .csv) says how.
 * JSON: `{"points": [{"frame": 0, "name": "nose", "x": 10.5, "y": 20, "visible": true}], "boxes": [{"frame": 0, "name": "car",
 * "x": 5, "y": 8, "width": 40, "height": 20}]}`, or only the array of points.
 * CSV: a header with `frame`, `name` (or `id`), `x`, `y`, and if wanted `visible` (1/0, true/false), `width`, `height`; a row with
 * a width and a height is a box. Other columns and keys are passed over.
 * @throws UserError `points/format`, `points/empty`, `points/twice`, `points/value`, `csv/invalid`, `json/invalid`, `file/missing`
 */
export async function readPointLabels(path: string): Promise<PointLabels> {
  const extension = /\.(?<extension>json|csv)$/iu.exec(path)?.groups?.["extension"].toLowerCase();
  if (extension === undefined)
    throw new UserError("points/format", {
      what: `cannot tell what ${path} is`,
      expected: "points or boxes in a .json or .csv file",
    });
  const text = await readText(path, "file of points");
  const labels = extension === "json" ? fromJson(text, path) : fromCsv(text, path);
  if (labels.points.length + labels.boxes.length === 0)
    throw new UserError("points/empty", { what: `${path} has no point and no box`, expected: "at least one" });
  requireOnce(labels.points, "point", path);
  requireOnce(labels.boxes, "box", path);
  return labels;
}

function fromJson(text: string, path: string): PointLabels {
  const value = parseJson(text, path);
  return checkJson(Array.isArray(value) ? { points: value as unknown[] } : value, fileSchema, path);
}

function fromCsv(text: string, path: string): PointLabels {
  const { columns, rows } = parseCsv(text, path);
  const name = columns.includes("name") ? "name" : "id";
  const missing = ["frame", name, "x", "y"].filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserError("csv/invalid", {
      what: `${path} lacks the column ${missing.map((column) => (column === "id" ? "name" : column)).join(", ")}`,
      got: columns.join(", "),
      expected: "frame, name, x, y (and visible, width, height if wanted)",
    });
  const points: LabelledPoint[] = [];
  const boxes: LabelledBox[] = [];
  for (const { line, values } of rows) {
    const entry = {
      frame: numberOf(values["frame"]),
      name: values[name],
      x: numberOf(values["x"]),
      y: numberOf(values["y"]),
    };
    const where = `${path}, line ${line},`;
    if ((values["width"] ?? "") === "" && (values["height"] ?? "") === "")
      points.push(
        checkJson({ ...hiddenAtOrigin(values, entry), visible: flagOf(values["visible"], where) }, pointSchema, where),
      );
    else {
      const size = { width: numberOf(values["width"]), height: numberOf(values["height"]) };
      boxes.push(checkJson({ ...entry, ...size }, boxSchema, where));
    }
  }
  return { points, boxes };
}

/** An empty or a wrong number becomes NaN, which the schema refuses. */
const numberOf = (text: string | undefined): number => (text === undefined || text === "" ? Number.NaN : Number(text));

/** A point that is not visible may leave its place empty. */
function hiddenAtOrigin<Entry extends { x: number; y: number }>(
  values: Readonly<Record<string, string>>,
  entry: Entry,
): Entry {
  return values["x"] === "" && values["y"] === "" && isNo(values["visible"]) ? { ...entry, x: 0, y: 0 } : entry;
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

function requireOnce(labels: readonly (LabelledPoint | LabelledBox)[], what: string, path: string): void {
  const seen = new Set<string>();
  for (const { frame, name } of labels) {
    const key = `${frame} ${name}`;
    if (seen.has(key))
      throw new UserError("points/twice", {
        what: `${path} has the ${what} "${name}" twice in frame ${frame}`,
        todo: "give every one a name of its own",
      });
    seen.add(key);
  }
}
