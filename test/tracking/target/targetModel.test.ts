/** @file Target models on made frames: what they score, what they learn, what they leave alone, and resuming. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import {
  appendedFor,
  appendedTo,
  hasTargets,
  type DescribedFrame,
  LESSON_EVERY,
  TargetModel,
  type TargetState,
} from "../../../src/tracking/target/targetModel.ts";
import type { FrameMotion } from "../../../src/tracking/target/frameMotion.ts";
import { unitLength } from "../../../src/method/unitLength.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const GRID = { width: 24, height: 18, stride: 4 };
const CELLS = GRID.width * GRID.height;
const encoder = pooledColours(GRID.stride);

type Colour = readonly [number, number, number];

/** A block of cells of one colour. */
interface Block {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly colour: Colour;
}

const ground: Colour = [60, 140, 60];
const red: Colour = [200, 40, 40];
const blue: Colour = [40, 40, 200];

const within = ({ x, y, side }: Block, cell: number): boolean => {
  const [column, row] = [cell % GRID.width, Math.floor(cell / GRID.width)];
  return column >= x && column < x + side && row >= y && row < y + side;
};

/** Blocks on green, with a little noise. */
async function shown(blocks: readonly Block[], seed = 1): Promise<DescribedFrame> {
  const random = new Random(seed);
  const [width, height] = [GRID.width * GRID.stride, GRID.height * GRID.stride];
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const cell = Math.floor(pixel / width / GRID.stride) * GRID.width + Math.floor((pixel % width) / GRID.stride);
    const colour = blocks.find((block) => within(block, cell))?.colour ?? ground;
    for (let c = 0; c < 3; c++) data[pixel * 3 + c] = colour[c] + random.integer(12);
  }
  const frame = { width, height, data };
  return { frame, features: await encoder.encode(frame) };
}

/** `[cells, labels]`, each cell one label's: the blocks' in their order, from 1 on. */
function weightsOf(blocks: readonly Block[], labels = blocks.length + 1): Float32Array {
  const out = new Float32Array(CELLS * labels);
  for (let cell = 0; cell < CELLS; cell++)
    out[cell * labels + 1 + blocks.findIndex((block) => within(block, cell))] = 1;
  return out;
}

async function begun(blocks: readonly Block[], labels = blocks.length + 1): Promise<TargetModel> {
  return new TargetModel(await shown(blocks), weightsOf(blocks, labels), labels, GRID);
}

/** Least and mean and most score of an object in some cells, −1..1. */
function scoresIn(model: TargetModel, object: number, isIn: (cell: number) => boolean) {
  const all = [...model.state().scores.subarray(object * CELLS, (object + 1) * CELLS)];
  const some = all.filter((_, cell) => isIn(cell)).map((score) => score / 127);
  return { least: Math.min(...some), mean: some.reduce((a, b) => a + b, 0) / some.length, most: Math.max(...some) };
}

const block = (x: number, y: number, colour: Colour, side = 6): Block => ({ x, y, side, colour });
const first = [block(3, 4, red)];
const later = [block(14, 9, red)];

/** Cells whose surroundings hold nothing but the block, or nothing of it. */
const inside = ({ x, y, side, ...rest }: Block): Block => ({ x: x + 1, y: y + 1, side: side - 2, ...rest });
const outside = (blocks: readonly Block[]) => (cell: number) =>
  !blocks.some(({ x, y, side, colour }) => within({ x: x - 4, y: y - 4, side: side + 8, colour }, cell));

describe("scores", () => {
  it("are positive on the object and negative elsewhere, in the labelled frame and wherever it goes", async () => {
    const model = await begun(first);
    for (const blocks of [first, later]) {
      model.see(await shown(blocks, 2));
      expect(scoresIn(model, 0, (cell) => within(inside(blocks[0]), cell)).least).toBeGreaterThan(0.3);
      expect(scoresIn(model, 0, outside(blocks)).most).toBeLessThan(-0.3);
    }
  });

  it("tell several objects from one another", async () => {
    const model = await begun([block(3, 4, red), block(15, 8, blue)]);
    const blocks = [block(14, 3, red), block(4, 10, blue)];
    model.see(await shown(blocks, 2));
    for (const object of [0, 1]) {
      expect(scoresIn(model, object, (cell) => within(inside(blocks[object]), cell)).least).toBeGreaterThan(0.3);
      expect(scoresIn(model, object, (cell) => within(inside(blocks[1 - object]), cell)).most).toBeLessThan(0);
      expect(scoresIn(model, object, outside(blocks)).most).toBeLessThan(0);
    }
  });

  it("of something that looks alike are positive too: the model knows of no places", async () => {
    const model = await begun(first);
    model.see(await shown([...first, ...later], 2));
    expect(scoresIn(model, 0, (cell) => within(inside(later[0]), cell)).least).toBeGreaterThan(0.3);
  });
});

/** All cells are one label's. */
const everywhere = (label: number, labels = 2): Float32Array =>
  Float32Array.from({ length: CELLS * labels }, (_, i) => Number(i % labels === label));

/** Blocks that move by so many px, the ground being still. */
const moving = (blocks: readonly Block[], by: number, isBefore: boolean): FrameMotion => {
  const moves = Float32Array.from({ length: CELLS }, (_, cell) => (blocks.some((one) => within(one, cell)) ? by : 0));
  const [width, height] = [GRID.width * GRID.stride, GRID.height * GRID.stride];
  const flow = {
    width: GRID.width,
    height: GRID.height,
    factor: 2,
    cell: GRID.stride,
    dx: moves.map((value) => (isBefore ? -value : value)),
    dy: new Float32Array(CELLS),
    valid: new Uint8Array(CELLS).fill(1),
    validShare: 1,
  };
  const moved = new Float32Array(2 * CELLS);
  moved.set(moves);
  return { frame: { width, height }, flow, moved, isBefore };
};

describe("motion", () => {
  const twins = [block(3, 4, red), block(15, 4, red)];

  /** Two blocks alike, of which only the first is the object; the score of each, one frame on. */
  async function scoresOfTwins(seesMotion: boolean, by: number): Promise<number[]> {
    const weights = weightsOf([twins[0]]);
    const model = new TargetModel(await shown(twins), weights, 2, GRID, seesMotion);
    const ofLabelled = moving([twins[0]], by, false);
    const own = moving([twins[0]], by, true);
    model.see(await shown(twins, 2), { moves: { ofLabelled, own }, before: weights });
    return twins.map((one) => scoresIn(model, 0, (cell) => within(inside(one), cell)).mean);
  }

  it("tells what moves from its double that stands still; looks alone do not", async () => {
    const [object, double] = await scoresOfTwins(true, 4);
    expect(object - double).toBeGreaterThan(0.8);
    const [alike, other] = await scoresOfTwins(false, 4);
    expect(Math.abs(alike - other)).toBeLessThan(0.2);
  });

  it("that is none changes nothing", async () => {
    const [object, double] = await scoresOfTwins(true, 0);
    expect(Math.abs(object - double)).toBeLessThan(0.2);
  });

  it("an object that moved is looked for by looks alone once nothing is known of its motion", async () => {
    const scoreOfReturn = async (own: FrameMotion | undefined): Promise<number> => {
      const weights = weightsOf(first);
      const model = new TargetModel(await shown(first), weights, 2, GRID, true);
      const moves = { ofLabelled: moving(first, 4, false), own: moving(first, 4, true) };
      model.see(await shown(first, 2), { moves, before: weights });
      // It went out of sight, and is there again elsewhere.
      model.see(await shown(later, 3), { moves: { ofLabelled: undefined, own }, before: everywhere(0) });
      return scoresIn(model, 0, (cell) => within(inside(later[0]), cell)).least;
    };
    const byLooks = await begun(first);
    byLooks.see(await shown(later, 3));
    const expected = scoresIn(byLooks, 0, (cell) => within(inside(later[0]), cell)).least;
    for (const own of [moving(later, 4, true), undefined])
      expect(Math.abs((await scoreOfReturn(own)) - expected)).toBeLessThan(0.1);
  });

  it("of two objects one that is away is looked for by looks only where these tell it from the other", async () => {
    const comes = block(9, 11, red);
    const scoreOfThing = async (other: Colour): Promise<number> => {
      const both = [block(3, 2, red), block(15, 2, other)];
      const weights = weightsOf(both);
      const model = new TargetModel(await shown(both), weights, 3, GRID, true);
      model.see(await shown(both, 2), {
        moves: { ofLabelled: moving(both, 4, false), own: moving(both, 4, true) },
        before: weights,
      });
      const stays = Float32Array.from(weights, (weight, i) => (i % 3 === 1 ? 0 : weight));
      const own = moving([both[1]], 4, true);
      model.see(await shown([both[1], comes], 3), { moves: { ofLabelled: undefined, own }, before: stays });
      return scoresIn(model, 0, (cell) => within(inside(comes), cell)).mean;
    };
    expect(await scoreOfThing(blue)).toBeGreaterThan(0.5);
    expect(await scoreOfThing(red)).toBeLessThan(0.3);
  });

  it("the part that moves with the object is the object's, whatever its colour", async () => {
    const parts = [block(3, 4, red), block(9, 4, blue)];
    const weights = weightsOf([parts[0]]);
    const scoreOfPart = async (by: number): Promise<number> => {
      // The blue part was hidden in the labelled frame.
      const model = new TargetModel(await shown([parts[0]]), weights, 2, GRID, true);
      const moves = { ofLabelled: moving([parts[0]], by, false), own: moving(parts, by, true) };
      model.see(await shown(parts, 2), { moves, before: weights });
      return scoresIn(model, 0, (cell) => within(inside(parts[1]), cell)).mean;
    };
    expect((await scoreOfPart(4)) - (await scoreOfPart(0))).toBeGreaterThan(0.2);
  });
});

describe("edge cases", () => {
  it("an object that fills the frame is everywhere, one without a cell nowhere", async () => {
    const frame = await shown([]);
    for (const [label, sign] of [
      [1, 1],
      [0, -1],
    ]) {
      const model = new TargetModel(frame, everywhere(label), 2, GRID);
      const { scores } = model.state();
      expect(scores.every((score) => sign * score > 100)).toBe(true);
      for (let t = 1; t <= LESSON_EVERY; t++) {
        model.see(frame);
        model.learn(everywhere(label), [true]);
      }
      expect(model.state().scores.every((score) => sign * score > 100)).toBe(true);
    }
  });

  it("an object of one cell stands out from the rest", async () => {
    const one = [block(7, 7, red, 1)];
    const model = await begun(one);
    expect(scoresIn(model, 0, (cell) => within(one[0], cell)).least).toBeGreaterThan(
      scoresIn(model, 0, (cell) => !within(one[0], cell)).most,
    );
  });

  it("frames of zeros and features of zeros give finite numbers", async () => {
    const { frame, features } = await shown(first);
    const dark = { ...frame, data: new Uint8Array(frame.data.length) };
    const none = { ...features, data: new Float32Array(features.data.length) };
    const model = new TargetModel({ frame: dark, features: none }, weightsOf(first), 2, GRID);
    model.see({ frame: dark, features: none });
    const weights = weightsOf(first);
    model.advise(weights, weights.slice(), [true]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(model.matched(none).data.every(Number.isFinite)).toBe(true);
    model.see(await shown(first));
    expect(model.state().scores).toHaveLength(CELLS);
  });

  it.each([
    [1, 1],
    [2, 1],
    [1, 5],
  ])("a grid of %ix%i, smaller than what means reach over", async (width, height) => {
    const frame = { width: width * 4, height: height * 4, data: new Uint8Array(width * height * 48).fill(99) };
    const features = await encoder.encode(frame);
    const weights = Float32Array.from({ length: width * height * 2 }, (_, i) => Number(i < 2 ? i === 1 : i % 2 === 0));
    const model = new TargetModel({ frame, features }, weights, 2, { width, height, stride: 4 });
    model.see({ frame, features });
    model.advise(weights, weights.slice(), [true]);
    model.learn(weights, [true]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(model.state().scores).toHaveLength(width * height);
  });

  it("twenty objects of twenty colours", async () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      block(1 + 4 * (i % 5), 1 + 4 * Math.floor(i / 5), [12 * i, (97 * i) % 240, 240 - 12 * i], 3),
    );
    const model = await begun(many);
    model.see(await shown(many, 3));
    const weights = weightsOf(many);
    model.advise(
      weights,
      weights.slice(),
      many.map(() => true),
    );
    for (let cell = 0; cell < CELLS; cell++)
      expect(weights.subarray(cell * 21, (cell + 1) * 21).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const own = many.map((one, i) => scoresIn(model, i, (cell) => within(one, cell)).mean);
    const others = many.map(
      (_, i) => scoresIn(model, i, (cell) => many.some((other, j) => j !== i && within(other, cell))).mean,
    );
    own.forEach((mean, i) => expect(mean).toBeGreaterThan(others[i] + 0.3));
  });
});

describe("what is matched", () => {
  const use = { protocol: resolveProtocol("default"), columns: 3, labels: 3 };

  it("has more channels where objects have models, and neither points nor lengths are in the way", () => {
    expect(appendedFor(use)).toEqual(appendedTo(3));
    expect(appendedFor({ ...use, columns: 4 })).toBeUndefined();
    for (const change of [{ target: "none" }, { similarity: "dot" }, { similarity: "scaledDot" }] as const)
      expect(appendedFor({ ...use, protocol: { ...use.protocol, ...change } })).toBeUndefined();
    expect([use, { ...use, columns: 1, labels: 1 }].map(hasTargets)).toEqual([true, false]);
    expect(hasTargets({ ...use, protocol: resolveProtocol("crw") })).toBe(false);
  });

  it("are unit features, then √ of the shares of background and objects: together of one length", async () => {
    const blocks = [block(3, 4, red), block(15, 8, blue)];
    const model = await begun(blocks);
    const { features } = await shown(blocks);
    const { count, square } = appendedTo(3);
    const { channels, data, width, height } = model.matched(features);
    expect([channels, width, height, count]).toEqual([features.channels + 3, GRID.width, GRID.height, 3]);
    expect(data.subarray(0, features.channels * CELLS)).toEqual(unitLength(features).data);
    for (let cell = 0; cell < CELLS; cell++) {
      let length = 0;
      for (let c = 0; c < channels; c++) length += data[c * CELLS + cell] ** 2;
      expect(length).toBeCloseTo(square, 5);
    }
    // In the middle of an object nearly all of what is appended is its own.
    const appended = (label: number, cell: number): number => data[(features.channels + label) * CELLS + cell];
    const middle = 7 * GRID.width + 6;
    expect(appended(1, middle) ** 2).toBeGreaterThan(0.6 * (square - 1));
    expect(appended(0, middle) ** 2).toBeLessThan(0.4 * (square - 1));
  });

  it("by hand: a score of s is a share of sin²(π/4 · (1 + s))", async () => {
    const model = await begun(first);
    const { features } = await shown(first);
    const { data } = model.matched(features);
    const { scores } = model.state();
    for (const cell of [0, 7 * GRID.width + 6, 3 * GRID.width + 2]) {
      const share = Math.sin((Math.PI / 4) * (1 + scores[cell] / 127)) ** 2;
      expect(data[features.channels * CELLS + cell]).toBeCloseTo(0.7 * Math.sqrt(1 - share), 5);
      expect(data[(features.channels + 1) * CELLS + cell]).toBeCloseTo(0.7 * Math.sqrt(share), 5);
    }
  });
});

/** Nothing is known of any cell. */
const half = (): Float32Array => new Float32Array(CELLS * 2).fill(0.5);

describe("advice", () => {
  it("shifts logits by half the score", async () => {
    const model = await begun(first);
    model.see(await shown(first, 2));
    const weights = half();
    model.advise(weights, weightsOf(first), [true]);
    const { scores } = model.state();
    for (let cell = 0; cell < CELLS; cell++) {
      const logit = (0.5 * scores[cell]) / 127;
      expect(weights[cell * 2 + 1]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
    }
  });

  it("leaves alone what is neither labelled nor near where the object was, however alike", async () => {
    const model = await begun(first);
    model.see(await shown([...first, ...later], 2));
    const weights = weightsOf(first);
    model.advise(weights, weightsOf(first), [true]);
    for (let cell = 0; cell < CELLS; cell++)
      if (within(later[0], cell)) expect([...weights.subarray(2 * cell, 2 * cell + 2)]).toEqual([1, 0]);
  });

  it("lifts cells of the object from 0 where it was near the frame before", async () => {
    const model = await begun(first);
    const moved = [block(5, 4, red)];
    model.see(await shown(moved, 2));
    const weights = weightsOf(first);
    model.advise(weights, weightsOf(first), [true]);
    const front = 7 * GRID.width + 10;
    expect(within(moved[0], front) && !within(first[0], front)).toBe(true);
    expect(weights[2 * front + 1]).toBeGreaterThan(0.001);
    // Left behind: less than before.
    const back = 7 * GRID.width + 3;
    expect(weights[2 * back + 1]).toBeLessThan(1);
  });

  it("is not given for objects that are not to be spoken of", async () => {
    const blocks = [block(3, 4, red), block(15, 8, blue)];
    const model = await begun(blocks);
    model.see(await shown(blocks, 2));
    const before = weightsOf(blocks);
    const even = new Float32Array(CELLS * 3).fill(1 / 3);
    const advised = (speaks: boolean[]): Float32Array => {
      const weights = even.slice();
      model.advise(weights, before, speaks);
      return weights;
    };
    expect(advised([false, false])).toEqual(even);
    const second = advised([false, true]);
    expect(second).not.toEqual(even);
    // What the first loses or wins by the second's advice, the background does too.
    for (let cell = 0; cell < CELLS; cell++) expect(second[3 * cell + 1]).toBeCloseTo(second[3 * cell], 6);
  });
});

/** From red to a colour between the ground's and it, in even steps. */
const faded = (t: number, count: number): Block =>
  block(
    3,
    4,
    red.map((from, c) => Math.round(from + ((ground[c] + 30 - from) * 0.75 * t) / count)) as unknown as Colour,
  );

/** Frames that are tracked right. */
async function follow(
  model: TargetModel,
  frames: readonly Block[],
  visible = true,
  each: (state: TargetState) => void = () => {},
): Promise<void> {
  for (const [t, one] of frames.entries()) {
    model.see(await shown([one], t + 2));
    model.learn(weightsOf([one]), [visible]);
    each(model.state());
  }
}

/** What is learned of the first lesson. @param change of its weights. */
const lessonFrom = async (change: (weights: Float32Array) => void) => {
  const model = await begun(first);
  for (let t = 1; t <= LESSON_EVERY; t++) {
    model.see(await shown(first, t));
    const weights = weightsOf(first);
    change(weights);
    model.learn(weights, [true]);
  }
  return model.state().learned;
};

describe("learning", () => {
  const count = 30;
  const changing = Array.from({ length: count }, (_, t) => faded(t + 1, count));

  it("follows a colour that changes", async () => {
    const [learning, fixed] = [await begun(first), await begun(first)];
    await follow(learning, changing);
    fixed.see(await shown([changing[count - 1]], count + 1));
    const onIt = (cell: number): boolean => within(inside(first[0]), cell);
    const [now, before] = [learning, fixed].map((model) => scoresIn(model, 0, onIt).mean);
    expect(now).toBeGreaterThan(before + 0.2);
    expect(scoresIn(learning, 0, outside(first)).most).toBeLessThan(0);
  });

  it("nothing from objects that are hidden", async () => {
    const model = await begun(first);
    const [{ learned: nothing }, { scores }] = [model.state(), model.state()];
    await follow(model, changing.slice(0, LESSON_EVERY), false);
    expect(model.state().learned).toEqual(nothing);
    model.see(await shown(first));
    expect(model.state().scores).toEqual(scores);
  });

  it("of several objects only from those that are seen", async () => {
    const blocks = [block(3, 4, red), block(15, 8, blue)];
    const model = await begun(blocks);
    const nothing = model.state().learned;
    for (let t = 1; t <= LESSON_EVERY; t++) {
      model.see(await shown(blocks, t));
      model.learn(weightsOf(blocks), [false, true]);
    }
    const { learned } = model.state();
    expect(learned?.[0]).toEqual(nothing?.[0]);
    expect(learned?.[1]).not.toEqual(nothing?.[1]);
  });

  it("nothing where scores say otherwise, nor where labels are in doubt", async () => {
    const patch = block(16, 10, ground, 4);
    const patched = (weight: number) => (weights: Float32Array) => {
      for (let cell = 0; cell < CELLS; cell++) if (within(patch, cell)) weights.set([1 - weight, weight], 2 * cell);
    };
    // The label ran out onto the ground: to the lesson that is as if nobody knew.
    expect(await lessonFrom(patched(1))).toEqual(await lessonFrom(patched(0.5)));
    expect(await lessonFrom(patched(1))).not.toEqual(await lessonFrom(() => {}));
    // A hole in the label of what is surely the object.
    const hole = (weight: number) => (weights: Float32Array) => {
      for (let cell = 0; cell < CELLS; cell++)
        if (within(block(5, 6, red, 2), cell)) weights.set([1 - weight, weight], 2 * cell);
    };
    expect(await lessonFrom(hole(0))).toEqual(await lessonFrom(hole(0.5)));
    expect(await lessonFrom(hole(0))).not.toEqual(await lessonFrom(() => {}));
  });

  it("from every third frame, whose state alone keeps what was learned", async () => {
    const model = await begun(first);
    const kept: boolean[] = [];
    await follow(model, changing.slice(0, 7), true, ({ learned }) => kept.push(learned !== null));
    expect(kept).toEqual([false, false, true, false, false, true, false]);
  });
});

/** Blocks of the frame t. */
const two = (t: number) => [block(3 + (t % 9), 4, red), { ...faded(t, 20), x: 15, y: 8 }];

/** All that happens in the frame t. */
async function step(model: TargetModel, t: number) {
  const seen = await shown(two(t), t);
  model.see(seen);
  const weights = Float32Array.from(weightsOf(two(t)), (weight, i) => Math.abs(weight - 0.02 * (i % 3)));
  model.advise(weights, weightsOf(two(t - 1)), [true, t % 4 !== 0]);
  model.learn(weights, [true, t % 4 !== 0]);
  return structuredClone({ weights, matched: model.matched(seen.features), state: model.state() });
}

describe("a model that was stopped", () => {
  const COUNT = 11;

  it("goes on after any frame with the same bits, from the states of the last three", async () => {
    const whole = await begun(two(0));
    const all = [];
    for (let t = 1; t < COUNT; t++) all.push(await step(whole, t));
    for (let done = 1; done < COUNT - 1; done++) {
      const resumed = await begun(two(0));
      for (let t = Math.max(1, done - LESSON_EVERY + 1); t <= done; t++) resumed.resume(all[t - 1].state, t);
      expect(resumed.state()).toEqual(all[done - 1].state);
      expect(resumed.matched((await shown(two(done), done)).features)).toEqual(all[done - 1].matched);
      for (let t = done + 1; t < COUNT; t++) expect(await step(resumed, t)).toEqual(all[t - 1]);
    }
  });

  it("states stay as they were, also those that it was resumed with", async () => {
    const model = await begun(two(0));
    for (let t = 1; t <= LESSON_EVERY; t++) await step(model, t);
    const state = model.state();
    const copy = structuredClone(state);
    const resumed = await begun(two(0));
    resumed.resume(state, LESSON_EVERY);
    for (let t = LESSON_EVERY + 1; t < COUNT; t++) {
      await step(model, t);
      await step(resumed, t);
    }
    expect(state).toEqual(copy);
  });
});
