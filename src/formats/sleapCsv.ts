/**
 * @file SLEAP's analysis table (https://io.sleap.ai, "CSV Format";
 * `track,frame_idx,instance.score,NODE.x,NODE.y,NODE.score`): a row for each animal in a frame. Conventions: frames
 * count from 0; positions count pixels from 0 with (0, 0) at the centre of the first pixel (SLP format 1.1 and later):
 * ours = theirs + 0.5. A node without a position was not found.
 */
import type { Annotations } from "../annotations/annotations.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";
import type { FileContents } from "./contents.ts";
import { csvRecords, type CsvRow, type CsvTable, csvTable } from "./csv.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readText } from "./json.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";

/** Reading throws UserError `csv/invalid`, `points/empty`, `points/twice`, `text/encoding`, `file/missing`. */
export const sleapCsv = {
  name: "sleap-csv",
  layout: [".csv"],
  async sniff(file: FileContents): Promise<boolean> {
    const [first] = await file.firstRows();
    const header = (first?.values ?? []).map((column) => column.toLowerCase());
    return header.includes("frame_idx") && header.some((column) => column.endsWith(".x"));
  },
  async read(path: string, options: ReadOptions = {}): Promise<Annotations> {
    const { records, separator } = csvRecords(await readText(path, "file of points", options), path);
    const table = csvTable({ records, separator }, path);
    // The table's columns are in lower case; nodes keep theirs.
    const nodes = (records[0]?.values ?? [])
      .filter((column) => /\.x$/iu.test(column))
      .map((column) => column.slice(0, -2));
    const frames = mergeFrames(framesOf(table, nodes, path));
    if (frames.length === 0)
      throw new UserError("points/empty", { what: `${path} has no node with a position`, expected: "at least one" });
    const annotations = { objects: objectsIn(frames), frames };
    requireOnce(annotations, path);
    return annotations;
  },
} satisfies AnnotationFormat<Annotations>;

function framesOf(table: CsvTable, nodes: readonly string[], path: string): UnmaskedFrame[] {
  const instances = table.rows.map((row) => ({
    row,
    frame: frameOf(row, table, path),
    track: row.values["track"] ?? "",
  }));
  const { names } = objectNames(
    instances.map(({ frame, track }) => {
      return track === "" ? { picture: frame, kind: "animal" } : { picture: frame, kind: "track", track };
    }),
  );
  // One animal needs no name.
  const isAlone = new Set(names).size === 1;
  return instances.flatMap(({ row, frame, track }, i) => {
    const animal = isAlone ? "" : `${track === "" ? names[i] : track} `;
    const points = nodes.flatMap((node) => pointOf(row, node, table, `${animal}${node}`));
    return points.length === 0 ? [] : [{ frame, points }];
  });
}

function pointOf(row: CsvRow, node: string, { numbers }: CsvTable, name: string): PointAnnotation[] {
  const read = (what: string) => numbers.read(row, `${node.toLowerCase()}.${what}`);
  const [x, y, confidence] = [read("x") + 0.5, read("y") + 0.5, read("score")];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
  return [{ name, x, y, visible: true, ...(confidence >= 0 && confidence <= 1 && { confidence }) }];
}

/** @throws UserError `csv/invalid` */
function frameOf(row: CsvRow, { numbers }: CsvTable, path: string): number {
  const frame = numbers.read(row, "frame_idx");
  if (Number.isInteger(frame) && frame >= 0) return frame;
  throw new UserError("csv/invalid", {
    what: `${path}, line ${row.line}, column frame_idx`,
    got: JSON.stringify(row.values["frame_idx"] ?? ""),
    expected: "a whole number from 0",
  });
}
