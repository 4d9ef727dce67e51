import { describe, expect, it } from "vitest";
import type { FeatureMap } from "../../../src/method/features.ts";
import type { RgbPicture } from "../../../src/video/picture.ts";
import { bestMatches, leading, sampleCells, thinOut } from "../../../src/tracking/confidence/cellSample.ts";
import { labelShape, strongestLabels } from "../../../src/tracking/confidence/labelShape.ts";
import { ObjectJudge } from "../../../src/tracking/confidence/objectJudge.ts";
import { SignalMeter } from "../../../src/tracking/confidence/objectSignals.ts";

const WIDTH = 12;
const HEIGHT = 6;
const grid = { width: WIDTH, height: HEIGHT, stride: 4 };
const cells = WIDTH * HEIGHT;

/** An object of 3 × 2 cells looks like (1, 0) and is red, all else like (0, 1) and green. */
function scene(left: number, top = 2): { features: FeatureMap; frame: RgbPicture; weights: Float32Array } {
  const data = new Float32Array(2 * cells);
  const weights = new Float32Array(2 * cells);
  const frame = { width: WIDTH, height: HEIGHT, data: new Uint8Array(3 * cells) };
  for (let cell = 0; cell < cells; cell++) {
    const [x, y] = [cell % WIDTH, Math.floor(cell / WIDTH)];
    const inside = x >= left && x < left + 3 && y >= top && y < top + 2;
    data[(inside ? 0 : 1) * cells + cell] = 3;
    frame.data.set(inside ? [200, 30, 30] : [30, 120, 30], 3 * cell);
    weights[2 * cell + (inside ? 1 : 0)] = 1;
  }
  return { features: { channels: 2, width: WIDTH, height: HEIGHT, data }, frame, weights };
}

describe("samples of cells", () => {
  it("thins out evenly and takes unit features", () => {
    expect(thinOut([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(thinOut([0, 1, 2, 3, 4, 5, 6, 7], 2)).toEqual([2, 6]);
    const { features } = scene(0);
    expect([...sampleCells(features, [0, 2 * WIDTH]).data]).toEqual([0, 1, 1, 0]);
  });

  it("tells what leads to the object from what leads elsewhere", () => {
    const { features } = scene(0);
    const object = sampleCells(features, [2 * WIDTH]);
    const other = sampleCells(features, [0]);
    expect(leading(object, object, other).share).toBeCloseTo(1, 6);
    expect(leading(other, object, other)).toEqual({ share: expect.closeTo(0, 6), similarity: 0, keys: [0] });
    expect(leading(sampleCells(features, []), object, other)).toEqual({ share: 0, similarity: 0, keys: [] });
  });
});

describe("shape of a label", () => {
  it("counts cells and weights", () => {
    const weights = new Float32Array(2 * cells).map((_, i) => 1 - (i % 2));
    // Three cells, and one that is lost.
    for (const [cell, weight] of [
      [0, 0.8],
      [1, 0.6],
      [30, 1],
      [50, 0.4],
    ])
      [weights[2 * cell], weights[2 * cell + 1]] = [1 - weight, weight];
    const shape = labelShape(weights, strongestLabels(weights, 2), { label: 1, labels: 2, grid });
    expect(shape.cells).toEqual([0, 1, 30]);
    expect(shape.mass).toBeCloseTo(0.8, 6);
    expect(shape.overlap).toBeCloseTo(2.4 / 3.4, 6);
    expect(shape.centre).toEqual({ x: expect.closeTo(7 / 3, 6), y: expect.closeTo(2 / 3, 6) });
  });
});

/** The object at 2 is so like what it is in the labelled frame, by cosine. */
function blended(likeness: number): ReturnType<typeof scene> {
  const one = scene(2);
  for (let cell = 0; cell < cells; cell++) {
    if (one.weights[2 * cell + 1] !== 1) continue;
    one.features.data[cell] = likeness;
    one.features.data[cells + cell] = Math.sqrt(1 - likeness ** 2);
  }
  return one;
}

/** Of the object in these cells, beside the 3 × 2 cells that were labelled. */
function sprawlOf(inside: (x: number, y: number) => boolean): number | undefined {
  const labelled = scene(1);
  const seen = scene(2);
  for (let cell = 0; cell < cells; cell++)
    seen.weights.set(inside(cell % WIDTH, Math.floor(cell / WIDTH)) ? [0, 1] : [1, 0], 2 * cell);
  return new SignalMeter(labelled, labelled.weights, 2, grid).next(seen, seen.weights)[0]?.sprawl;
}

describe("signals of an object", () => {
  const first = scene(1);
  const meter = (): SignalMeter => new SignalMeter(first, first.weights, 2, grid);

  it("all speak for a mask that moved with its object", () => {
    const next = scene(2);
    const [signals] = meter().next(next, next.weights);
    expect(signals).toMatchObject({ mass: 1, overlap: 1, areaJump: 0 });
    expect(signals?.back).toBeCloseTo(1, 6);
    expect(signals?.found).toBeCloseTo(1, 6);
    expect(signals?.likeness).toBeCloseTo(1, 6);
    expect(signals?.tint).toBeCloseTo(0, 6);
    expect(signals?.placeJump).toBeCloseTo(1 / Math.sqrt(6), 6);
  });

  it("a mask that stayed on the background leads elsewhere, and so does the object", () => {
    const [signals] = meter().next(scene(7), first.weights);
    expect(signals?.back).toBeCloseTo(0, 6);
    expect(signals?.found).toBeCloseTo(0, 6);
    expect(signals?.similarity).toBeCloseTo(0, 6);
    expect(signals?.likeness).toBeCloseTo(0, 6);
  });

  it("a thing of another colour has a tint, if it has enough cells to tell", () => {
    const large = (colour: readonly number[]): ReturnType<typeof scene> => {
      const one = scene(1);
      for (let cell = 0; cell < cells; cell++) {
        const inside = cell % WIDTH < 8;
        // Every cell of the thing has a direction of its own.
        const angle = inside ? 0.01 * cell : Math.PI / 2;
        one.features.data[cell] = Math.cos(angle);
        one.features.data[cells + cell] = Math.sin(angle);
        one.weights.set(inside ? [0, 1] : [1, 0], 2 * cell);
        if (inside) one.frame.data.set(colour, 3 * cell);
      }
      return one;
    };
    const [red, bluer] = [large([200, 30, 30]), large([160, 30, 90])];
    const ofRed = (seen: ReturnType<typeof scene>) =>
      new SignalMeter(red, red.weights, 2, grid).next(seen, seen.weights)[0];
    expect(ofRed(red)).toMatchObject({ tint: 0, mottle: 0 });
    expect(ofRed(bluer)?.tint).toBeGreaterThan(0.2);
    expect(ofRed(bluer)?.mottle).toBeCloseTo(0, 6);
    const spotted = large([200, 30, 30]);
    for (let cell = 0; cell < cells; cell++)
      if (cell % WIDTH < 8)
        spotted.frame.data.set(
          [
            [40, 30, 200],
            [200, 30, 30],
            [30, 200, 30],
          ][cell % 3],
          3 * cell,
        );
    expect(ofRed(spotted)?.mottle).toBeGreaterThan(0.2);
    const small = new SignalMeter(first, first.weights, 2, grid).next(scene(7), first.weights);
    expect(small[0]).toMatchObject({ tint: 0, mottle: 0 });
  });

  it("is estranged as far as it is less like the labelled cells than lately, when it could be seen", () => {
    const one = meter();
    const likenesses = [0.9, 0.8, 0.7];
    for (const likeness of likenesses) {
      const seen = blended(likeness);
      expect(one.next(seen, seen.weights)[0]?.likeness).toBeCloseTo(likeness, 6);
      one.remember(["yes"]);
    }
    const far = blended(0.3);
    // Neither what could not be seen counts, nor what is found anew.
    for (const how of ["no", "anew"] as const) {
      expect(one.next(far, far.weights)[0]?.estrangement).toBeCloseTo(0.8 - 0.3, 6);
      one.remember([how]);
    }
    const state = one.state();
    expect(state[0].likenesses.map((value) => value.toFixed(6))).toEqual(["0.700000", "0.800000", "0.900000"]);
    const again = meter();
    again.resume(state);
    expect(again.next(far, far.weights)[0]?.estrangement).toBeCloseTo(0.5, 6);
    for (let i = 0; i < 40; i++) {
      again.next(far, far.weights);
      again.remember(["yes"]);
    }
    expect(again.state()[0].likenesses).toHaveLength(15);
    expect(again.next(far, far.weights)[0]?.estrangement).toBeCloseTo(0, 6);
  });

  it("sprawls as far as its cells are more spread out than they were", () => {
    // 3 × 2 cells: (3² − 1) / 12 + (2² − 1) / 12 + 1/6 = 13/12, over 6.
    expect(sprawlOf((x, y) => x < 3 && y < 2)).toBe(0);
    // Compact: 2 × 2 cells.
    expect(sprawlOf((x, y) => x < 2 && y < 2)).toBe(0);
    // 6 × 1 cells: 35/12 + 1/6 = 37/12, over 6.
    expect(sprawlOf((x, y) => x < 6 && y === 0)).toBeCloseTo(Math.log(37 / 13), 6);
    // Two cells at the ends of a row: 5.5² + 1/6, over 2.
    expect(sprawlOf((x, y) => (x === 0 || x === 11) && y === 0)).toBeCloseTo(
      Math.log((5.5 ** 2 + 1 / 6) / 2 / (13 / 72)),
      6,
    );
  });

  it("finds the best match of every cell, also beyond the first block of keys", () => {
    const { features } = scene(1);
    const keys = sampleCells(features, [0, 3, 4, 5, 6, 2 * WIDTH + 1, 7]);
    const queries = sampleCells(features, [2 * WIDTH + 2, 8]);
    expect(bestMatches(queries, keys)).toEqual({ similarities: Float32Array.of(1, 1), keys: [5, 0] });
    expect(bestMatches(queries, sampleCells(features, [])).similarities).toEqual(Float32Array.of(-1, -1));
  });

  it("steady motion is no jump; a mask that vanished has no signals", () => {
    const steady = meter();
    for (const left of [2, 3]) {
      steady.next(scene(left), scene(left).weights);
      steady.remember(["yes"]);
    }
    const next = scene(4);
    expect(steady.next(next, next.weights)[0]?.placeJump).toBeCloseTo(0, 6);
    const empty = first.weights.map((_, i) => 1 - (i % 2));
    expect(steady.next(next, empty)).toEqual([undefined]);
  });

  it("what comes back is compared with its given size, not its place; what is not remembered with nothing", () => {
    const one = meter();
    const far = scene(9);
    expect(one.next(far, far.weights)[0]?.placeJump).toBeGreaterThan(2);
    one.remember(["no"]);
    const half = far.weights.map((weight, i) => (Math.floor(i / 2) < 3 * WIDTH ? weight : 1 - (i % 2)));
    const [back] = one.next(far, half, [true]);
    expect(back?.areaJump).toBeCloseTo(Math.log(2), 6);
    expect(back?.placeJump).toBe(0);
    const near = scene(2);
    expect(one.next(near, near.weights)[0]?.placeJump).toBeCloseTo(1 / Math.sqrt(6), 6);
    one.next(far, far.weights, [true]);
    one.remember(["anew"]);
    expect(one.next(far, far.weights)[0]?.placeJump).toBeCloseTo(0, 6);
  });

  it("a corrected frame counts once: its known place and size replace what was found there", () => {
    const one = meter();
    const [second, third] = [scene(2), scene(3)];
    const far = scene(9);
    one.next(far, far.weights);
    one.remember(["yes"]);
    expect(one.correct(second.weights)).toEqual([true]);
    const centres = [expect.objectContaining({ x: 3 }), { x: 2, y: 2.5 }];
    expect(one.state()).toEqual([{ areas: [6, 6], centres, likenesses: [] }]);
    expect(one.next(third, third.weights)[0]?.placeJump).toBeCloseTo(0, 6);
    // What was not remembered is not replaced either.
    one.remember(["no"]);
    one.correct(third.weights);
    expect(one.state()[0].centres.map(({ x }) => x)).toEqual([4, 3]);
    const none = first.weights.map((_, i) => 1 - (i % 2));
    one.next(far, far.weights);
    one.remember(["yes"]);
    expect(one.correct(none)).toEqual([false]);
    expect(one.state()[0].centres.map(({ x }) => x)).toEqual([4]);
  });
});

describe("judge of objects", () => {
  const first = scene(1);
  const judge = (hides: boolean): ObjectJudge => new ObjectJudge(first, first.weights, { labels: 2, grid, hides });
  /** The mask has crumbled: two far cells at little more than half. */
  const crumbled = (): Float32Array => {
    const weights = first.weights.map((_, i) => (i % 2 === 0 ? 0.7 : 0.3));
    for (const cell of [11, 60]) [weights[2 * cell], weights[2 * cell + 1]] = [0.49, 0.51];
    return weights;
  };

  it("is sure of a good mask and leaves it alone", () => {
    const one = judge(true);
    const next = scene(2);
    const [{ confidence, visible }] = one.next(next, next.weights);
    expect(confidence).toBeGreaterThan(0.9);
    expect(visible).toBe(true);
    expect(next.weights).toEqual(scene(2).weights);
    expect(one.recalling).toBe(false);
  });

  it("looks for what seems gone until it is back", () => {
    const one = judge(true);
    const [{ confidence, visible }] = one.next(scene(20), crumbled());
    expect(confidence).toBeLessThan(0.1);
    expect(visible).toBe(false);
    expect(one.recalling).toBe(true);
    const back = scene(6);
    for (let frames = 0; frames < 8; frames++) {
      expect(one.recalling).toBe(true);
      expect(one.next(back, back.weights)[0].visible).toBe(true);
    }
    expect(one.recalling).toBe(false);
  });

  it("finds it where the labelled frame alone has it, and only where that is sure", () => {
    const one = judge(true);
    one.next(scene(20), crumbled());
    const none = first.weights.map((_, i) => 1 - (i % 2));
    const back = scene(6);
    const weights = none.slice();
    expect(one.next(back, weights, back.weights)[0]).toMatchObject({
      visible: true,
    });
    expect(weights).toEqual(back.weights);
    const other = judge(true);
    other.next(scene(20), crumbled());
    const wrong = none.slice();
    for (let frames = 0; frames < 4; frames++) {
      wrong.set(none);
      expect(other.next(scene(20), wrong, back.weights)[0].visible).toBe(false);
    }
    // By now nothing of it is carried on.
    expect(wrong).toEqual(none);
  });

  it("without hiding only says so", () => {
    const one = judge(false);
    const weights = crumbled();
    expect(one.next(scene(20), weights)[0]).toMatchObject({ visible: true });
    expect(weights).toEqual(crumbled());
    expect(one.recalling).toBe(false);
  });

  it("after a cut an object has to be found again", () => {
    const one = judge(true);
    one.cut();
    expect(one.recalling).toBe(true);
    const weights = crumbled();
    expect(one.next(scene(20), weights)[0].visible).toBe(false);
  });

  it("what was lost is followed again from where it is known to be", () => {
    const one = judge(true);
    one.next(scene(20), crumbled());
    one.correct(scene(6).weights);
    expect(one.recalling).toBe(false);
    const { recovery, cutOff, sighted, away, fading } = one.state();
    expect({ recovery, cutOff, sighted, away, fading }).toEqual({
      recovery: [0],
      cutOff: [false],
      sighted: [false],
      away: [0],
      fading: [0],
    });
    const next = scene(7);
    expect(one.next(next, next.weights)[0]).toMatchObject({ visible: true, confidence: expect.closeTo(0.95, 1) });
  });

  it("what is known not to be there has to be found again, also across a cut", () => {
    const one = judge(true);
    const none = first.weights.map((_, i) => 1 - (i % 2));
    const next = scene(2);
    one.next(next, next.weights);
    one.correct(none);
    expect(one.recalling).toBe(true);
    expect(one.state()).toMatchObject({ away: [5], cutOff: [false] });
    one.cut();
    one.next(next, none.slice());
    one.correct(none);
    expect(one.state()).toMatchObject({ cutOff: [true] });
    one.correct(next.weights);
    expect(one.state()).toMatchObject({ cutOff: [false], away: [0] });
  });

  it("an object too small to win a cell is never hidden", () => {
    const weights = first.weights.map((_, i) => (i % 2 === 0 ? 0.9 : 0.1));
    const one = new ObjectJudge(first, weights.slice(), { labels: 2, grid, hides: true });
    expect(one.next(first, weights)[0]).toMatchObject({ visible: true, confidence: 0 });
  });
});
