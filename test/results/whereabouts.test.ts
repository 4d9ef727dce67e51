import { describe, expect, it } from "vitest";
import type { TrackState } from "../../src/annotations/trackState.ts";
import { type Sight, Whereabouts } from "../../src/results/whereabouts.ts";

const SIZE = { width: 400, height: 200 };

/** A thing of 40 x 20 px at a place, as far as it lies in the picture; null: not visible. */
type Place = readonly [x: number, y: number] | null;

const sight = (i: number, place: Place, of: Partial<Sight> = {}): Sight => {
  const common = { timeSec: i / 10, given: false, visible: place !== null, confidence: 0.9 };
  if (place === null) return { ...common, place: null, box: null, ...of };
  const [left, right] = [Math.max(0, place[0] - 20), Math.min(SIZE.width, place[0] + 20)];
  const [top, bottom] = [Math.max(0, place[1] - 10), Math.min(SIZE.height, place[1] + 10)];
  const box = [left, top, right - left, bottom - top] as const;
  return { ...common, place: [(left + right) / 2, (top + bottom) / 2], box, ...of };
};

/** The state after places at ten frames a second. */
function stateAfter(places: readonly Place[], cutBefore?: number): TrackState {
  const whereabouts = new Whereabouts(SIZE);
  const states = places.map((place, i) => {
    if (i === cutBefore) whereabouts.forget();
    return whereabouts.at(sight(i, place));
  });
  return states[states.length - 1];
}

const seenAs = (of: Partial<Sight>): TrackState => new Whereabouts(SIZE).at(sight(0, [200, 100], of));
const hidden = (frames: number): Place[] => Array.from({ length: frames }, () => null);
const point = (x: number, visible: boolean): Partial<Sight> => ({ place: [x, 100], box: null, visible });

describe("the state of a thing", () => {
  it("given, visible, uncertain below a half, hidden", () => {
    expect(seenAs({ given: true, confidence: 0.2 })).toBe("given");
    expect(seenAs({ confidence: 0.5 })).toBe("visible");
    expect(seenAs({ confidence: 0.49 })).toBe("uncertain");
    expect(seenAs({ visible: false })).toBe("hidden");
    expect(seenAs({ visible: false, given: true })).toBe("hidden");
  });

  it("left: half over the edge and moving on", () => {
    expect(stateAfter([[380, 100], [390, 100], [400, 100], null])).toBe("left");
    expect(stateAfter([[20, 100], [10, 100], [0, 100], null])).toBe("left");
    expect(stateAfter([[200, 190], [200, 195], [200, 200], null])).toBe("left");
    expect(stateAfter([[200, 10], [200, 5], [200, 0], null])).toBe("left");
  });

  it("hidden: at the edge, but standing, moving along it, or coming in", () => {
    expect(stateAfter([[385, 100], [385, 100], [385, 100], null])).toBe("hidden");
    expect(stateAfter([[100, 195], [130, 195], [160, 195], null])).toBe("hidden");
    expect(stateAfter([[395, 100], [385, 100], [375, 100], null])).toBe("hidden");
  });

  it("left: a strip of a few pixels at the edge, even without a speed", () => {
    const whereabouts = new Whereabouts(SIZE);
    whereabouts.at(sight(0, [398, 100], { box: [396, 90, 4, 20], place: [398, 100] }));
    expect(whereabouts.at(sight(1, null))).toBe("left");
  });

  it("away from the edge: hidden until its way would have led out, then left", () => {
    // 100 px/s, 55 px from the edge when last seen.
    const seen: Place[] = [
      [325, 100],
      [335, 100],
      [345, 100],
    ];
    expect(stateAfter([...seen, ...hidden(5)])).toBe("hidden");
    expect(stateAfter([...seen, ...hidden(6)])).toBe("left");
    expect(stateAfter([...seen, ...hidden(50)])).toBe("left");
  });

  it("hidden in the middle stays hidden: nothing is carried on for longer than a second", () => {
    const seen: Place[] = [
      [180, 100],
      [190, 100],
      [200, 100],
    ];
    expect(stateAfter([...seen, ...hidden(60)])).toBe("hidden");
  });

  it("a cut in between ends what is known", () => {
    const places: Place[] = [[380, 100], [390, 100], [400, 100], null];
    expect(stateAfter(places, 3)).toBe("hidden");
    expect(stateAfter([null, null])).toBe("hidden");
  });

  it("points: at the border they have left, and where the size is not known nothing has", () => {
    for (const [size, state] of [
      [SIZE, "left"],
      [undefined, "hidden"],
    ] as const) {
      const whereabouts = new Whereabouts(size);
      whereabouts.at(sight(0, null, point(399, true)));
      // The guess of a hidden point does not count.
      expect(whereabouts.at(sight(1, null, point(200, false)))).toBe(state);
    }
  });
});
