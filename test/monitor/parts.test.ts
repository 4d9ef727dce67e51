import { describe, expect, it } from "vitest";
import { cellPicture, cellSide } from "../../src/monitor/cellPicture.ts";
import { FaultWatch } from "../../src/monitor/faultWatch.ts";
import { LightFlicker } from "../../src/monitor/lightFlicker.ts";
import { LensSpots } from "../../src/monitor/lensSpots.ts";
import { Steadiness, turns } from "../../src/monitor/steadiness.ts";
import { Stillness } from "../../src/monitor/stillness.ts";
import { CELL_STATES, UsualView } from "../../src/monitor/usualView.ts";
import { PlaceWatch } from "../../src/monitor/placeWatch.ts";
import { structureOf } from "../../src/footage/viewWatch.ts";
import { clouds, drawn } from "../footage/clips.ts";

const moment = (timeSec: number) => ({ timeSec, frame: Math.round(10 * timeSec), confidence: 1 });

const watchOf = () => new FaultWatch("covered", { unit: "%", holdSec: 0.5, clearSec: 1 });
const see = (watch: FaultWatch, values: readonly (number | null)[]) =>
  values.flatMap((value, i) => watch.see(value !== null, value, moment(0.25 * i)));

const feed = (still: Stillness, from: number, to: number, change: number): void => {
  for (let i = Math.round(10 * from); i < Math.round(10 * to); i++) still.add(change, moment(i / 10));
};

describe("a fault", () => {
  it("is told once it has held, with the time when it began; its end once it was away, with its worst", () => {
    const events = see(watchOf(), [null, 3, 4, 9, 5, null, null, null, null, null, null]);
    expect(events).toMatchObject([
      { state: "begin", timeSec: 0.25, sinceSec: null, value: 9, knownSec: 0.75 },
      { state: "end", timeSec: 1.25, sinceSec: 0.25, value: 9, knownSec: 2.25 },
    ]);
  });

  it("that is taken back has not been; a gap in it is no end", () => {
    expect(see(watchOf(), [null, 1, null, 1, null, 1, null])).toEqual([]);
    const events = see(watchOf(), [null, 1, 1, 1, null, 1, null, 1, 1]);
    expect(events.map(({ state }) => state)).toEqual(["begin"]);
  });
});

describe("a frozen picture", () => {
  it("changes nothing for a second, or for three times as long as it did before", () => {
    const still = new Stillness();
    feed(still, 0, 3, 1);
    feed(still, 3, 3.8, 0);
    expect(still.frozenSince()).toBeUndefined();
    feed(still, 3.8, 5, 1);
    feed(still, 5, 6.5, 0);
    expect(still.frozenSince()).toBeUndefined();
    feed(still, 6.5, 7.5, 0);
    expect(still.frozenSince()?.timeSec).toBeCloseTo(4.9, 6);
  });

  it("is not told soon of a source that nothing is known of", () => {
    const still = new Stillness();
    feed(still, 0, 9, 0);
    expect(still.frozenSince()).toBeUndefined();
    feed(still, 9, 11, 0);
    expect(still.frozenSince()?.timeSec).toBe(0);
  });
});

describe("to and fro", () => {
  it.each([
    [[0, 1, 2, 3, 4], 1, 0],
    [[0, 2, 0, 2, 0], 1, 3],
    [[0, 0.4, 0, 0.4, 0, 5], 1, 0],
    [[0, 3, 2.5, 5, 1], 1, 1],
  ])("%j turns round by %d or more %d times", (values, least, count) => expect(turns(values, least)).toBe(count));

  it("a camera that pans does not shake; one that trembles by ±2 px does, by 2", () => {
    const [pan, tremble] = [new Steadiness(), new Steadiness()];
    for (let i = 0; i < 20; i++) {
      pan.add([5, 0.5], i / 10);
      tremble.add([0, i % 2 === 0 ? 4 : -4], i / 10);
    }
    expect(pan.shake()).toBe(0);
    expect(tremble.shake()).toBeCloseTo(2, 0);
  });

  it("light that was switched does not flicker; light that goes up and down by 20 % does", () => {
    const [lamp, flicker] = [new LightFlicker(), new LightFlicker()];
    for (let i = 0; i < 30; i++) {
      lamp.add(i === 20 ? Math.log(2) : 0, i / 20);
      flicker.add(0.1 * (Math.sin(2.2 * i) - Math.sin(2.2 * (i - 1))), i / 20);
    }
    expect(lamp.depth()).toBe(0);
    expect(flicker.depth()).toBeGreaterThan(0.15);
    expect(flicker.depth()).toBeLessThan(0.25);
  });
});

/** The structure of a cloudy scene whose view has moved. */
const viewAt = (dx: number, dy: number) => {
  const luma = Float32Array.from({ length: 160 * 120 }, (_, p) => clouds((p % 160) - dx, Math.floor(p / 160) - dy)[0]);
  return structureOf({ width: 160, height: 120, data: luma });
};

describe("the place of a view", () => {
  const at = { isOpen: true, isStill: false, isOther: false, isOn: false, offset: [0, 0] as const, factor: 2 };
  const looks = (place: PlaceWatch, view: ReturnType<typeof viewAt>, from: number, more: object = {}) =>
    [0, 1, 2, 3].map((i) => place.see(view, moment(from + 0.25 * i), { ...at, ...more }));

  it.each([
    [5, 0],
    [-25, 13],
    [0, 29],
  ])("is known elsewhere, %d px to the right and %d down, once it has stayed for half a second", (dx, dy) => {
    const place = new PlaceWatch();
    expect(looks(place, viewAt(0, 0), 0).some(({ holds }) => holds)).toBe(false);
    expect(place.isInPlace).toBe(true);
    const found = looks(place, viewAt(dx, dy), 1);
    expect(found.map(({ holds }) => holds)).toEqual([false, false, true, true]);
    // To a pixel of the small picture.
    expect(Math.abs(found[3].value! - 2 * Math.hypot(dx, dy))).toBeLessThanOrEqual(2);
    expect([place.isElsewhere, place.isInPlace]).toEqual([true, false]);
    expect(found[3].began).toEqual(moment(1));
  });

  it("is not known while the camera moves, nor where another scene moves", () => {
    const place = new PlaceWatch();
    looks(place, viewAt(0, 0), 0);
    expect(looks(place, viewAt(20, 0), 1, { offset: [3, 0] }).some(({ holds }) => holds)).toBe(false);
    expect(looks(place, viewAt(900, 400), 2, { isOther: true }).some(({ holds }) => holds)).toBe(false);
    expect(place.isElsewhere).toBe(false);
    const still = { isOther: true, isStill: true };
    const told = [...looks(place, viewAt(900, 400), 3, still), ...looks(place, viewAt(900, 400), 4, still)];
    expect(told.map(({ holds }) => holds)).toEqual([false, false, false, false, true, true, true, true]);
  });
});

/** Stripes of two widths: detail that a blur takes, on shapes that it leaves. */
const striped = (blur: number, shift = 0) =>
  drawn(
    (x, y) => {
      const broad = 60 * Math.sin((x + shift) / 9 + y / 13);
      const fine = 30 * Math.sin((x + shift) * 2) * (1 - blur);
      return [120 + broad + fine, 120 + broad + fine, 120 + broad + fine];
    },
    { width: 160, height: 128 },
  );
const cellsOf = (data: Uint8Array) => cellPicture({ width: 160, height: 128, data });

describe("cells", () => {
  it("have a side of 16 pixels of a picture of 240 rows or fewer", () => {
    expect([cellSide({ width: 160, height: 128 }), cellSide({ width: 854, height: 480 })]).toEqual([16, 32]);
    const { columns, rows, coarse, fine } = cellsOf(striped(0));
    expect([columns, rows, coarse.length, fine.length]).toEqual([10, 8, 1280, 80]);
  });

  it("keep their coarse looks in any light, lose their fine detail by blur, and are others elsewhere", () => {
    const usual = new UsualView();
    expect(usual.compare(cellsOf(striped(0)), 0)).toBeUndefined();
    for (let i = 0; i < 9; i++) usual.learn(cellsOf(striped(0)), usual.compare(cellsOf(striped(0)), 0), 0.25);
    const textured = 80;
    expect(usual.compare(cellsOf(striped(0)), 0)).toMatchObject({ textured, blurred: 0, other: 0, left: 1 });
    const half = striped(0).map((value) => value / 2);
    expect(usual.compare(cellsOf(half), 0)).toMatchObject({ blurred: 0, other: 0 });
    const blurred = usual.compare(cellsOf(striped(1)), 0)!;
    expect(blurred.blurred).toBeGreaterThan(0.9);
    const moved = usual.compare(cellsOf(striped(0, 28)), 0)!;
    expect(moved.other).toBe(1);
    expect(new Set(moved.states)).toEqual(new Set([CELL_STATES.other]));
  });

  it("know the detail that stays, not that of what passes, and tell blur from little light", () => {
    const usual = new UsualView();
    const learn = (blur: number, looks: number): void => {
      for (let i = 0; i < looks; i++)
        usual.learn(cellsOf(striped(blur)), usual.compare(cellsOf(striped(blur)), 0), 0.25);
    };
    learn(1, 10);
    // Something detailed stays for a second at a time, now and then.
    for (let i = 0; i < 5; i++) {
      learn(0, 4);
      learn(1, 12);
    }
    expect(usual.compare(cellsOf(striped(1)), 0)!.blurred).toBe(0);
    learn(0, 600);
    const dim = striped(0).map((value) => 0.4 * value);
    expect(usual.compare(cellsOf(dim), 0)).toMatchObject({ blurred: 0, other: 0, light: expect.closeTo(0.4, 1) });
    // So dim that noise of a level would hide the detail.
    expect(usual.compare(cellsOf(dim), 4)!.blurred).toBe(0);
  });

  it("are known once they were the same for a while: what was there first may have been in passing", () => {
    const usual = new UsualView();
    const learn = (shift: number): void => {
      const now = cellsOf(striped(0, shift));
      usual.learn(now, usual.compare(now, 0), 0.25);
    };
    for (let i = 0; i < 5; i++) learn(28);
    for (let i = 0; i < 8; i++) learn(0);
    expect(usual.compare(cellsOf(striped(0)), 0)!.textured).toBe(0);
    learn(0);
    expect(usual.compare(cellsOf(striped(0)), 0)).toMatchObject({ textured: 80, other: 0, left: 1 });
    expect(usual.compare(cellsOf(striped(0, 28)), 0)).toMatchObject({ textured: 80, other: 1 });
  });

  it("side by side that stay blurred are a spot; the rest must keep its detail", () => {
    const states = new Uint8Array(20).fill(CELL_STATES.same);
    for (const cell of [6, 7, 11, 19]) states[cell] = CELL_STATES.blurred;
    const now = { states, textured: 20, blurred: 0.2, other: 0, left: 1, leftInPlace: 1, light: 1 };
    const spots = new LensSpots();
    expect([1, 2, 3, 4].map(() => spots.see(now, 5))).toEqual([0, 0, 0, 3 / 20]);
    expect(spots.boxes(10)).toEqual([[10, 10, 20, 20]]);
    expect(spots.see({ ...now, leftInPlace: 0.5 }, 5)).toBe(0);
    expect(spots.see(undefined, 5)).toBe(0);
    expect(spots.see(now, 5)).toBe(0);
  });
});
