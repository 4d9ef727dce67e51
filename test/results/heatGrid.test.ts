import { describe, expect, it } from "vitest";
import type { TrackRecord } from "../../src/annotations/trackRecord.ts";
import { HeatGrid } from "../../src/results/heatGrid.ts";

const record = (of: Partial<TrackRecord>): TrackRecord => {
  const speed = { raw: null, smooth: null };
  const none = { place: null, box: null, area: null };
  return {
    frame: 0,
    timeSec: 0,
    name: "1",
    label: 1,
    visible: true,
    confidence: 1,
    state: "visible",
    ...none,
    speed,
    ...of,
  };
};

describe("HeatGrid", () => {
  it("seconds of each object's own pixels; hidden objects and others' pixels do not count", () => {
    const heat = new HeatGrid({ width: 4, height: 2 });
    const labels = { width: 4, height: 2, data: Uint8Array.of(1, 1, 2, 0, 0, 1, 2, 2) };
    const box = [0, 0, 3, 2] as const;
    heat.add([record({ box }), record({ box: [2, 0, 2, 2], label: 2, visible: false })], labels, 0.5);
    heat.add([record({ box: [0, 0, 1, 1] })], labels, 0.5);
    expect(heat.mostSeconds).toBe(1);
    expect([...heat.values().values]).toEqual([1, 0.5, 0, 0, 0, 0.5, 0, 0]);
  });

  it("a point warms the places around it, and those at the border without harm", () => {
    const heat = new HeatGrid({ width: 20, height: 20 });
    heat.add([record({ place: [10.5, 10.5] }), record({ place: [0, 20] }), record({ place: [-9, 40] })], undefined, 2);
    const { values } = heat.values();
    expect(heat.mostSeconds).toBe(2);
    expect(values[10 * 20 + 10]).toBe(1);
    expect(values[10 * 20 + 11]).toBeCloseTo(0.75, 6);
    expect(values[10 * 20 + 13]).toBe(0);
    expect(values[19 * 20]).toBeGreaterThan(0.8);
  });

  it("large frames have a grid of bounded size", () => {
    const heat = new HeatGrid({ width: 3840, height: 2161 });
    const { width, height, values, extent } = heat.values();
    expect(height).toBeLessThanOrEqual(540);
    expect(values).toHaveLength(width * height);
    expect(extent.height).toBeGreaterThanOrEqual(2161);
    const data = new Uint8Array(3840 * 2161).fill(1);
    heat.add([record({ box: [0, 0, 3840, 2161] })], { width: 3840, height: 2161, data }, 1);
    expect(heat.values().values.every((value) => value === 1)).toBe(true);
  });
});
