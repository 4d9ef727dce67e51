/**
 * @file SLEAP's analysis table (https://io.sleap.ai, "CSV Format";
 * `track,frame_idx,instance.score,NODE.x,NODE.y,NODE.score`): a row for each animal in a frame. Conventions: frames
 * count from 0; positions count pixels from 0 with (0, 0) at the centre of the first pixel (SLP format 1.1 and later):
 * ours = theirs + 0.5. A node without a position was not found.
 */
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import { mergeFrames, type UnmaskedFrame } from "../annotations/merge.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { isVisible } from "../annotations/verdict.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { FileContents } from "./contents.ts";
import { csvField, csvRecords, type CsvRow, type CsvTable, csvTable } from "./csv.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readText } from "./json.ts";
import { partOf } from "./instances.ts";
import { requireFrameIndex } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames } from "./objectNames.ts";
import { objectsIn } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";

const HOLDS: Holdings = { ...HOLDS_NOTHING, points: true, tracks: true, names: true, confidence: true };

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
    return annotationsOfInstances(
      table.rows.map((row) => instanceOf(row, nodes, table, path)),
      path,
    );
  },
  holds: HOLDS,
  write: writeSleap,
} satisfies AnnotationFormat<Annotations>;

/** An animal in a frame. */
export interface SleapInstance {
  readonly frame: number;
  /** Empty where it belongs to none. */
  readonly track: string;
  /** Those that were found, where they are in SLEAP's pixels. */
  readonly nodes: readonly { readonly node: string; readonly x: number; readonly y: number; readonly score: number }[];
}

/** The points of animals, named by their tracks where there are several. @throws UserError `points/empty`, `points/twice` */
export function annotationsOfInstances(instances: readonly SleapInstance[], path: string): Annotations {
  const { names } = objectNames(
    instances.map(({ frame, track }) => {
      return track === "" ? { picture: frame, kind: "animal" } : { picture: frame, kind: "track", track };
    }),
  );
  // One animal needs no name.
  const isAlone = new Set(names).size === 1;
  const frames = mergeFrames(
    instances.flatMap(({ frame, track, nodes }, i): UnmaskedFrame[] => {
      const object = track === "" ? names[i] : track;
      const points = nodes.map(({ node, x, y, score }): PointAnnotation => {
        const name = isAlone ? node : `${object} ${node}`;
        const sure = score >= 0 && score <= 1 && { confidence: score };
        return { name, x: x + 0.5, y: y + 0.5, visible: true, ...sure, of: { object, part: node } };
      });
      return points.length === 0 ? [] : [{ frame, points }];
    }),
  );
  if (frames.length === 0)
    throw new UserError("points/empty", { what: `${path} has no node with a position`, expected: "at least one" });
  const annotations = { objects: objectsIn(frames), frames };
  requireOnce(annotations, path);
  return annotations;
}

function instanceOf(row: CsvRow, nodes: readonly string[], table: CsvTable, path: string): SleapInstance {
  const read = (node: string, what: string) => table.numbers.read(row, `${node.toLowerCase()}.${what}`);
  const found = nodes.map((node) => ({ node, x: read(node, "x"), y: read(node, "y"), score: read(node, "score") }));
  return {
    frame: frameOf(row, table, path),
    track: row.values["track"] ?? "",
    nodes: found.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  };
}

/** @throws UserError `csv/invalid` */
function frameOf(row: CsvRow, { numbers }: CsvTable, path: string): number {
  const frame = numbers.read(row, "frame_idx");
  if (Number.isInteger(frame) && frame >= 0) return requireFrameIndex(frame, `${path}, line ${row.line}`);
  throw new UserError("csv/invalid", {
    what: `${path}, line ${row.line}, column frame_idx`,
    got: JSON.stringify(row.values["frame_idx"] ?? ""),
    expected: "a whole number from 0",
  });
}

/** What SLEAP's files say of an animal in a frame. */
export interface SleapRow {
  readonly frame: number;
  readonly track: string;
  readonly points: readonly PointAnnotation[];
}

/** The visible points by animals, and the names of all nodes; points on their own are one animal without a track. */
export async function sleapRows(stream: AnnotationStream): Promise<{ rows: SleapRow[]; nodes: string[] }> {
  const rows: SleapRow[] = [];
  for await (const { frame, points = [] } of stream.frames) {
    const seen = points.filter(isVisible);
    for (const track of new Set(seen.map(({ of }) => of?.object ?? "")))
      rows.push({ frame, track, points: seen.filter(({ of }) => (of?.object ?? "") === track) });
  }
  return { rows, nodes: [...new Set(rows.flatMap(({ points }) => points.map(partOf)))] };
}

/** @throws UserError `file/write` */
async function writeSleap(path: string, stream: AnnotationStream): Promise<void> {
  const { rows, nodes } = await sleapRows(stream);
  const header = [
    "track",
    "frame_idx",
    "instance.score",
    ...nodes.flatMap((node) => ["x", "y", "score"].map((key) => csvField(`${node}.${key}`))),
  ];
  const lines = rows.map(({ frame, track, points }) => {
    const cells = nodes.flatMap((node) => {
      const point = points.find((one) => partOf(one) === node);
      return point === undefined ? ["", "", ""] : [coordinate(point.x), coordinate(point.y), point.confidence ?? ""];
    });
    return [csvField(track), frame, "", ...cells].join();
  });
  await writeFileAtomic(path, `${[header.join(), ...lines].join("\n")}\n`);
}

const coordinate = (ours: number): number => Number((ours - 0.5).toFixed(4));
