import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Watcher } from "../../src/watch/watcher.ts";
import { parseZones, type ZonesInput } from "../../src/watch/zones.ts";
import { framesOf, type Path, said, stay, watch, way } from "./paths.ts";

const CORNERS: [number, number][] = [
  [40, 0],
  [60, 0],
  [60, 100],
  [40, 100],
];
const zones = (more: object = {}): ZonesInput => ({
  areas: [{ name: "press", corners: CORNERS, debounceSec: 0, ...more }],
});
const hidden = (frames: number): null[] => Array.from({ length: frames }, () => null);

describe("an area", () => {
  it("tells who enters and leaves, and how long they stayed", () => {
    const events = watch(zones(), { a: [...way(10, 50, 4), ...stay(50, 50, 10), ...way(50, 90, 4)] });
    expect(said(events)).toEqual(["enter a", "leave a"]);
    expect(events[0]).toMatchObject({ frame: 3, value: null });
    // Inside from frame 3 on, out at 16.
    expect(events[1]).toMatchObject({ frame: 16, unit: "s" });
    expect(events[1].value).toBeCloseTo(1.3, 9);
  });

  it("who begins inside appears, who is lost inside vanishes, where it was last seen", () => {
    const events = watch(zones(), { a: [...stay(50, 50, 6), ...hidden(60)], b: stay(10, 10, 66) });
    expect(said(events)).toEqual(["appear a", "vanish a"]);
    expect(events[1]).toMatchObject({ frame: 5, value: 0.5 });
  });

  it("who trembles on its edge does not enter before it stays", () => {
    const shaking: Path = Array.from({ length: 20 }, (_, i) => [i % 2 === 0 ? 39 : 41, 50]);
    expect(watch(zones({ debounceSec: 0.3 }), { a: shaking })).toHaveLength(1); // the last change, at the clip's end
    expect(said(watch(zones({ debounceSec: 0.3 }), { a: [...shaking, ...stay(50, 50, 9)] }))).toEqual(["enter a"]);
  });

  it("tells once who stays longer than it should", () => {
    const events = watch(zones({ dwellSec: 1 }), { a: [[0, 0], ...stay(50, 50, 40)] });
    expect(said(events)).toEqual(["enter a", "dwell a"]);
    expect(events[1]).toMatchObject({ frame: 11, value: 1 });
  });

  it("tells who stops inside, and again after it went on", () => {
    const stop = { slowerThanPxPerSec: 5, sec: 0.5 };
    const moving = way(41, 59, 4);
    const path: Path = [...moving, ...stay(59, 50, 15), ...moving, ...stay(59, 50, 15)];
    expect(said(watch(zones({ stop }), { a: path }))).toEqual(["appear a", "stop a", "stop a"]);
    expect(said(watch(zones({ stop }), { a: stay(10, 50, 30) }))).toEqual([]);
  });

  it("tells who is too fast inside", () => {
    const fast = watch(zones({ fasterThanPxPerSec: 20 }), { a: way(0, 100, 20) });
    expect(said(fast)).toContain("fast a");
    expect(fast.find(({ kind }) => kind === "fast")?.value).toBeCloseTo(50, 6);
    expect(said(watch(zones({ fasterThanPxPerSec: 60 }), { a: way(0, 100, 20) }))).not.toContain("fast a");
  });

  it("tells when too many or too few are inside, as sure as the least sure of them", () => {
    const events = watch(zones({ most: 1, least: 1 }), {
      a: [
        [0, 0],
        [50, 50, 0.3],
        [50, 50, 0.3],
        [50, 50],
        [90, 50],
      ],
      b: [
        [0, 0],
        [0, 0],
        [50, 20],
        [90, 20],
        [90, 20],
      ],
    });
    expect(said(events)).toEqual(["short", "enter a", "enter b", "full", "leave b", "leave a", "short"]);
    expect(events[3]).toMatchObject({ value: 2, unit: "things", confidence: 0.3 });
  });

  it("tells when nothing came for some time, once until something comes", () => {
    const path: Path = [...stay(0, 0, 15), ...stay(50, 50, 12), ...stay(0, 0, 5)];
    const events = watch(zones({ idleSec: 1 }), { a: path });
    expect(said(events)).toEqual(["idle", "enter a", "idle", "leave a"]);
    expect(events[0]).toMatchObject({ value: 1, object: null });
  });

  it("knows how many are inside", () => {
    const watcher = new Watcher(parseZones(zones()));
    const counts = framesOf({ a: way(10, 90, 4), b: stay(50, 50, 5) }).map((frame) => {
      watcher.next(frame);
      return watcher.occupancy.get("press");
    });
    expect(counts).toEqual([1, 1, 2, 1, 1]);
  });

  it("comings less goings are who is inside; resumed after any frame it tells the same", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    const path = fc.array(fc.option(place, { nil: null, freq: 6 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(path, path, fc.nat(), (a, b, cut) => {
        const given: ZonesInput = {
          ...zones({ debounceSec: 0.2, dwellSec: 1, idleSec: 1, most: 1, stop: { slowerThanPxPerSec: 9, sec: 0.1 } }),
          distances: [{ name: "near", closerThanPx: 20, debounceSec: 0.1 }],
          lostSec: 0.4,
        };
        const frames = framesOf({ a, b });
        const watcher = new Watcher(parseZones(given));
        const told = frames.slice(0, cut % frames.length).flatMap((frame) => watcher.next(frame));
        const again = new Watcher(parseZones(given));
        again.resume(JSON.parse(JSON.stringify(watcher.state())));
        const all = [...told, ...frames.slice(cut % frames.length).flatMap((frame) => again.next(frame))];
        const number = (...kinds: string[]): number => all.filter(({ kind }) => kinds.includes(kind)).length;
        expect(number("enter", "appear") - number("leave", "vanish")).toBe(again.occupancy.get("press"));
        expect([...all, ...again.end()]).toEqual(watch(given, { a, b }));
      }),
      { numRuns: 200 },
    );
  });
});

describe("orders and distances", () => {
  const order: ZonesInput = {
    lines: [
      { name: "one", from: [30, 100], to: [30, 0], debounceSec: 0 },
      { name: "two", from: [70, 100], to: [70, 0], debounceSec: 0 },
    ],
    orders: [{ name: "one then two", first: "one", next: "two", withinSec: 1 }],
  };
  const ofOrder = (paths: Record<string, Path>) => watch(order, paths).filter(({ zone }) => zone === "one then two");

  it("in time, with the time it took", () => {
    const [event, ...others] = ofOrder({ a: way(0, 100, 10) });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: "order", object: "a" });
    expect(event.value).toBeCloseTo(0.4, 9);
  });

  it("late once, whether or not it comes", () => {
    const late: Path = [...way(0, 50, 5), ...stay(50, 50, 20), ...way(50, 100, 5)];
    expect(said(ofOrder({ a: late }))).toEqual(["late a"]);
    expect(said(ofOrder({ a: [...way(0, 50, 5), ...stay(50, 50, 20)] }))).toEqual(["late a"]);
    expect(said(ofOrder({ a: [...way(0, 50, 5), ...hidden(70)], b: stay(0, 0, 76) }))).toEqual(["late a"]);
  });

  it("without the first", () => {
    expect(said(ofOrder({ a: way(50, 100, 5) }))).toEqual(["skipped a"]);
  });

  it("two things close to each other, and for how long", () => {
    const events = watch(
      { distances: [{ name: "near", closerThanPx: 15, debounceSec: 0 }] },
      { a: stay(0, 0, 11), b: [...way(50, 0, 5, 0), ...way(10, 50, 4, 0)] },
    );
    expect(said(events)).toEqual(["close a + b", "apart a + b"]);
    expect(events[0]).toMatchObject({ value: 10, unit: "px" });
    expect(events[1]).toMatchObject({ unit: "s" });
  });
});
