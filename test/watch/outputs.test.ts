import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalCounts, occupancyOf, zoneTotals } from "../../src/watch/counts.ts";
import { clock, dashboard } from "../../src/watch/dashboard.ts";
import { eventOf, type WatchEvent } from "../../src/watch/event.ts";
import { COUNT_COLUMNS, countRow, csvText, EVENT_COLUMNS, eventRow, jsonLines } from "../../src/watch/eventTable.ts";
import { ZonePainter } from "../../src/watch/zonePainter.ts";
import { parseZones } from "../../src/watch/zones.ts";

const zones = parseZones({
  intervalSec: 10,
  lines: [{ name: "gate", from: [20, 40], to: [20, 0], forward: "in", backward: "out" }],
  areas: [
    {
      name: "press",
      corners: [
        [30, 10],
        [50, 10],
        [50, 30],
        [30, 30],
      ],
    },
  ],
});
const at = (timeSec: number, confidence = 1) => ({ timeSec, frame: Math.round(10 * timeSec), confidence });
const cross = (timeSec: number, direction: string, confidence = 1): WatchEvent =>
  eventOf("cross", "gate", at(timeSec, confidence), { object: "a", direction });
const EVENTS = [
  cross(1, "in"),
  cross(2, "in", 0.3),
  eventOf("enter", "press", at(3), { object: "a" }),
  eventOf("enter", "press", at(4), { object: "b" }),
  cross(12, "out"),
  eventOf("leave", "press", at(13), { object: "a", value: 10, unit: "s" }),
  eventOf("dwell", "press", at(14), { object: "b", value: 10, unit: "s" }),
];

describe("counts", () => {
  it("by interval, with zeros, and how many are doubtful", () => {
    const rows = intervalCounts(EVENTS, zones, [0, 25]).filter(({ zone }) => zone === "gate");
    expect(
      rows.map(({ startSec, endSec, direction, count, doubtful }) => [startSec, endSec, direction, count, doubtful]),
    ).toEqual([
      [0, 10, "in", 2, 1],
      [0, 10, "out", 0, 0],
      [10, 20, "in", 0, 0],
      [10, 20, "out", 1, 0],
      [20, 25, "in", 0, 0],
      [20, 25, "out", 0, 0],
    ]);
  });

  it("every counted event is in one interval", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 5, max: 95, noNaN: true }), { maxLength: 40 }), (times) => {
        const events = times.map((time) => cross(time, "in"));
        const counts = intervalCounts(events, zones, [5, 95]);
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
      }),
    );
  });

  it("totals of each zone", () => {
    const [gate, press] = zoneTotals(EVENTS, zones);
    expect(gate).toMatchObject({ counts: { in: 2, out: 1 }, doubtful: 1, occupancy: null });
    expect(press).toMatchObject({
      counts: { enter: 2, leave: 1, dwell: 1 },
      occupancy: { last: 1, most: 2 },
      visits: { count: 1, meanSec: 10, mostSec: 10 },
    });
    expect(zoneTotals([], zones)[0].counts).toEqual({ in: 0, out: 0 });
  });

  it("who is inside over time", () => {
    expect(occupancyOf(EVENTS)).toEqual([
      { timeSec: 3, inside: 1 },
      { timeSec: 4, inside: 2 },
      { timeSec: 13, inside: 1 },
    ]);
  });
});

describe("tables", () => {
  it("CSV and JSON lines have the same columns", () => {
    const rows = EVENTS.map(eventRow);
    const [header, first, second] = csvText(EVENT_COLUMNS, rows).split("\n");
    expect(header).toBe("time_s,frame,kind,zone,object,direction,value,unit,confidence,doubtful");
    expect(first).toBe("1,10,cross,gate,a,in,,,1,0");
    expect(second).toBe("2,20,cross,gate,a,in,,,0.3,1");
    expect(Object.keys(JSON.parse(jsonLines(rows).split("\n")[0]))).toEqual([...EVENT_COLUMNS]);
  });

  it("stand without rows, quote names, mark what is not ASCII", () => {
    expect(csvText(COUNT_COLUMNS, [])).toBe("start_s,end_s,zone,kind,direction,count,doubtful\n");
    const named = csvText(["zone"], [{ zone: "a, b" }]);
    expect(named).toBe('zone\n"a, b"\n');
    expect(csvText(["zone"], [{ zone: "扉" }]).codePointAt(0)).toBe(0xfeff);
    const [count] = intervalCounts(EVENTS, zones, [0, 1]);
    expect(Object.keys(countRow(count))).toEqual([...COUNT_COLUMNS]);
  });
});

const data = (events: readonly WatchEvent[]) => ({
  title: "line 3 <night>",
  events,
  totals: zoneTotals(events, zones),
  counts: intervalCounts(events, zones, [0, 25]),
  span: [0, 25] as const,
});

const NOTHING = { mask: undefined, events: [] };

describe("pictures", () => {
  it("the dashboard names zones, numbers, doubt and what to look at", () => {
    const svg = dashboard(data(EVENTS), zones);
    for (const words of [
      "line 3 &lt;night&gt;",
      "gate",
      "press",
      "1 doubtful",
      "To look at: 2",
      "30 % sure",
      "stays long",
    ])
      expect(svg).toContain(words);
    expect(dashboard(data([]), zones)).toContain("Nothing to look at");
  });

  it("clocks", () => {
    expect([4, 65, 3723].map(clock)).toEqual(["4.0 s", "1:05", "1:02:03"]);
  });

  it("the overlay shows zones, and the one where something happened is bright for a moment", () => {
    const painter = new ZonePainter(zones);
    const picture = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(100) };
    const paint = (timeSec: number, events: readonly WatchEvent[]): number[] => {
      const told = { mask: undefined, events, occupancy: new Map([["press", 1]]) };
      const thing = { name: "7", class: "part", x: 40, y: 40, size: 4, confidence: 0.2 };
      const out = painter.paint(picture, { timeSec, sightings: [thing] }, told);
      return [...out.subarray(3 * (35 * 64 + 20), 3 * (35 * 64 + 20) + 3)];
    };
    expect(paint(0, [])).toEqual([255, 196, 0]);
    expect(paint(1, [cross(1, "in")])).toEqual([255, 255, 255]);
    expect(paint(1.3, [])).toEqual([255, 255, 255]);
    expect(paint(2, [])).toEqual([255, 196, 0]);
    expect(paint(3, [cross(3, "in", 0.2)])).toEqual([255, 64, 48]);
    // Within the area a tint, outside nothing.
    const plain = painter.paint(picture, { timeSec: 9, sightings: [] }, { ...NOTHING, occupancy: new Map() });
    expect([...plain.subarray(3 * (20 * 64 + 40), 3 * (20 * 64 + 40) + 3)]).not.toEqual([100, 100, 100]);
    expect([...plain.subarray(3 * (44 * 64 + 60), 3 * (44 * 64 + 60) + 3)]).toEqual([100, 100, 100]);
    expect(picture.data.every((value) => value === 100)).toBe(true);
  });
});
