/**
 * @file Points and boxes as Apache Parquet (https://parquet.apache.org/docs/file-format): the rows of `pointsCsv` with
 * types, and units in the names of columns. Read and written by hyparquet.
 */
import { stat } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import { isVisible } from "../annotations/verdict.ts";
import { defined } from "../core/defined.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { isThere, writeFileAtomic } from "../core/files.ts";
import type { AnnotationFormat } from "./format.ts";
import { instancesOf, ObjectNumbers, visibleBox } from "./instances.ts";
import type { ReadOptions } from "./json.ts";
import { MOST_TEXT_BYTES, requireFrameIndex } from "./limits.ts";
import { annotationsOf, ENTRIES_HOLD, type PointEntries } from "./pointEntries.ts";

/** Rows of a table. */
const MOST_ROWS = 20_000_000;

/** Bytes that its columns may unpack to. */
const MOST_BYTES = 2 ** 31;

type Row = Readonly<Record<string, unknown>>;

/** What is written, and what else a column may be called, in lower case. */
const COLUMNS = {
  frame: ["frame"],
  time: ["time_s", "time", "timesec"],
  name: ["name", "object", "id"],
  class: ["class"],
  visible: ["visible"],
  confidence: ["confidence"],
  x: ["x_px", "x"],
  y: ["y_px", "y"],
  width: ["width_px", "width", "box_width_px"],
  height: ["height_px", "height", "box_height_px"],
  // Of tables that have both the middle of a thing and its box.
  boxX: ["box_x_px"],
  boxY: ["box_y_px"],
} as const;
type Column = keyof typeof COLUMNS;

/**
 * A row for each point and box: `frame` (from 0), `name`, `x_px` and `y_px`, and where they are known `time_s`, `class`,
 * `visible`, `confidence`; a row with `width_px` and `height_px` is a box. Other columns are ignored. Reading throws
 * UserError `format/parquet`, `format/value`, `format/limit`, `points/empty`, `points/twice`, `file/missing`.
 */
export const parquet = {
  name: "parquet",
  layout: [".parquet"],
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const { rows, columns } = await rowsIn(path);
    const [points, boxes]: [PointEntries["points"][number][], PointEntries["boxes"][number][]] = [[], []];
    const classes = new Map<string, string>();
    for (const [at, row] of rows.entries()) {
      const cells = new Cells(row, columns, `${path}, row ${at + 1}`);
      const [width, height] = [cells.number("width"), cells.number("height")];
      const isBox = cells.get("width") != null || cells.get("height") != null;
      const entry = { ...cells.opening(), ...cells.place(isBox) };
      const kind = cells.get("class");
      if (typeof kind === "string" && kind !== "") classes.set(entry.name, kind);
      if (isBox) boxes.push({ ...entry, width, height });
      else points.push({ ...entry, visible: cells.flag("visible") });
    }
    const annotations = annotationsOf({ points, boxes }, path, options.logger);
    const objects = annotations.objects.map((one) => ({ ...one, ...defined({ class: classes.get(one.name) }) }));
    return { ...annotations, objects };
  },
  holds: { ...ENTRIES_HOLD, classes: true, times: true },
  write: writeParquet,
} satisfies AnnotationFormat<Annotations>;

/** The rows with the columns that are of use, and how they are called there. */
async function rowsIn(path: string): Promise<{ rows: Row[]; columns: ReadonlyMap<Column, string> }> {
  if (!(await isThere(path)))
    throw new UserError("file/missing", { what: `no such table: ${path}`, todo: "check the path" });
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  try {
    const { size } = await stat(path);
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    requireModest(metadata, size, path);
    const given = new Map(parquetSchema(metadata).children.map(({ element: { name } }) => [name.toLowerCase(), name]));
    const columns = new Map<Column, string>();
    for (const [column, names] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
      const found = names.find((name) => given.has(name));
      if (found !== undefined) columns.set(column, given.get(found)!);
    }
    requireColumns(columns, [...given.values()], path);
    const wanted = [...new Set(columns.values())];
    const rows = await parquetReadObjects({ file, metadata, columns: wanted, compressors: COMPRESSORS });
    return { rows, columns };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "format/parquet",
      {
        what: `cannot read the table ${path}: ${messageOf(error)}`,
        expected: "a Parquet file, uncompressed or compressed by Snappy, GZIP or Brotli",
      },
      error,
    );
  }
}

const unpacked = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** Beside Snappy, which hyparquet has itself. */
const COMPRESSORS = {
  GZIP: (input: Uint8Array, length: number) => unpacked(gunzipSync(input, { maxOutputLength: length })),
  BROTLI: (input: Uint8Array, length: number) => unpacked(brotliDecompressSync(input, { maxOutputLength: length })),
};

interface Sizes {
  readonly num_rows: bigint;
  readonly row_groups: readonly { readonly total_byte_size: bigint }[];
}

/** @throws UserError `format/limit` */
function requireModest({ num_rows: rows, row_groups: groups }: Sizes, size: number, path: string): void {
  const bytes = groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  if (size <= MOST_TEXT_BYTES && rows <= MOST_ROWS && bytes <= MOST_BYTES) return;
  throw new UserError("format/limit", {
    what: `${path} is too large for a table of labels`,
    got: `${size} bytes, which unpack to ${bytes} in ${rows} rows`,
    expected: `at most ${MOST_TEXT_BYTES} bytes, which unpack to ${MOST_BYTES} in ${MOST_ROWS} rows`,
    todo: "split it by clips",
  });
}

/** @throws UserError `format/parquet` */
function requireColumns(columns: ReadonlyMap<Column, string>, got: readonly string[], path: string): void {
  const needed: readonly Column[] = ["frame", "name", "x", "y"];
  const missing = needed.filter((column) => !columns.has(column));
  if (missing.length === 0) return;
  throw new UserError("format/parquet", {
    what: `${path} lacks the column ${missing.map((column) => COLUMNS[column][0]).join(", ")}`,
    got: got.join(", "),
    expected: "frame, name, x_px, y_px (and optionally time_s, class, visible, confidence, width_px, height_px)",
  });
}

/** The cells of a row, as what they mean. All throw UserError `format/value` naming the row. */
class Cells {
  private readonly row: Row;
  private readonly columns: ReadonlyMap<Column, string>;
  private readonly where: string;

  constructor(row: Row, columns: ReadonlyMap<Column, string>, where: string) {
    this.row = row;
    this.columns = columns;
    this.where = where;
  }

  /** Undefined for a column that is not there, null for an empty cell. */
  get(column: Column): unknown {
    const name = this.columns.get(column);
    return name === undefined ? undefined : this.row[name];
  }

  /** NaN where there is none. */
  number(column: Column): number {
    const value = this.get(column) ?? Number.NaN;
    if (typeof value === "number" || typeof value === "bigint") return Number(value);
    return this.refuse(column, "a number");
  }

  flag(column: Column): boolean {
    const value = this.get(column) ?? true;
    if (typeof value === "boolean") return value;
    return [0, 1].includes(Number(value)) ? Number(value) === 1 : this.refuse(column, "true or false");
  }

  /** Frame and name, with what is known of time and confidence. */
  opening() {
    const name = this.get("name");
    const isName = typeof name === "string" || typeof name === "number" || typeof name === "bigint";
    if (!isName || String(name) === "") this.refuse("name", "a name");
    const [timeSec, confidence] = [this.number("time"), this.number("confidence")];
    return {
      frame: requireFrameIndex(this.number("frame"), `${this.where}: the frame`),
      name: String(name),
      ...(Number.isFinite(timeSec) && { timeSec }),
      ...(confidence >= 0 && confidence <= 1 && { confidence }),
    };
  }

  place(isBox: boolean): { x: number; y: number } {
    const [x, y]: Column[] =
      isBox && this.columns.has("boxX") && this.columns.has("boxY") ? ["boxX", "boxY"] : ["x", "y"];
    return { x: this.number(x), y: this.number(y) };
  }

  private refuse(column: Column, expected: string): never {
    const got = this.get(column);
    throw new UserError("format/value", {
      what: `${this.where}, column ${this.columns.get(column) ?? column}`,
      got: typeof got === "string" ? JSON.stringify(got) : String(got),
      expected,
    });
  }
}

/** What the columns count, beside their names. */
const UNITS = {
  frame: "index of the frame, from 0",
  time_s: "seconds on the clip's clock",
  x_px: "pixels of the frame, to the right from the corner of its first pixel",
  y_px: "pixels of the frame, downwards from the corner of its first pixel",
  width_px: "pixels; empty for a point",
  height_px: "pixels; empty for a point",
  confidence: "0 to 1",
};

/** @throws UserError `file/write` */
async function writeParquet(path: string, stream: AnnotationStream): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const kinds = new Map(stream.objects.map(({ name, class: kind }) => [name, kind]));
  const rows: Record<string, unknown>[] = [];
  for await (const frame of stream.frames) {
    const opening = { frame: frame.frame, time_s: frame.timeSec };
    for (const point of frame.points ?? [])
      rows.push({ ...opening, ...rowOf(point, kinds), visible: isVisible(point) });
    for (const one of instancesOf(frame, numbers)) {
      const box = visibleBox(one);
      if (box === undefined) continue;
      rows.push({ ...opening, ...rowOf(box, kinds), visible: true, width_px: box.width, height_px: box.height });
    }
  }
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const column = (name: string, type: "INT32" | "DOUBLE" | "STRING" | "BOOLEAN", nullable = true) => {
    return { name, type, nullable, data: rows.map((row) => row[name] ?? null) };
  };
  const file = parquetWriteBuffer({
    columnData: [
      column("frame", "INT32", false),
      column("time_s", "DOUBLE"),
      column("name", "STRING", false),
      column("class", "STRING"),
      column("visible", "BOOLEAN", false),
      column("confidence", "DOUBLE"),
      column("x_px", "DOUBLE", false),
      column("y_px", "DOUBLE", false),
      column("width_px", "DOUBLE"),
      column("height_px", "DOUBLE"),
    ],
    kvMetadata: [{ key: "units", value: JSON.stringify(UNITS) }],
    createdBy: "tsumugi",
  });
  await writeFileAtomic(path, new Uint8Array(file));
}

interface Placed {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly confidence?: number;
}

const rowOf = ({ name, x, y, confidence }: Placed, kinds: ReadonlyMap<string, string | undefined>) => ({
  name,
  class: kinds.get(name),
  x_px: x,
  y_px: y,
  confidence,
});
