import { describe, expect, it } from "vitest";
import { Totals } from "../../src/results/objectTotals.ts";
import { Recorder } from "../../src/results/recorder.ts";
import type { TrackedObject } from "../../src/tracking/objects.ts";
import { davisPalette } from "../../src/video/masks/maskBytes.ts";
import { pointLabel } from "../../src/video/drawing/trackOverlay.ts";

const seen = (id: number, x: number): TrackedObject => {
  return { id, area: 4, box: [x - 1, 4, 2, 2], centroid: [x, 5], confidence: 0.5, visible: true };
};
const gone = (id: number): TrackedObject => ({ id, area: 0, box: null, centroid: null, confidence: 0, visible: false });
const at = (index: number) => ({ index, timeSec: index / 5 });

describe("Recorder", () => {
  it("calls objects by their names, else by their ids; visible is where there is a box", () => {
    const [car, two] = new Recorder({ names: new Map([[1, "car"]]) }).objects(at(7), [seen(1, 5), gone(2)]);
    expect(car).toEqual({
      frame: 7,
      timeSec: 1.4,
      name: "car",
      label: 1,
      visible: true,
      confidence: 0.5,
      state: "visible",
      place: [5, 5],
      box: [4, 4, 2, 2],
      area: 4,
      speed: { raw: null, smooth: null },
    });
    expect(two).toMatchObject({
      name: "2",
      label: 2,
      visible: false,
      state: "hidden",
      place: null,
      box: null,
      area: 0,
    });
  });

  it("believes an annotation that an object is not visible", () => {
    const recorder = new Recorder();
    recorder.objects(at(0), [seen(1, 0)]);
    const [record] = recorder.objects(at(1), [{ ...seen(1, 10), visible: false }]);
    expect(record).toMatchObject({ visible: false, place: [10, 5], speed: { raw: null } });
    expect(recorder.objects(at(2), [seen(1, 20)])[0].speed.raw).toBeNull();
    expect(recorder.objects(at(3), [seen(1, 30)])[0].speed.raw).toBeCloseTo(50, 9);
  });

  it("an object that comes later begins with no speed", () => {
    const recorder = new Recorder();
    recorder.objects(at(0), [seen(1, 0)]);
    const [first, second] = recorder.objects(at(1), [seen(1, 1), seen(2, 50)]);
    expect([first.speed.raw, second.speed.raw]).toEqual([expect.closeTo(5, 9), null]);
  });

  it("says what is given, and takes no speed from uncertain frames or over a cut", () => {
    const recorder = new Recorder({ isGiven: (frame, what) => frame === 0 && what === 1 });
    const path = [0.9, 0.9, 0.4, 0.9, 0.9, 0.9].map((confidence, i) => {
      const [record] = recorder.objects({ ...at(i), cut: i === 5 }, [{ ...seen(1, 10 * i), confidence }]);
      return [record.state, record.speed.raw && Math.round(record.speed.raw)];
    });
    const [first, ...others] = path;
    expect(first).toEqual(["given", null]);
    expect(others).toEqual([
      ["visible", 50],
      ["uncertain", null],
      ["visible", null],
      ["visible", 50],
      ["visible", null],
    ]);
  });

  it("what is given as not visible is hidden, not given; points are given by name", () => {
    const recorder = new Recorder({ isGiven: (_, what) => what === 2 || what === "nose" });
    expect(recorder.objects(at(0), [gone(2)])[0].state).toBe("hidden");
    const point = { name: "nose", x: 1, y: 2, visible: true, confidence: 1 };
    expect(recorder.points(at(0), [point, { ...point, name: "tail" }]).map(({ state }) => state)).toEqual([
      "given",
      "visible",
    ]);
  });

  it("knows by the frames' size what left, and not after a cut", () => {
    for (const [cut, state] of [
      [false, "left"],
      [true, "hidden"],
    ] as const) {
      const recorder = new Recorder({ size: { width: 40, height: 40 } });
      for (const i of [0, 1, 2]) recorder.objects(at(i), [seen(1, 33 + 3 * i)]);
      expect(recorder.objects({ ...at(3), cut }, [gone(1)])[0].state).toBe(state);
    }
  });

  it("objects and points of one frame keep their speeds apart", () => {
    const recorder = new Recorder();
    const records = [0, 1].flatMap((i) => [
      ...recorder.objects(at(i), [seen(1, 10 * i)]),
      ...recorder.points(at(i), [{ name: "nose", x: 20 * i, y: 0, visible: true, confidence: 1 }]),
    ]);
    expect(records.slice(2).map(({ speed }) => speed.raw)).toEqual([expect.closeTo(50, 9), expect.closeTo(100, 9)]);
  });

  it("points have neither box nor area, and colours that can be seen", () => {
    const point = { name: "nose", x: 1, y: 2, visible: false, confidence: 0.2 };
    expect(new Recorder().points(at(0), [point])[0]).toMatchObject({ place: [1, 2], box: null, area: null, label: 1 });
    const labels = Array.from({ length: 223 }, (_, i) => pointLabel(i));
    expect(new Set(labels).size).toBe(223);
    for (const label of labels)
      expect(Math.max(...davisPalette.subarray(3 * label, 3 * label + 3))).toBeGreaterThanOrEqual(128);
    expect(pointLabel(223)).toBe(1);
  });
});

describe("Totals", () => {
  it("adds up a way with a gap: 10 px every 0.2 s, 3 + 2 frames", () => {
    const [recorder, totals] = [new Recorder(), new Totals()];
    const way = [0, 10, 20, null, 40, 50];
    way.forEach((x, i) => totals.add(recorder.objects(at(i), [x === null ? gone(1) : seen(1, x)])));
    const [total] = totals.list(2);
    expect(total).toMatchObject({
      name: "1",
      firstVisible: { frame: 0, timeSec: 0 },
      lastVisible: { frame: 5, timeSec: 1 },
      framesVisible: 5,
      framesHidden: 1,
      framesInState: { given: 0, visible: 5, uncertain: 0, hidden: 1, left: 0 },
      meanConfidence: 0.5,
    });
    // The gap itself is no path.
    expect(total.pathPx).toBeCloseTo(30, 9);
    expect(total.meanSpeedPxPerSec).toBeCloseTo(50, 9);
    expect(total.maxSpeedPxPerSec).toBeCloseTo(50, 9);
    expect(total.pathMm).toBeCloseTo(60, 9);
    expect(total.meanSpeedMmPerSec).toBeCloseTo(100, 9);
  });

  it("an object that is never seen has no speed and no confidence", () => {
    const totals = new Totals();
    totals.add(new Recorder().objects(at(0), [gone(3)]));
    const [total] = totals.list(null);
    expect(total).toMatchObject({ firstVisible: null, meanConfidence: null, pathPx: 0, meanSpeedPxPerSec: null });
    expect(total).not.toHaveProperty("pathMm");
  });
});
