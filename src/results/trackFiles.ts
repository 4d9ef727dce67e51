/**
 * @file The tables of a tracked clip, appended frame by frame: tracks.csv, tracks.jsonl, and the labels in a format
 * that `track` reads.
 */
import { join } from "node:path";
import { boxOf, pointOf, type TrackRecord } from "../annotations/trackRecord.ts";
import { RowFile } from "../core/rowFile.ts";
import { BOX_COLUMNS, boxLine, POINT_COLUMNS, pointLine } from "../formats/pointsCsv.ts";
import { TrackTable } from "../formats/trackTable.ts";

/** Which tables are written. */
export interface TrackTableOptions {
  /** Which of `boxes.csv` and `points.csv` are written as well. */
  readonly labels: readonly ("boxes" | "points")[];
  /** Millimetres per pixel; null = no speeds in mm/s. */
  readonly mmPerPx: number | null;
  /** Whether the tables grow at their final paths, so that others can read them meanwhile; default false. */
  readonly inPlace?: boolean;
}

interface Table {
  readonly file: RowFile;
  /** The first line; null = none. */
  readonly header: string | null;
  readonly lines: (records: readonly TrackRecord[]) => string[];
}

/** Takes the records of each frame. */
export class TrackFiles {
  private readonly tables: readonly Table[];
  private begun = false;

  /** @param out folder, created with the first records. */
  constructor(out: string, { labels, mmPerPx, inPlace = false }: TrackTableOptions) {
    const table = new TrackTable(mmPerPx);
    const of = (name: string, header: string | null, lines: Table["lines"]): Table => {
      return { file: new RowFile(join(out, name), inPlace), header, lines };
    };
    this.tables = [
      of("tracks.csv", table.header, (records) => records.map((record) => table.csv(record))),
      of("tracks.jsonl", null, (records) => records.map((record) => table.json(record))),
      ...(labels.includes("boxes") ? [of("boxes.csv", `${BOX_COLUMNS},state`, boxLines)] : []),
      ...(labels.includes("points") ? [of("points.csv", `${POINT_COLUMNS},state`, pointLines)] : []),
    ];
  }

  /** @param records of one frame. @throws UserError `file/write` */
  async append(records: readonly TrackRecord[]): Promise<void> {
    for (const { file, header, lines } of this.tables) {
      const head = this.begun || header === null ? [] : [`${byteOrderMark(records)}${header}`];
      await file.append([...head, ...lines(records)].map((line) => `${line}\n`).join(""));
    }
    this.begun = true;
  }

  /**
   * Renames the tables, as complete as they are, to their final paths.
   * @returns their paths.
   * @throws UserError `file/write`
   */
  async finish(): Promise<string[]> {
    const ends = await Promise.allSettled(this.tables.map(({ file }) => file.finish()));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return ends.flatMap((end) => (end.status === "fulfilled" ? (end.value ?? []) : []));
  }
}

/** Spreadsheets read a CSV as UTF-8 only with this mark; plain ASCII names need none. */
function byteOrderMark(records: readonly TrackRecord[]): string {
  return records.some(({ name }) => /[^\x20-\x7e]/u.test(name)) ? "\uFEFF" : "";
}

function boxLines(records: readonly TrackRecord[]): string[] {
  return records.flatMap((record) => {
    const box = boxOf(record);
    return box === undefined ? [] : [`${boxLine(record, box)},${record.state}`];
  });
}

function pointLines(records: readonly TrackRecord[]): string[] {
  return records.flatMap((record) => {
    const point = pointOf(record);
    return point === undefined ? [] : [`${pointLine(record, point)},${record.state}`];
  });
}
