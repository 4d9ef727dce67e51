/** @file The core: labels carried from one frame, stopped after any frame and resumed with the same bits. */
import { describe, expect, it } from "vitest";
import {
  type CarriedFrame,
  type Carrier,
  type CarrierState,
  carry,
  type GivenLabels,
  keptFrames,
  keptTimes,
  LabelCarrier,
  type LabelCarrierOptions,
} from "../../src/tracking/carry.ts";
import { type EncodedFrame, encodedFrames } from "../../src/tracking/encodedFrames.ts";
import { emptyMask } from "../../src/tracking/masks/firstLabels.ts";
import { modes, underMode } from "../../src/tracking/modes.ts";
import { FRAMES_KEPT } from "../../src/tracking/points/pointAgreement.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import { LESSON_EVERY } from "../../src/tracking/target/targetModel.ts";
import type { Frame } from "../../src/video/frame.ts";
import { pooledColours } from "../reference/pooledColours.ts";
import { clip, intersectionOverUnion, stream } from "./blocks.ts";

const COUNT = 12;
const { frames, truth } = clip(COUNT);
const points = [
  { name: "red", x: 16, y: 16 },
  { name: "blue", x: 46, y: 34 },
];
const both: GivenLabels = { mask: truth[0], objects: [3, 7], points };
const onlyPoints: GivenLabels = { mask: emptyMask(truth[0]), objects: [], points };
const onlyMasks: GivenLabels = { ...both, points: [] };
const plainCopying = { protocol: resolveProtocol("default", { target: "none" }), mode: modes.exact, threads: 1 };
/** Frames of 12 rows of cells have a small picture of 7. */
const smallPicture = { ...modes.exact, smallRows: 7 };
const defaults = { protocol: resolveProtocol("default"), mode: modes.exact, threads: 1 };

/** The same in one shot. */
const still = clip(COUNT, "still").frames;

/** Frames 5 to 7 are of another place. */
const interrupted = (frame: Frame, t: number): Frame => {
  if (t < 5 || t > 7) return frame;
  const tile = (i: number): number => 13 * (Math.floor(i / (3 * frame.width) / 5) % 7) + (Math.floor(i / 15) % 11);
  return { ...frame, data: frame.data.map((_, i) => (67 * tile(i)) % 251) };
};
const withCuts = frames.map(interrupted);
const stillWithCuts = still.map(interrupted);

/** Whether a pixel is of a block that moves by a cell a frame, and from frame 7 on is longer by three. */
const isLong = (t: number, pixel: number): boolean => {
  const [x, y] = [pixel % truth[0].width, Math.floor(pixel / truth[0].width)];
  return y >= 16 && y < 32 && x >= 4 * t && x < 4 * t + (t < 7 ? 16 : 28);
};
const growing = frames.map((frame, t): Frame => ({
  ...frame,
  data: frame.data.map(
    (value, i) => (isLong(t, Math.floor(i / 3)) ? [200, 40, 40] : [60, 140, 60])[i % 3] + (value % 5),
  ),
}));
const long: GivenLabels = {
  mask: { ...truth[0], data: truth[0].data.map((_, pixel) => Number(isLong(0, pixel))) },
  objects: [1],
  points: [],
};
const nearPlaces = resolveProtocol("default", { pointMotion: "none" });
const nearby = resolveProtocol("default", { radius: { cells: 2 } });

async function all<T, U = T>(items: AsyncIterable<T>, change?: (item: T) => U): Promise<U[]> {
  const out: U[] = [];
  for await (const item of items) out.push(change === undefined ? (item as unknown as U) : change(item));
  return out;
}

async function encoded(clipFrames: readonly Frame[], options: LabelCarrierOptions = defaults): Promise<EncodedFrame[]> {
  const encoder = pooledColours(4);
  return all(encodedFrames(stream(clipFrames), { encoder, hasMasks: true, ...options }));
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** A carried frame as plain data. */
const plain = ({ frame, decode, time, state, verdicts, cut, points: found }: CarriedFrame) =>
  structuredClone({ name: frame.name, mask: decode().data, time, state, verdicts, cut, found });

async function carried(
  given: readonly EncodedFrame[],
  labels: GivenLabels,
  options: LabelCarrierOptions = defaults,
): Promise<ReturnType<typeof plain>[]> {
  await using carrier = new LabelCarrier(options);
  return all(carry({ frames: from(given), carrier, labelsOf: () => labels }), plain);
}

/** A fresh carrier resumed after frame `done`, with all that it may need, then carried to the end. */
async function resumed(
  given: readonly EncodedFrame[],
  { labels, options, done }: { labels: GivenLabels; options: LabelCarrierOptions; done: number },
  states: readonly CarrierState[],
): Promise<{ state: CarrierState; rest: ReturnType<typeof plain>[] }> {
  await using carrier = new LabelCarrier(options);
  await carrier.begin(given[0], labels);
  const frameAt = async (index: number): Promise<Frame> => given[index].frame;
  for (const time of keptTimes(options.protocol, labels.points.length > 0, done))
    await carrier.resume(states[time], { time, encoded: given[time], frameAt });
  const state = structuredClone(carrier.state());
  const rest: ReturnType<typeof plain>[] = [];
  for (const one of given.slice(done + 1)) rest.push(plain(await carrier.next(one)));
  return { state, rest };
}

/** The frames before which the camera seems to cut. */
const cuts = async (of: readonly Frame[]) => (await carried(await encoded(of), onlyMasks)).filter(({ cut }) => cut);

describe("carried labels", () => {
  it("begin with what is given", async () => {
    const [first] = await carried(await encoded(frames.slice(0, 1)), both);
    expect(first).toMatchObject({ name: "00000", time: 0, cut: false });
    expect(first.mask).toEqual(truth[0].data);
    expect(first.verdicts).toEqual([3, 7].map(() => ({ confidence: 1, visible: true, signals: undefined })));
    expect(first.found).toEqual(points.map((point) => ({ ...point, visible: true, confidence: 1 })));
  });

  it("masks and points do not disturb each other", async () => {
    const given = await encoded(frames);
    const [all, masks, alone] = await Promise.all(
      [both, onlyMasks, onlyPoints].map((labels) => carried(given, labels, plainCopying)),
    );
    expect(all.map(({ mask, verdicts }) => ({ mask, verdicts }))).toEqual(
      masks.map(({ mask, verdicts }) => ({ mask, verdicts })),
    );
    expect(all.map(({ found }) => found)).toEqual(alone.map(({ found }) => found));
    expect(alone.at(-1)?.mask).toEqual(emptyMask(truth[0]).data);
    expect(all.map(({ time }) => time)).toEqual(frames.map(({ index }) => index));
  });

  it("target models of objects do not disturb points", async () => {
    const given = await encoded(frames);
    const [all, alone] = await Promise.all([both, onlyPoints].map((labels) => carried(given, labels)));
    expect(all.map(({ found }) => found)).toEqual(alone.map(({ found }) => found));
    expect(alone.every(({ state }) => state.target === null)).toBe(true);
    expect(all.at(-1)?.state.target).not.toBeNull();
  });

  it("frames with still noise are one shot, the others seem to be several", async () => {
    expect(await cuts(still)).toEqual([]);
    expect((await cuts(frames)).length).toBeGreaterThan(0);
    expect((await cuts(stillWithCuts)).map(({ time }) => time)).toEqual([5, 8]);
  });

  it("many objects, each a mask of its own, are carried by their own models", async () => {
    const given = await encoded(still.slice(0, 5));
    const ids = Array.from({ length: 20 }, (_, i) => i + 1);
    const { width, height } = truth[0];
    const tile = (i: number): number =>
      1 + 5 * Math.floor((4 * Math.floor(i / width)) / height) + Math.floor((5 * (i % width)) / width);
    const mask = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => tile(i)) };
    const tracked = await carried(given, { mask, objects: ids, points: [] });
    expect(tracked[4].verdicts).toHaveLength(20);
    expect(tracked[4].state.cells.every(Number.isFinite)).toBe(true);
    expect(tracked[3].state.target?.learned).toHaveLength(20);
  });

  it("an object that fills the frame goes on filling it", async () => {
    const given = await encoded(still.slice(0, 5));
    const mask = { ...truth[0], data: new Uint8Array(truth[0].data.length).fill(9) };
    const tracked = await carried(given, { mask, objects: [9], points: [] });
    for (const { mask: found } of tracked) expect(found.every((id) => id === 9)).toBe(true);
  });

  it("frames of zeros after an object is gone, and the object back", async () => {
    const dark = still.map((frame, t) =>
      t === 3 || t === 4 ? { ...frame, data: new Uint8Array(frame.data.length) } : frame,
    );
    const tracked = await carried(await encoded(dark), onlyMasks, { ...defaults, mode: smallPicture });
    expect(tracked.every(({ state }) => state.cells.every(Number.isFinite))).toBe(true);
    expect(tracked[4].verdicts.map(({ visible }) => visible)).toEqual([false, false]);
    expect(tracked[COUNT - 1].verdicts.map(({ visible }) => visible)).toEqual([true, true]);
  });

  it("an object without a pixel in the mask keeps its column and stays away", async () => {
    const given = await encoded(frames.slice(0, 3));
    const tracked = await carried(given, { mask: truth[0], objects: [3, 5, 7], points: [] });
    expect(tracked.map(({ verdicts }) => verdicts.length)).toEqual([3, 3, 3]);
    expect(tracked.some(({ mask }) => mask.includes(5))).toBe(false);
  });

  it("a frame can be decoded later, and with other cells", async () => {
    const given = await encoded(frames);
    await using carrier = new LabelCarrier(defaults);
    const kept = await all(carry({ frames: from(given), carrier, labelsOf: () => onlyMasks }));
    const atOnce = await carried(given, onlyMasks);
    expect(kept.map(({ decode }) => decode().data)).toEqual(atOnce.map(({ mask }) => mask));
    expect(kept[3].decode(kept[5].state.cells).data).not.toEqual(kept[3].decode().data);
  });

  it("hard labels: later frames copy the mask that is reported", async () => {
    const protocol = resolveProtocol("default", { labels: "hard" });
    const [, { mask, state }] = await carried(await encoded(frames.slice(0, 2)), onlyMasks, { ...defaults, protocol });
    const cells = state.cells;
    // Labels of cells are shares of the mask's pixels, not the softer weights that made it.
    expect(mask).toHaveLength(truth[0].data.length);
    for (let cell = 0; cell < cells.length; cell += 3)
      expect(cells[cell] + cells[cell + 1] + cells[cell + 2]).toBeCloseTo(1, 5);
    const certain = cells.filter((weight) => weight === 0 || weight === 1).length;
    expect(certain / cells.length).toBeGreaterThan(0.7);
  });

  it("the log says what is tracked", async () => {
    const lines: string[] = [];
    const logger = { info: (line: string) => void lines.push(line), warn() {}, progress() {} };
    await carried(await encoded(frames.slice(0, 1)), both, { ...defaults, logger });
    await carried(await encoded(frames.slice(0, 1)), onlyMasks, { ...defaults, logger });
    await carried(await encoded(frames.slice(0, 1)), { ...both, objects: [] }, { ...defaults, logger });
    expect(lines.map((line) => line.replace(/ at .*$/u, ""))).toEqual([
      "tracking 2 objects and 2 points from frame 00000",
      "tracking 2 objects from frame 00000",
      "tracking 2 points from frame 00000",
    ]);
  });
});

/** Carries with the truth put in place of every third frame's labels. */
async function corrected(
  given: readonly EncodedFrame[],
  options: LabelCarrierOptions = defaults,
  labels: GivenLabels = onlyMasks,
): Promise<{ before: ReturnType<typeof plain>; cells: Float32Array; state: CarrierState }[]> {
  await using carrier = new LabelCarrier(options);
  await carrier.begin(given[0], labels);
  const out = [];
  for (const one of given.slice(1)) {
    const frame = await carrier.next(one);
    const before = plain(frame);
    const cells = frame.time % 3 === 0 ? frame.correct(truth[frame.time]) : frame.state.cells;
    out.push({ before, cells, state: carrier.state() });
  }
  return out;
}

describe("a frame that is corrected", () => {
  it("keeps what was found, and later frames copy the correction", async () => {
    const given = await encoded(frames);
    const free = await carried(given, onlyMasks);
    const told = await corrected(given);
    expect(told.slice(0, 3).map(({ before }) => before)).toEqual(free.slice(1, 4));
    expect(told[3].before.state.cells).not.toEqual(free[4].state.cells);
    expect(told[2].state.cells).toEqual(told[2].cells);
    expect(told[2].cells).not.toEqual(free[3].state.cells);
    // The cells of the true mask: shares of its pixels, in sixteenths.
    expect(told[2].cells.every((share) => Number.isInteger(16 * share))).toBe(true);
  });

  it("is shown as well as its cells can", async () => {
    const given = await encoded(frames.slice(0, 2));
    await using carrier = new LabelCarrier(defaults);
    await carrier.begin(given[0], onlyMasks);
    const { correct, decode } = await carrier.next(given[1]);
    const shown = decode(correct(truth[1]));
    for (const id of [3, 7]) expect(intersectionOverUnion(shown, truth[1], id)).toBeGreaterThan(0.9);
  });

  it("does not disturb points", async () => {
    const given = await encoded(frames);
    const [alone, told] = await Promise.all([carried(given, both), corrected(given, defaults, both)]);
    expect(told.map(({ before }) => before.found)).toEqual(alone.slice(1).map(({ found }) => found));
  });

  it.each([
    ["exact", {}],
    ["pruned search", { mode: modes.fast }],
  ] as const)("%s: a run resumes after it with the same bits", async (_, overrides) => {
    const options: LabelCarrierOptions = { ...defaults, ...overrides };
    const given = await encoded(frames, options);
    const told = await corrected(given.slice(0, 4), options);
    await using whole = new LabelCarrier(options);
    await whole.begin(given[0], onlyMasks);
    for (const one of given.slice(1, 4)) {
      const frame = await whole.next(one);
      if (frame.time === 3) frame.correct(truth[3]);
    }
    const wanted = plain(await whole.next(given[4]));
    await using again = new LabelCarrier(options);
    await again.begin(given[0], onlyMasks);
    const frameAt = async (index: number): Promise<Frame> => given[index].frame;
    for (const [i, { state }] of told.entries())
      await again.resume(structuredClone(state), { time: i + 1, encoded: given[i + 1], frameAt });
    expect(plain(await again.next(given[4]))).toEqual(wanted);
  });

  it("is the latest one, and not the labelled one", async () => {
    const given = await encoded(frames.slice(0, 3));
    await using carrier = new LabelCarrier(defaults);
    const first = await carrier.begin(given[0], onlyMasks);
    expect(() => first.correct(truth[0])).toThrow("the labelled frame");
    const second = await carrier.next(given[1]);
    await carrier.next(given[2]);
    expect(() => second.correct(truth[1])).toThrow("frame 1 when frame 2 was carried already");
  });
});

describe("a carrier that was stopped", () => {
  const clusters = resolveProtocol("default", { candidates: "clusters" });
  it.each([
    ["masks and points", both, {}, frames],
    ["points alone", onlyPoints, {}, frames],
    ["points that are not followed by their motion", onlyPoints, { protocol: nearPlaces }, frames],
    ["cuts", both, {}, withCuts],
    ["pruned search, cuts", both, { mode: modes.fast }, withCuts],
    ["live", both, { mode: modes.live, protocol: underMode(defaults.protocol, modes.live) }, frames],
    ["hard labels, lasting frames", both, { protocol: resolveProtocol("mast", { temperature: 0.02 }) }, frames],
    ["hard labels, judged", both, { protocol: resolveProtocol("default", { labels: "hard" }) }, still],
    ["hard labels, masks alone", onlyMasks, { protocol: resolveProtocol("default", { labels: "hard" }) }, still],
    ["masks alone in one shot", onlyMasks, {}, still],
    ["a small picture", onlyMasks, { mode: smallPicture }, still],
    ["a small picture, points, cuts", both, { mode: smallPicture }, stillWithCuts],
    ["a small picture, pruned search, cuts", onlyMasks, { mode: { ...modes.fast, smallRows: 7 } }, stillWithCuts],
    ["a memory of one frame", onlyMasks, { protocol: resolveProtocol("default", { memory: { recent: 1 } }) }, still],
    ["an object that outgrows what it copies", long, { protocol: nearby }, growing],
    ["no target model", both, plainCopying, withCuts],
    ["target models by looks alone", both, { protocol: resolveProtocol("default", { target: "model" }) }, withCuts],
    ["candidates from clusters", onlyMasks, { protocol: clusters }, frames],
  ] as const)("%s: resumes after any frame with the same bits", async (_, labels, overrides, clipFrames) => {
    const options: LabelCarrierOptions = { ...defaults, ...overrides };
    const given = await encoded(clipFrames, options);
    const whole = await carried(given, labels, options);
    const states = whole.map(({ state }) => state);
    for (const done of [1, 6, COUNT - 2]) {
      const { state, rest } = await resumed(given, { labels, options, done }, states);
      expect(state).toEqual(states[done]);
      expect(rest).toEqual(whole.slice(done + 1));
    }
  });

  it("states are plain data that stay as they were", async () => {
    const given = await encoded(frames.slice(0, 6));
    await using carrier = new LabelCarrier({ ...defaults, mode: modes.fast });
    await carrier.begin(given[0], both);
    const state = (await carrier.next(given[1])).state;
    const copy = structuredClone(state);
    for (const one of given.slice(2)) await carrier.next(one);
    expect(state).toEqual(copy);
  });

  it("knows how far back it needs frames", () => {
    const protocol = resolveProtocol("default", { memory: { recent: 3 } });
    expect(keptFrames(protocol, false)).toBe(3);
    expect(keptFrames(protocol, true)).toBe(FRAMES_KEPT);
    // As far as the latest lesson, though the memory is shorter.
    const short = { memory: { recent: 1 } };
    expect(keptFrames(resolveProtocol("default", short), false)).toBe(LESSON_EVERY);
    expect(keptFrames(resolveProtocol("default", { ...short, target: "none" }), false)).toBe(1);
    // How the labelled frame moves is seen in the first one.
    expect(keptTimes(protocol, false, 10)).toEqual([1, 8, 9, 10]);
    const still = resolveProtocol("default", { memory: { recent: 3 }, target: "model" });
    expect(keptTimes(still, false, 10)).toEqual([8, 9, 10]);
    expect(keptTimes(protocol, true, 2)).toEqual([1, 2]);
    // MAST keeps the fifth frame as well as the first.
    expect(keptTimes(resolveProtocol("mast"), false, 30)).toContain(5);
  });
});

describe("carrying refuses", () => {
  it("a frame before the labelled one", async () => {
    const [first] = await encoded(frames.slice(0, 1));
    await using carrier = new LabelCarrier(defaults);
    await expect(carrier.next(first)).rejects.toThrow("internal: a frame before the first one");
    expect(() => carrier.state()).toThrow("internal: a frame before the first one");
  });

  it("frames of another size", async () => {
    const [first, second] = await encoded(frames.slice(0, 2));
    const other = { ...second, frame: { ...second.frame, width: 45, height: 61 } };
    await expect(carried([first, other], both)).rejects.toMatchObject({ code: "tracking/frame-size" });
  });
});

/** Notes what it is told. */
function noting(): Carrier<string> & { readonly events: string[] } {
  const events: string[] = [];
  const note = (what: string): string => {
    events.push(what);
    return what;
  };
  return {
    events,
    begin: async ({ frame }, labels) => note(`begin ${frame.index} ${labels.objects.join()}`),
    next: async ({ frame }) => note(`next ${frame.index}`),
    [Symbol.asyncDispose]: async () => void note("closed"),
  };
}

/** An object called as the frame. */
const labelsOf = ({ index }: Frame): GivenLabels => ({ ...onlyMasks, objects: [index] });

const before3 = async ({ frame }: EncodedFrame): Promise<boolean> => frame.index < 3;

describe("the loop", () => {
  it("asks for the first frame's labels, and leaves the carrier open", async () => {
    const carrier = noting();
    const given = (await encoded(frames.slice(0, 5))).slice(2);
    const out = await all(carry({ frames: from(given), carrier, labelsOf }));
    expect(out).toEqual(["begin 2 2", "next 3", "next 4"]);
    expect(carrier.events).toEqual(out);
  });

  it("passes by frames that are taken back", async () => {
    const carrier = noting();
    const given = await encoded(frames.slice(0, 5));
    const out = await all(carry({ frames: from(given), carrier, labelsOf, retake: before3 }));
    expect(out).toEqual(["begin 0 0", "next 3", "next 4"]);
  });

  it("gives nothing where there are no frames", async () => {
    const carrier = noting();
    expect(await all(carry({ frames: from([]), carrier, labelsOf }))).toEqual([]);
  });

  it("stops with the signal's reason", async () => {
    const controller = new AbortController();
    const given = await encoded(frames.slice(0, 3));
    const run = carry({ frames: from(given), carrier: noting(), labelsOf, signal: controller.signal });
    await run.next();
    controller.abort(new Error("enough"));
    await expect(run.next()).rejects.toThrow("enough");
  });

  it("an error in the carrier reaches the caller", async () => {
    const carrier = { ...noting(), next: () => Promise.reject(new Error("no memory")) };
    const given = await encoded(frames.slice(0, 3));
    await expect(all(carry({ frames: from(given), carrier, labelsOf }))).rejects.toThrow("no memory");
  });
});
