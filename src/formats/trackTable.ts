/**
 * @file Tracks as a wide table, a row for each frame and object: CSV for spreadsheets, JSON lines for programs, with
 * the same columns.
 */
import { csvField } from "./csv.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";

/** A value of a row; null = an empty cell. */
type Cell = number | string | null;

interface Column {
  /** Header in CSV and key in JSON, with the unit. */
  readonly name: string;
  /** Null where the value is meaningless, mostly where the object is not visible. */
  readonly of: (record: TrackRecord) => Cell;
}

const round = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));

/** A value that only a visible object has, rounded. */
function seen(name: string, digits: number, of: (record: TrackRecord) => number | null | undefined): Column {
  return { name, of: (record) => (record.visible ? round(of(record) ?? null, digits) : null) };
}

const COLUMNS: readonly Column[] = [
  { name: "frame", of: ({ frame }) => frame },
  { name: "time_s", of: ({ timeSec }) => round(timeSec, 6) },
  { name: "object", of: ({ name }) => name },
  { name: "visible", of: ({ visible }) => (visible ? 1 : 0) },
  { name: "confidence", of: ({ confidence }) => round(confidence, 4) },
  { name: "state", of: ({ state }) => state },
  seen("x_px", 3, ({ place }) => place?.[0]),
  seen("y_px", 3, ({ place }) => place?.[1]),
  seen("box_x_px", 3, ({ box }) => box?.[0]),
  seen("box_y_px", 3, ({ box }) => box?.[1]),
  seen("box_width_px", 3, ({ box }) => box?.[2]),
  seen("box_height_px", 3, ({ box }) => box?.[3]),
  seen("area_px", 0, ({ area }) => area),
  seen("speed_px_s", 3, ({ speed }) => speed.raw),
  seen("speed_smooth_px_s", 3, ({ speed }) => speed.smooth),
];

/** Columns that a scale adds. */
function scaledColumns(mmPerPx: number): Column[] {
  const scaled = (value: number | null): number | null => (value === null ? null : value * mmPerPx);
  return [
    seen("speed_mm_s", 3, ({ speed }) => scaled(speed.raw)),
    seen("speed_smooth_mm_s", 3, ({ speed }) => scaled(speed.smooth)),
  ];
}

/** Writes rows of one table. */
export class TrackTable {
  private readonly columns: readonly Column[];

  /** @param mmPerPx adds speeds in mm/s; null = no scale. */
  constructor(mmPerPx: number | null) {
    this.columns = mmPerPx === null ? COLUMNS : [...COLUMNS, ...scaledColumns(mmPerPx)];
  }

  /** The CSV's first line, without line break. */
  get header(): string {
    return this.columns.map(({ name }) => name).join();
  }

  /** A line of CSV, without line break: decimal points, names quoted where necessary. */
  csv(record: TrackRecord): string {
    return this.cells(record)
      .map(([, cell]) => (typeof cell === "string" ? csvField(cell) : (cell ?? "")))
      .join();
  }

  /** A line of JSON: an object with the header's names as keys, null for an empty cell. */
  json(record: TrackRecord): string {
    return JSON.stringify(Object.fromEntries(this.cells(record)));
  }

  private cells(record: TrackRecord): [name: string, cell: Cell][] {
    return this.columns.map(({ name, of }) => [name, of(record)]);
  }
}
