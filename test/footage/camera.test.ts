/** @file The camera's faults, on clips of which they are known. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { clouds, drawn, flat, type Made, readingsOf, valueIn } from "./clips.ts";

/** A scene seen from the place of each frame. */
const seen = (
  count: number,
  place: (i: number) => readonly [number, number],
  timeSec?: (i: number) => number,
): Made => ({
  count,
  picture: (i) => {
    const [dx, dy] = place(i);
    return drawn((x, y) => clouds(x - dx, y - dy));
  },
  ...(timeSec !== undefined && { timeSec }),
});

const EVENTS = ["cuts", "turned", "shift", "covered", "signalLost"] as const;

describe("the camera", () => {
  it("that stands still has no fault", async () => {
    const readings = await readingsOf(seen(60, () => [0, 0]));
    expect(valueIn(readings, "fixed")).toBeGreaterThan(90);
    for (const key of EVENTS) expect(valueIn(readings, key)).toBe(0);
    expect(valueIn(readings, "shake")).toBeCloseTo(0, 1);
  });

  it.each([1, 3])("shakes by what its places deviate (σ = %d px)", async (sigma) => {
    const random = new Random(5);
    const places = Array.from({ length: 60 }, () => [sigma * random.normal(), sigma * random.normal()] as const);
    const readings = await readingsOf(seen(60, (i) => places[i]));
    const px = readings.get("shake")?.facts?.["px"] ?? NaN;
    // Along both axes together √2 σ; a median of 58 changes.
    expect(px / (Math.SQRT2 * sigma)).toBeGreaterThan(0.7);
    expect(px / (Math.SQRT2 * sigma)).toBeLessThan(1.3);
  });

  it("does not shake in a steady pan, and its view does not count", async () => {
    const readings = await readingsOf(seen(50, (i) => [3 * i, i]));
    expect(valueIn(readings, "shake")).toBeLessThan(0.5);
    expect(valueIn(readings, "fixed")).toBe(0);
    expect(readings.has("turned")).toBe(false);
  });

  it("that is turned away is found, with the time when it began", async () => {
    const readings = await readingsOf(seen(180, (i) => [-9 * Math.min(30, Math.max(0, i - 80)), 0]));
    expect(valueIn(readings, "turned")).toBe(1);
    expect(Math.abs((readings.get("turned")?.at?.timeSec ?? 0) - 80 / 25)).toBeLessThan(0.3);
    expect(valueIn(readings, "cuts")).toBe(0);
  });

  it("that is knocked a little is shifted by as much", async () => {
    const readings = await readingsOf(seen(150, (i) => (i < 60 ? [0, 0] : [10, 4])));
    expect(readings.get("shift")?.facts?.["px"]).toBeCloseTo(Math.hypot(10, 4), -0.5);
    expect(Math.abs((readings.get("shift")?.at?.timeSec ?? 0) - 60 / 25)).toBeLessThan(1);
    expect(valueIn(readings, "turned")).toBe(0);
  });

  it("whose picture is cut to another one has a cut", async () => {
    const readings = await readingsOf(seen(60, (i) => (i < 30 ? [0, 0] : [900, 500])));
    expect(valueIn(readings, "cuts")).toBe(1);
    expect(readings.get("cuts")?.at?.frame).toBe(30);
  });

  it("something large that passes is no cut, and nothing is turned", async () => {
    const readings = await readingsOf({
      count: 100,
      picture: (i) =>
        drawn((x, y) => {
          const left = -200 + 6 * i;
          return x >= left && x < left + 200 ? clouds(2000 + x - left, y) : clouds(x, y);
        }),
    });
    expect(valueIn(readings, "cuts")).toBe(0);
    expect(valueIn(readings, "turned") || 0).toBe(0);
  });

  it("that is covered, and one without a signal, are found with their times", async () => {
    const covered = await readingsOf({
      count: 75,
      picture: (i) => (i < 25 || i >= 50 ? drawn(clouds) : drawn((x, y) => clouds(x / 16, y / 16))),
    });
    expect(valueIn(covered, "covered")).toBeCloseTo(24 / 25, 1);
    expect(covered.get("covered")?.at?.frame).toBe(25);
    const lost = await readingsOf({ count: 75, picture: (i) => drawn(i < 40 ? clouds : flat(16)) });
    expect(valueIn(lost, "signalLost")).toBeCloseTo(34 / 25, 1);
    expect(lost.get("signalLost")?.at?.frame).toBe(40);
    expect(valueIn(lost, "covered")).toBe(0);
  });

  it("a dark blink is neither", async () => {
    const readings = await readingsOf({ count: 50, picture: (i) => drawn(i === 20 ? flat(10) : clouds) });
    for (const key of EVENTS) expect(valueIn(readings, key)).toBe(0);
  });
});
