import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Watcher } from "../../src/watch/watcher.ts";
import { parseZones, type ZonesInput } from "../../src/watch/zones.ts";
import { framesOf, type Path, said, stay, watch, way } from "./paths.ts";

/** From bottom to top: right of it is right in the picture. */
const gate = { name: "gate", from: [50, 100], to: [50, 0], forward: "in", backward: "out" } as const;
const zones = (more: object = {}): ZonesInput => ({
  lines: [{ ...gate, debounceSec: 0, ...more }] as ZonesInput["lines"],
});

const count = (events: readonly { readonly direction: string | null }[], direction: string): number =>
  events.filter((one) => one.direction === direction).length;

describe("a line", () => {
  it("counts who goes over it, by direction, at the moment when they pass", () => {
    const events = watch(zones(), { a: way(10, 90, 8), b: way(90, 10, 8) });
    expect(said(events)).toEqual(["in a", "out b"]);
    expect(events[0]).toMatchObject({ kind: "cross", zone: "gate", frame: 4, timeSec: 0.4, confidence: 1 });
  });

  it("not who passes beside its ends, or goes around one of them", () => {
    expect(watch(zones(), { a: way(10, 90, 8, 140) })).toEqual([]);
    const around: Path = [
      [20, 50],
      [20, 150],
      [80, 150],
      [80, 50],
      [80, 40],
    ];
    expect(watch(zones(), { a: around })).toEqual([]);
    // Around and back over it.
    expect(said(watch(zones(), { a: [...around, [20, 40]] }))).toEqual(["out a"]);
  });

  it("not who turns back on it, or begins and ends on it", () => {
    expect(watch(zones(), { a: [...way(10, 51, 4), ...way(51, 10, 4)] })).toEqual([]);
    expect(watch(zones(), { a: stay(50, 50, 9) })).toEqual([]);
  });

  it("a tenth of a thing's shorter side is its margin", () => {
    const path: Path = [
      [10, 50],
      [54, 50],
      [10, 50],
    ];
    expect(watch(zones(), { a: path }, 60)).toEqual([]);
    expect(watch(zones(), { a: path }, 10)).toHaveLength(2);
    expect(watch(zones({ marginPx: 5 }), { a: path }, 10)).toEqual([]);
  });

  it("a crossing that is taken back within the debounce has not happened", () => {
    const back: Path = [...way(10, 90, 4), ...way(90, 10, 4), ...stay(10, 50, 20)];
    expect(watch(zones({ debounceSec: 2 }), { a: back })).toEqual([]);
    expect(said(watch(zones({ debounceSec: 0.1 }), { a: back }))).toEqual(["in a", "out a"]);
  });

  it("one in the last moment has", () => {
    expect(said(watch(zones({ debounceSec: 5 }), { a: way(10, 90, 4) }))).toEqual(["in a"]);
  });

  it("is crossed unseen: told once the thing is seen beyond, as sure as the less sure sighting", () => {
    const path: Path = [[10, 50, 0.9], [30, 50, 0.4], null, null, [70, 50, 0.8], [90, 50, 1]];
    const [event, ...others] = watch(zones(), { a: path });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ frame: 4, confidence: 0.4 });
  });

  it("what was away too long is new: it did not cross", () => {
    const path: Path = [...way(10, 30, 2), ...Array.from({ length: 60 }, () => null), ...way(70, 90, 2)];
    expect(watch(zones(), { a: path })).toEqual([]);
    expect(said(watch({ ...zones(), lostSec: 10 }, { a: path }))).toEqual(["in a"]);
  });

  it("counts one class only", () => {
    expect(watch(zones({ class: "part" }), { a: way(10, 90, 4) })).toHaveLength(1);
    expect(watch(zones({ class: "person" }), { a: way(10, 90, 4) })).toEqual([]);
  });
});

/** In margins; at a whole one rounding decides on which side of it a place is. */
const tremor = fc.array(fc.double({ min: -0.999, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 60 });
const place = fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: -20, max: 120, noNaN: true }));

describe("properties of a line", () => {
  it("a thing that trembles on it counts once, however long", () => {
    fc.assert(
      fc.property(tremor, fc.double({ min: 2, max: 8, noNaN: true }), (steps, marginPx) => {
        const path: Path = [...way(10, 40, 3), ...steps.map((step) => [50 + step * marginPx, 50] as const), [90, 50]];
        expect(said(watch(zones({ marginPx }), { a: path }))).toEqual(["in a"]);
      }),
    );
  });

  it("also far beyond the margin, while it trembles faster than the debounce", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), (turns) => {
        const shaking = Array.from({ length: turns }, (): [number, number][] => [
          [70, 50],
          [30, 50],
        ]).flat();
        const path: Path = [...way(10, 40, 3), ...shaking, ...stay(90, 50, 20)];
        expect(said(watch(zones({ debounceSec: 0.5 }), { a: path }))).toEqual(["in a"]);
      }),
    );
  });

  it("a path and its reverse have opposite counts", () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 40 }), (path) => {
        const [there, back] = [watch(zones(), { a: path }), watch(zones(), { a: path.toReversed() })];
        expect(count(back, "out")).toBe(count(there, "in"));
        expect(count(back, "in")).toBe(count(there, "out"));
      }),
      { numRuns: 500 },
    );
  });

  it("in and out differ by one at most for a thing that never goes around an end", () => {
    const near = fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 1, max: 99, noNaN: true }));
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 60 }), (path) => {
        const events = watch(zones(), { a: path });
        expect(Math.abs(count(events, "in") - count(events, "out"))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("resumed after any frame, it tells the same", () => {
    const seen = fc.option(place, { nil: null, freq: 5 });
    fc.assert(
      fc.property(fc.array(seen, { minLength: 2, maxLength: 40 }), fc.nat(), (path, cut) => {
        const given = zones({ debounceSec: 0.3 });
        const frames = framesOf({ a: path });
        const watcher = new Watcher(parseZones(given));
        const told = frames.slice(0, cut % frames.length).flatMap((frame) => watcher.next(frame));
        const again = new Watcher(parseZones(given));
        again.resume(JSON.parse(JSON.stringify(watcher.state())));
        const rest = frames.slice(cut % frames.length).flatMap((frame) => again.next(frame));
        expect([...told, ...rest, ...again.end()]).toEqual(watch(given, { a: path }));
      }),
    );
  });

  it("keeps nothing of what is gone", () => {
    const watcher = new Watcher(parseZones(zones()));
    const paths = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, way(10, 30, 2)]));
    for (const frame of framesOf({ ...paths, last: stay(5, 5, 80) })) watcher.next(frame);
    const [line] = watcher.state().lines;
    expect(line.map(([name]) => name)).toEqual(["last"]);
  });
});
