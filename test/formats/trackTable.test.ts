import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/formats/csv.ts";
import type { TrackRecord } from "../../src/annotations/trackRecord.ts";
import { TrackTable } from "../../src/formats/trackTable.ts";

const RECORD: TrackRecord = {
  frame: 3,
  timeSec: 0.12,
  name: 'bolt, "large"',
  label: 2,
  visible: true,
  confidence: 0.87654,
  state: "visible",
  place: [10.5, 1 / 3],
  box: [8, 0, 5, 2],
  area: 9,
  speed: { raw: 12.3456, smooth: 10 },
};

const row = (record: TrackRecord, mmPerPx: number | null = null): Readonly<Record<string, string>> => {
  const table = new TrackTable(mmPerPx);
  return parseCsv(`${table.header}\n${table.csv(record)}\n`, "tracks.csv").rows[0].values;
};

describe("TrackTable", () => {
  it("a row of a visible mask, rounded, with decimal points", () => {
    expect(row(RECORD)).toEqual({
      frame: "3",
      time_s: "0.12",
      object: 'bolt, "large"',
      visible: "1",
      confidence: "0.8765",
      state: "visible",
      x_px: "10.5",
      y_px: "0.333",
      box_x_px: "8",
      box_y_px: "0",
      box_width_px: "5",
      box_height_px: "2",
      area_px: "9",
      speed_px_s: "12.346",
      speed_smooth_px_s: "10",
    });
  });

  it("a scale adds speeds in mm/s", () => {
    expect(row(RECORD, 0.5)).toMatchObject({ speed_mm_s: "6.173", speed_smooth_mm_s: "5" });
  });

  it("what is not visible has empty cells, even where there is a guess", () => {
    const hidden = row({ ...RECORD, visible: false, state: "left", speed: { raw: null, smooth: null } }, 2);
    const { frame, time_s, object, visible, confidence, state, ...rest } = hidden;
    expect([frame, time_s, object, visible, confidence]).toEqual(["3", "0.12", 'bolt, "large"', "0", "0.8765"]);
    expect(state).toBe("left");
    expect(new Set(Object.values(rest))).toEqual(new Set([""]));
  });

  it("a point has no box and no area", () => {
    expect(row({ ...RECORD, box: null, area: null })).toMatchObject({ x_px: "10.5", box_x_px: "", area_px: "" });
  });

  it("JSON lines have the same names, null for an empty cell", () => {
    const table = new TrackTable(2);
    const parsed = JSON.parse(table.json({ ...RECORD, box: null, area: null })) as Record<string, unknown>;
    expect(Object.keys(parsed).join()).toBe(table.header);
    expect(parsed).toMatchObject({ object: 'bolt, "large"', visible: 1, box_x_px: null, speed_mm_s: 24.691 });
  });
});
