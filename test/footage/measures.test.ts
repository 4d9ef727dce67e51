/** @file Every measure on clips of which its value is known. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { clouds, drawn, flat, type Made, readingsOf, type Scene, SIZE, valueIn } from "./clips.ts";

/** 25 frames, or so many, of a scene that moves by so many pixels a frame. */
const panned = (scene: Scene, dx: number, dy = 0, count = 25): Made => ({
  count,
  picture: (i) => drawn((x, y) => scene(x - dx * i, y - dy * i)),
});

/** A square of another pattern on a ground that stands still. */
const square =
  (left: number, top: number, side = 60): Scene =>
  (x, y) => {
    const inside = x >= left && x < left + side && y >= top && y < top + side;
    return inside ? clouds(1000 + x - left, 700 + y - top) : clouds(x, y);
  };
const moving = (px: number, count = 25): Made => ({ count, picture: (i) => drawn(square(20 + px * i, 90)) });

describe("frames and time", () => {
  const still = drawn(clouds);
  const timed = (timeSec: (i: number) => number, count = 100): Made => ({ count, picture: () => still, timeSec });

  it("an even clip has its rate, and nothing else", async () => {
    const readings = await readingsOf(moving(3));
    expect(valueIn(readings, "frameRate")).toBeCloseTo(25, 6);
    for (const key of ["jitter", "gaps", "clockJumps", "repeats", "frozen"] as const)
      expect(valueIn(readings, key)).toBeCloseTo(0, 6);
  });

  it("frames that come late and early by turns jitter by as much", async () => {
    const readings = await readingsOf(timed((i) => (i + (i % 2) * 0.2) / 25, 40));
    expect(valueIn(readings, "jitter")).toBeGreaterThan(19);
    expect(valueIn(readings, "jitter")).toBeLessThan(41);
  });

  it("a rate of 30 stored without every sixth frame is uneven, and nothing is lost", async () => {
    const readings = await readingsOf(timed((i) => (i + Math.floor(i / 5)) / 30, 60));
    expect(valueIn(readings, "gaps")).toBe(0);
    // One step in five is twice as long.
    expect(Math.abs(valueIn(readings, "jitter") - 100 * Math.sqrt(1 / 5))).toBeLessThan(2);
  });

  it("missing frames are counted, and the longest gap is named", async () => {
    // 100 frames and a gap where 10 more should be.
    const readings = await readingsOf(timed((i) => (i < 60 ? i : i + 10) / 25));
    expect(valueIn(readings, "gaps")).toBeCloseTo((100 * 10) / 110, 6);
    expect(readings.get("gaps")?.at?.frame).toBe(60);
    expect(readings.get("gaps")?.facts?.["seconds"]).toBeCloseTo(11 / 25, 9);
    expect(valueIn(readings, "clockJumps")).toBe(0);
  });

  it("a jump of the clock is no gap", async () => {
    const readings = await readingsOf(timed((i) => i / 25 + (i < 30 ? 0 : 3600)));
    expect(valueIn(readings, "clockJumps")).toBe(1);
    expect(readings.get("clockJumps")?.at).toEqual({ frame: 30, timeSec: 30 / 25 + 3600 });
    expect(valueIn(readings, "gaps")).toBe(0);
    expect(valueIn(readings, "frameRate")).toBeCloseTo(25, 6);
  });

  it.each([
    ["every second", 2, 50],
    ["every fifth", 5, 20],
  ])("%s frame a repeat", async (_, every, percent) => {
    let at = 0;
    const places = Array.from({ length: 40 }, (__, i) => (i % every === every - 1 ? at : ++at));
    const readings = await readingsOf({ count: 40, picture: (i) => drawn(square(10 + 4 * places[i], 90)) });
    expect(valueIn(readings, "repeats")).toBeCloseTo(percent, -1);
    expect(Math.abs((readings.get("repeats")?.facts?.["real"] ?? 0) - 25 * (1 - 1 / every))).toBeLessThan(1.5);
    expect(readings.get("repeats")?.facts?.["nominal"]).toBeCloseTo(25, 6);
  });

  it("where things begin or stop to move, nothing is repeated", async () => {
    const readings = await readingsOf({
      count: 50,
      picture: (i) => drawn(square(10 + 4 * Math.min(20, Math.max(0, i - 15)), 90)),
    });
    expect(valueIn(readings, "repeats")).toBe(0);
  });

  it("a picture that stands still for a while is frozen", async () => {
    const readings = await readingsOf({
      count: 90,
      picture: (i) => drawn(square(10 + 3 * (i < 20 ? i : Math.max(20, i - 55)), 90)),
    });
    expect(valueIn(readings, "frozen")).toBeCloseTo(55 / 25, 1);
    expect(readings.get("frozen")?.at?.frame).toBe(20);
  });
});

describe("exposure", () => {
  it("counts what is burnt out and crushed", async () => {
    const readings = await readingsOf({
      count: 3,
      picture: () => drawn((x, y) => (x < 80 ? [255, 255, 255] : x >= 288 ? [2, 2, 2] : clouds(x, y))),
    });
    expect(valueIn(readings, "burnt")).toBeCloseTo(25, 0);
    expect(valueIn(readings, "crushed")).toBeCloseTo(10, 0);
  });

  it("a saturated colour is not burnt out", async () => {
    const readings = await readingsOf({ count: 3, picture: () => drawn(() => [255, 0, 0]) });
    expect(valueIn(readings, "burnt")).toBe(0);
  });

  it("says how bright the bright parts are and how many stops are missing", async () => {
    const readings = await readingsOf({
      count: 3,
      picture: () => drawn((x) => (x < 160 ? [20, 20, 20] : [100, 100, 100])),
    });
    expect(readings.get("dark")?.facts?.["level"]).toBe(100);
    expect(valueIn(readings, "contrast")).toBe(80);
    // From 100 to 200 of sRGB: 2.2 doublings of the light.
    expect(valueIn(readings, "dark")).toBeCloseTo(2.2, 1);
  });

  it("follows the brightness over the clip", async () => {
    const readings = await readingsOf({ count: 40, picture: (i) => drawn(flat(100 + i)) });
    expect(Math.abs(valueIn(readings, "drift") - 0.9 * 39)).toBeLessThan(3);
  });
});

const lit = (depth: number, hz: number, count: number, dx = 0): Made => ({
  count,
  picture: (i) => {
    const gain = 1 + (depth / 2) * Math.sin((2 * Math.PI * hz * i) / 25);
    return drawn((x, y) => clouds(x - dx * i, y).map((v) => gain * v) as [number, number, number]);
  },
});

describe("flicker", () => {
  it.each([
    ["of a still scene", 0],
    ["while the camera pans", 2],
  ])("has its depth and its frequency %s", async (_, dx) => {
    const readings = await readingsOf(lit(0.2, 6.25, 64, dx));
    // Dark places flicker less in the measure than in truth.
    expect(valueIn(readings, "flicker")).toBeGreaterThan(15);
    expect(valueIn(readings, "flicker")).toBeLessThan(21);
    expect(readings.get("flicker")?.facts?.["hz"]).toBeCloseTo(6.25, 0);
  });

  it("is none where only things move", async () => {
    expect(valueIn(await readingsOf(moving(4, 40)), "flicker")).toBeLessThan(1);
  });

  it("bands over the rows are counted", async () => {
    const readings = await readingsOf({
      count: 30,
      picture: (i) =>
        drawn((x, y) => {
          const gain = 1 + 0.15 * Math.sin(2 * Math.PI * ((3 * y) / SIZE.height + 0.31 * i));
          return clouds(x, y).map((v) => gain * v) as [number, number, number];
        }),
    });
    expect(readings.get("bands")?.facts?.["bands"]).toBe(3);
    expect(valueIn(readings, "bands")).toBeGreaterThan(10);
    expect(valueIn(await readingsOf(moving(4)), "bands")).toBeLessThan(2);
  });
});

/** Stripes of two levels, whose borders are ramps of this length. */
const ramps =
  (length: number): Scene =>
  (x) => {
    const phase = (((x % 64) + 64) % 64) / 64;
    const distance = Math.min(phase, 1 - phase) * 64 - 16;
    const level = 130 + 80 * Math.min(1, Math.max(-1, (2 * distance) / length));
    return [level, level, level];
  };

// Sharp dots that move 8 px a frame, averaged over half of that.
const dots: Scene = (x, y) => {
  const on = ((x % 40) + 40) % 40 < 20 !== ((y % 40) + 40) % 40 < 20;
  const cloud = clouds(x, y)[0] / 4;
  return on ? [170 + cloud, 170 + cloud, 170 + cloud] : [20 + cloud, 20 + cloud, 20 + cloud];
};

const open = (share: number): Made => ({
  count: 16,
  picture: (i) => {
    const all = Array.from({ length: 16 }, (_, s) => 6 * i + 6 * share * ((s + 0.5) / 16 - 0.5));
    return drawn((x, y) => {
      const mean = all.reduce((sum, dx) => sum + dots(x + 0.5 - dx, y)[0], 0) / all.length;
      return [mean, mean, mean];
    });
  },
});

describe("sharpness", () => {
  it.each([2, 4, 8, 12])("an edge over %d pixels is so wide", async (length) => {
    const readings = await readingsOf({ count: 3, picture: () => drawn(ramps(length)) });
    expect(Math.abs(valueIn(readings, "blur") / length - 1)).toBeLessThan(0.08);
  });

  it("nothing is said without edges", async () => {
    expect((await readingsOf({ count: 3, picture: () => drawn(flat(90)) })).has("blur")).toBe(false);
  });

  it("moving things smear along their motion, and the shutter follows", async () => {
    const sharp = await readingsOf(open(0.05));
    const smeared = await readingsOf(open(1));
    const [before, after] = [sharp, smeared].map((readings) => readings.get("smear")?.facts?.["px"] ?? NaN);
    expect(before).toBeLessThan(2);
    expect(Math.abs(after - 6)).toBeLessThan(1.5);
    expect(smeared.get("smear")?.facts?.["pxPerFrame"]).toBeCloseTo(6, 0);
    // 25 frames a second, open all the time.
    expect(Math.abs((smeared.get("smear")?.facts?.["shutter"] ?? 0) - 25)).toBeLessThan(8);
  });

  it("a focus that is lost on the way is found", async () => {
    const readings = await readingsOf({ count: 100, picture: (i) => drawn(ramps(i < 50 ? 2 : 12)) });
    expect(valueIn(readings, "defocused")).toBeGreaterThan(1.5);
    expect(Math.abs((readings.get("defocused")?.at?.frame ?? 0) - 50)).toBeLessThanOrEqual(10);
    const steady = await readingsOf({ count: 100, picture: () => drawn(ramps(2)) });
    expect(valueIn(steady, "defocused")).toBe(0);
  });
});

const noisy = (sigma: number, scene: Scene, dx = 0): Made => ({
  count: 8,
  picture: (i) => {
    const random = new Random(i + 1);
    return drawn((x, y) => {
      const value = sigma * random.normal();
      return scene(x - dx * i, y).map((v) => v + value) as [number, number, number];
    });
  },
});

describe("noise", () => {
  it.each([0, 2, 5, 12])("of deviation %d is found, still or moving, on texture too", async (sigma) => {
    for (const made of [noisy(sigma, flat(120)), noisy(sigma, clouds), noisy(sigma, clouds, 3)]) {
      const value = valueIn(await readingsOf(made), "noise");
      expect(Math.abs(value - sigma)).toBeLessThan(0.15 * sigma + 0.9);
    }
  });

  it("cannot be known where everything is clipped", async () => {
    expect((await readingsOf({ count: 3, picture: () => drawn(flat(255)) })).has("noise")).toBe(false);
  });
});

const blocky = (step: number, at = 0): Made => ({
  count: 3,
  picture: () =>
    drawn((x, y) => {
      const checker = (Math.floor((x + at) / 8) + Math.floor((y + at) / 8)) % 2;
      return clouds(x, y).map((v) => v + step * checker) as [number, number, number];
    }),
});

describe("compression", () => {
  it("grows with the steps at borders of blocks, wherever the grid lies", async () => {
    const values = await Promise.all(
      [0, 2, 6, 20].map(async (step) => valueIn(await readingsOf(blocky(step)), "blocks")),
    );
    expect(values[0]).toBeLessThan(5);
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(1.5 * values[i - 1]);
    expect(Math.abs(valueIn(await readingsOf(blocky(6, 3)), "blocks") / values[2] - 1)).toBeLessThan(0.2);
  });

  it("a flat picture has none", async () => {
    expect(valueIn(await readingsOf({ count: 2, picture: () => drawn(flat(80)) }), "blocks")).toBe(0);
  });
});

describe("motion", () => {
  it.each([2, 5])("a thing that moves %d pixels a frame does, beside a ground that does not", async (px) => {
    const readings = await readingsOf(moving(px));
    expect(readings.get("fastest")?.facts?.["px"]).toBeGreaterThan(0.8 * px);
    expect(readings.get("fastest")?.facts?.["px"]).toBeLessThan(1.5 * px);
    expect(valueIn(readings, "moving")).toBeGreaterThan(2);
    expect(valueIn(readings, "moving")).toBeLessThan(15);
  });

  it("is not the camera's", async () => {
    const readings = await readingsOf(panned(clouds, 4));
    expect(valueIn(readings, "moving")).toBeLessThan(2);
    const still = await readingsOf({ count: 8, picture: () => drawn(clouds) });
    expect([valueIn(still, "fastest"), valueIn(still, "moving")]).toEqual([0, 0]);
  });
});

describe("colour and size", () => {
  it("grey has no colour, a tinted white is a cast", async () => {
    const grey = await readingsOf({ count: 2, picture: () => drawn(flat(120)) });
    expect(valueIn(grey, "colour")).toBe(0);
    expect(grey.has("cast")).toBe(false);
    const tinted = await readingsOf({ count: 2, picture: () => drawn(() => [230, 210, 190]) });
    expect(valueIn(tinted, "colour")).toBeCloseTo((100 * 40) / 230, 6);
    expect(valueIn(tinted, "cast")).toBeCloseTo(40, 6);
  });

  it("the shorter side counts", async () => {
    const size = { width: 90, height: 161 };
    const readings = await readingsOf({ count: 2, size, picture: () => drawn(clouds, size) });
    expect(valueIn(readings, "rows")).toBe(90);
  });
});
