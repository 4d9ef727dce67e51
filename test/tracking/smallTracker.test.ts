/** @file Tracking on a small picture beside the large one: its advice, and what is open and closed with it. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Matcher } from "../../src/kernels/matcher.ts";
import { carry, type GivenLabels, LabelCarrier, type LabelCarrierOptions } from "../../src/tracking/carry.ts";
import { type EncodedFrame, encodedFrames } from "../../src/tracking/encodedFrames.ts";
import type { Advice, JudgedMatcherOptions, JudgedState } from "../../src/tracking/matching/judgedMatcher.ts";
import { MatcherKeeper } from "../../src/tracking/matching/matcherKeeper.ts";
import { modes } from "../../src/tracking/modes.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import { SmallTracker } from "../../src/tracking/smallTracker.ts";
import type { Frame } from "../../src/video/frame.ts";
import { pooledColours } from "../reference/pooledColours.ts";
import { clip, intersectionOverUnion, stream } from "./blocks.ts";

const COUNT = 9;
const { frames, truth } = clip(COUNT, "still");
const IDS = [0, 3, 7];
const labels: GivenLabels = { mask: truth[0], objects: [3, 7], points: [] };
/** Of 23 rows of cells in the large one. */
const ROWS = 14;
const options: LabelCarrierOptions = {
  protocol: resolveProtocol("default"),
  mode: { ...modes.exact, smallRows: ROWS },
  threads: 1,
};

afterEach(() => vi.restoreAllMocks());

async function encoded(of: readonly Frame[] = frames, settings = options): Promise<EncodedFrame[]> {
  const out: EncodedFrame[] = [];
  const encoder = pooledColours(2);
  for await (const one of encodedFrames(stream(of), { encoder, hasMasks: true, ...settings })) out.push(one);
  return out;
}

const smallOf = ({ small }: EncodedFrame): EncodedFrame => {
  if (small === undefined) throw new Error("no small picture");
  return small;
};

async function begun(first: EncodedFrame): Promise<SmallTracker> {
  const settings: JudgedMatcherOptions = { ...options, columns: 3, labels: 3, use: "small" };
  const { width, height } = first.features;
  const weights = new Float32Array(3 * width * height);
  for (let cell = 0; cell < width * height; cell++) {
    const pixel = 2 * Math.floor(cell / width) * truth[0].width + 2 * (cell % width);
    weights[3 * cell + IDS.indexOf(truth[0].data[pixel])] = 1;
  }
  const large = { weights, grid: { width, height, stride: 2 } };
  const tracker = await SmallTracker.begin(settings, smallOf(first), large, (of) => of.encode(truth[0], IDS));
  if (tracker === undefined) throw new Error("nothing to say");
  return tracker;
}

const frameAt = async (index: number): Promise<Frame> => frames[index];

const withoutSmall = ({ frame, input, stride, features, read, encode }: EncodedFrame): EncodedFrame => ({
  frame,
  input,
  stride,
  features,
  read,
  encode,
});

describe("a small picture's tracker", () => {
  it("advises for objects where they are and against them elsewhere, in cells of the large picture", async () => {
    const given = await encoded();
    const tracker = await begun(given[0]);
    const { width, height } = given[0].features;
    for (const [t, one] of given.entries()) {
      if (t === 0) continue;
      const advice = await tracker.next(smallOf(one));
      expect(advice).toHaveLength(2);
      for (const [i, shifts] of advice.entries()) {
        expect(shifts).toHaveLength(width * height);
        // In the middle of the block, and in that of the other one.
        const at = (x: number, y: number): number | undefined =>
          shifts?.[Math.floor(y / 2) * width + Math.floor(x / 2)];
        const [red, blue] = [at(16 + 2 * t, 16), at(46 - 2 * t, 34)];
        expect(i === 0 ? red : blue).toBeGreaterThan(0.2);
        expect(i === 0 ? blue : red).toBeLessThan(-0.2);
        expect(at(2, 42)).toBeLessThan(-0.2);
      }
    }
    await tracker.close();
  });

  it("says nothing of objects that it does not see", async () => {
    const blank = { ...frames[1], data: frames[1].data.map((_, i) => [60, 140, 60][i % 3]) };
    const given = await encoded([frames[0], blank]);
    const tracker = await begun(given[0]);
    expect(await tracker.next(smallOf(given[1]))).toEqual([undefined, undefined]);
    await tracker.close();
  });

  it("is not begun where it has nothing to say: nothing is opened for it", async () => {
    const open = vi.spyOn(Matcher, "open");
    const [first] = await encoded();
    const { width, height } = first.features;
    // Single cells of the large picture, which the small one cannot show.
    const weights = Float32Array.from({ length: 3 * width * height }, (_, i) =>
      Number(i % 3 === (Math.floor(i / 3) % 7 === 0 ? 1 : 0)),
    );
    const settings: JudgedMatcherOptions = { ...options, columns: 3, labels: 3, use: "small" };
    const large = { weights, grid: { width, height, stride: 2 } };
    expect(await SmallTracker.begin(settings, smallOf(first), large, (of) => of.encode(truth[0], IDS))).toBeUndefined();
    expect(open).not.toHaveBeenCalled();
  });

  it("goes on with the same bits after it was stopped", async () => {
    const given = await encoded();
    const whole = await begun(given[0]);
    const all: { advice: Advice; state: JudgedState }[] = [];
    for (const one of given.slice(1)) {
      const advice = await whole.next(smallOf(one));
      all.push(structuredClone({ advice, state: whole.state() }));
    }
    await whole.close();
    for (const done of [1, 2, 3, 5]) {
      const resumed = await begun(given[0]);
      for (let t = 1; t <= done; t++)
        await resumed.resume(all[t - 1].state, { time: t, encoded: smallOf(given[t]), frameAt });
      expect(resumed.state()).toEqual(all[done - 1].state);
      for (let t = done + 1; t < COUNT; t++) {
        expect(await resumed.next(smallOf(given[t]))).toEqual(all[t - 1].advice);
        expect(resumed.state()).toEqual(all[t - 1].state);
      }
      await resumed.close();
    }
  });
});

/** Carries the blocks. @returns the masks, the last frame's cells, and whether that had a small picture. */
async function carried(given: readonly EncodedFrame[], settings = options, of = labels) {
  await using carrier = new LabelCarrier(settings);
  async function* from(): AsyncGenerator<EncodedFrame> {
    yield* given;
  }
  const masks: Uint8Array[] = [];
  let hasSmall = false;
  let cells = new Float32Array(0);
  for await (const { decode, state } of carry({ frames: from(), carrier, labelsOf: () => of })) {
    masks.push(decode().data);
    hasSmall = state.small !== null;
    cells = state.cells.slice();
  }
  return { masks, hasSmall, cells };
}

describe("a carrier with a small picture", () => {
  it("tracks the objects, and otherwise than without one", async () => {
    const given = await encoded();
    const [both, alone] = [await carried(given), await carried(given.map(withoutSmall))];
    expect([both.hasSmall, alone.hasSmall]).toEqual([true, false]);
    expect(both.cells).not.toEqual(alone.cells);
    for (const { masks } of [both, alone])
      for (const id of [3, 7]) {
        const last = { ...truth[COUNT - 1], data: masks[COUNT - 1] };
        expect(intersectionOverUnion(last, truth[COUNT - 1], id)).toBeGreaterThan(0.8);
      }
  });

  it("has none without objects, or where labels are only copied", async () => {
    const given = (await encoded()).slice(0, 2);
    const points = [{ name: "red", x: 16, y: 16 }];
    const empty = { ...truth[0], data: new Uint8Array(truth[0].data.length) };
    expect((await carried(given, options, { mask: empty, objects: [], points })).hasSmall).toBe(false);
    const copying = { ...options, protocol: resolveProtocol("default", { target: "none" }) };
    expect((await carried(given, copying)).hasSmall).toBe(false);
  });

  it("takes the size of a frame that changes for the user's mistake", async () => {
    const [first] = await encoded(frames.slice(0, 1));
    const part = { ...frames[1], width: 48, height: 44, data: frames[1].data.slice(0, 48 * 44 * 3) };
    const [other] = await encoded([part]);
    expect(other.small).toBeDefined();
    await expect(carried([first, other])).rejects.toMatchObject({ code: "tracking/frame-size" });
  });

  it("borrows two matchers of a keeper, and closes two of its own", async () => {
    const given = (await encoded()).slice(0, 2);
    const closed = vi.spyOn(Matcher.prototype, "close");
    const opened = vi.spyOn(Matcher, "open");
    await carried(given);
    expect([opened.mock.calls.length, closed.mock.calls.length]).toEqual([2, 2]);
    {
      await using keeper = new MatcherKeeper();
      for (let pass = 0; pass < 3; pass++) await carried(given, { ...options, keeper });
      expect([opened.mock.calls.length, closed.mock.calls.length]).toEqual([4, 2]);
    }
    expect(closed).toHaveBeenCalledTimes(4);
  });

  it("whose small picture does not fit into memory leaves nothing open", async () => {
    const [first] = await encoded(frames.slice(0, 1));
    const small = smallOf(first);
    const features = { ...small.features, width: 10_000, height: 10_000 };
    const closed = vi.spyOn(Matcher.prototype, "close");
    await expect(carried([{ ...first, small: { ...small, features } }])).rejects.toMatchObject({
      code: "tracking/memory",
    });
    expect(closed).toHaveBeenCalledOnce();
  });
});
