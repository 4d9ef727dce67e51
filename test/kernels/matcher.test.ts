import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { Matcher, type MatchWindow } from "../../src/kernels/matcher.ts";
import { referenceMatch, type ReferenceFrame } from "../reference/matching.ts";

interface Case {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly labels: number;
  readonly frames: number;
  readonly topK?: number | undefined;
  readonly temperature: number;
  readonly normalise: boolean;
  readonly threads: number;
  readonly window?: MatchWindow | undefined;
  readonly copies?: number;
  /** Regions of the memory frames, and for each query the share of them that hold its candidates. */
  readonly sampled?: { readonly regions: number; readonly share: number; readonly frames?: number } | undefined;
  /** Decay of the energy from channel to channel, so that pruning has something to prune; 1 = flat. */
  readonly decay: number;
}

const disc = (cells: number, inclusive = false): MatchWindow => ({ shape: "euclidean", cells, inclusive });
const square = (cells: number): MatchWindow => ({ shape: "square", cells, inclusive: true });
const base: Case = {
  name: "",
  height: 9,
  width: 13,
  channels: 24,
  labels: 3,
  frames: 3,
  topK: 5,
  temperature: 0.07,
  normalise: true,
  threads: 2,
  window: disc(4),
  decay: 0.9,
};
const cases: Case[] = [
  { ...base, name: "disc" },
  { ...base, name: "flat energy", decay: 1, channels: 70 },
  { ...base, name: "strong decay, many channels", decay: 0.93, channels: 130, height: 12, width: 17 },
  { ...base, name: "inclusive disc", window: disc(4, true) },
  { ...base, name: "fractional disc", window: disc(2.5) },
  { ...base, name: "square", window: square(3) },
  { ...base, name: "radius 0", window: square(0) },
  { ...base, name: "window larger than the frame", window: disc(40) },
  { ...base, name: "unrestricted", window: undefined },
  { ...base, name: "one row", height: 1, width: 30 },
  { ...base, name: "one column", height: 31, width: 1 },
  { ...base, name: "one cell", height: 1, width: 1 },
  { ...base, name: "two labels, one channel", channels: 1, labels: 2, normalise: false },
  { ...base, name: "channels no multiple of 4", channels: 37 },
  { ...base, name: "top-1", topK: 1 },
  { ...base, name: "more kept than there are", topK: 500 },
  { ...base, name: "copies", copies: 4, topK: 10 },
  { ...base, name: "one thread", threads: 1 },
  { ...base, name: "three threads, many rows", threads: 3, height: 23 },
  { ...base, name: "dot product", normalise: false, temperature: 2 },
  { ...base, name: "all candidates", topK: undefined },
  { ...base, name: "all candidates, dot product", topK: undefined, normalise: false, temperature: 0.5 },
  { ...base, name: "all candidates, copies, unrestricted", topK: undefined, window: undefined, copies: 3 },
  ...[
    { name: "sampled candidates", sampled: { regions: 4, share: 0.5 } },
    { name: "sampled, all candidates", topK: undefined, sampled: { regions: 4, share: 0.5 } },
    { name: "sampled, many regions, odd sizes", height: 10, width: 18, sampled: { regions: 32, share: 0.3 } },
    { name: "sampled, few cells, unrestricted window", window: undefined, sampled: { regions: 20, share: 0.1 } },
    { name: "sampled, most queries without a candidate", window: square(1), sampled: { regions: 32, share: 0.03 } },
    { name: "no candidates, softmax over all", topK: undefined, sampled: { regions: 3, share: 0 } },
    { name: "every region sampled", sampled: { regions: 5, share: 1 } },
    { name: "only one frame has regions", sampled: { regions: 4, share: 0.4, frames: 1 } },
    { name: "sampled, copies, dot product", copies: 4, normalise: false, sampled: { regions: 4, share: 0.5 } },
  ].map((one) => ({ ...base, ...one })),
];

function frame(random: Random, { height, width, channels, labels, decay }: Case): ReferenceFrame {
  const cells = height * width;
  const features = Float32Array.from(
    { length: channels * cells },
    (_, i) => (random.normal() + 0.5) * decay ** Math.floor(i / cells),
  );
  return { features, labels: Float32Array.from({ length: cells * labels }, () => random.next()) };
}

async function difference(test: Case): Promise<number> {
  const random = new Random(test.height * 100 + test.channels);
  const frames = Array.from({ length: test.frames }, () => frame(random, test));
  // The query looks like the last memory frame, as neighbouring frames do.
  const last = frames[test.frames - 1];
  const query = { features: last.features.map((x) => x + 0.2 * random.normal()), labels: last.labels };
  const { regions = 0, share = 0, frames: restricted = test.frames } = test.sampled ?? {};
  const cells = test.height * test.width;
  const memory = frames.map((one, i) => ({
    frame: one,
    entry: {
      window: i === 0 && test.frames > 1 && test.sampled === undefined ? undefined : test.window,
      copies: i === 1 ? (test.copies ?? 1) : 1,
      regions:
        regions > 0 && i < restricted ? Uint8Array.from({ length: cells }, () => random.integer(regions)) : undefined,
    },
  }));
  const bits = (): number =>
    Array.from({ length: regions }, (_, r) => (random.chance(share) ? 2 ** r : 0)).reduce((a, b) => a + b, 0);
  const candidates = regions > 0 ? Uint32Array.from({ length: cells }, bits) : undefined;
  await using matcher = await Matcher.open({ ...test, slots: test.frames + 1 });
  for (let i = 0; i < test.frames; i++) {
    await matcher.insert(i, frames[i].features);
    matcher.labels(i).set(frames[i].labels);
  }
  await matcher.insert(test.frames, query.features);
  await matcher.match(
    test.frames,
    memory.map(({ entry }, slot) => ({ slot, ...entry })),
    { ...test, candidates },
  );
  const expected = referenceMatch(query, memory, { ...test, candidates });
  return matcher.labels(test.frames).reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0);
}

describe("the matching kernel equals the slow reference", () => {
  it.each(cases)("$name", async (test) => {
    expect(await difference(test)).toBeLessThan(2e-5);
  });
});

describe("matching again in other frames", () => {
  it.each([undefined, { cells: 14, reach: 12, energy: 1, belief: 1 }])(
    "finds what these alone have, and leaves what was found (pruning %o)",
    async (pruning) => {
      const test = { ...base, height: 11, width: 14, window: undefined, pruning };
      const random = new Random(5);
      const frames = Array.from({ length: 3 }, () => frame(random, test));
      await using matcher = await Matcher.open({ ...test, slots: 3 });
      for (const [slot, one] of frames.entries()) {
        await matcher.insert(slot, one.features);
        matcher.labels(slot).set(one.labels);
      }
      const entries = [1, 0].map((slot) => ({ slot, copies: 1 }));
      await matcher.match(2, entries, { ...test, held: entries.map(({ slot }) => ({ slot, everywhere: false })) });
      const both = matcher.labels(2).slice();
      const alone = await matcher.matchAgain(2, [{ slot: 0, copies: 1 }], test);
      const expected = referenceMatch(frames[2], [{ frame: frames[0], entry: { window: undefined, copies: 1 } }], test);
      alone.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
      expect(matcher.labels(2)).toEqual(both);
      expect(both).not.toEqual(alone);
    },
  );
});

/** A frame of noise and what it looks like after moving by (dx, dy): what comes in from outside is new. */
function moved(random: Random, one: ReferenceFrame, test: Case, dx: number, dy: number): ReferenceFrame {
  const { height, width, channels, labels } = test;
  const cells = height * width;
  const features = new Float32Array(channels * cells);
  const label = new Float32Array(cells * labels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - dx, y - dy];
      const inside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height;
      for (let c = 0; c < channels; c++)
        features[c * cells + y * width + x] = inside
          ? one.features[c * cells + fromY * width + fromX]
          : random.normal();
      for (let l = 0; l < labels; l++)
        label[(y * width + x) * labels + l] = inside ? one.labels[(fromY * width + fromX) * labels + l] : 0;
    }
  return { features, labels: label };
}

const scene: Case = { ...base, height: 30, width: 41, decay: 0.97, window: disc(3), channels: 32 };
const plain = { cells: 2, reach: 12, energy: 1, belief: 1 };

/** Label 0 to the left of the column, label 1 from it on, each with this weight; the rest is label 2's. */
const halves = (column: number, weight: number): Float32Array =>
  Float32Array.from({ length: scene.height * scene.width * 3 }, (_, i) => {
    const own = Math.floor(i / 3) % scene.width < column ? 0 : 1;
    return i % 3 === own ? weight : i % 3 === 2 ? 1 - weight : 0;
  });

/** Labels of a third frame after two with these labels. */
async function found(labels: readonly Float32Array[], settle?: number): Promise<Float32Array> {
  const random = new Random(12);
  const frames = [frame(random, scene)];
  for (let t = 1; t <= 2; t++) frames.push(moved(random, frames[t - 1], scene, 2, 1));
  const options = { ...plain, ...(settle === undefined ? {} : { settle }) };
  await using matcher = await Matcher.open({ ...scene, pruning: options, slots: 3 });
  for (const [slot, one] of labels.entries()) {
    await matcher.insert(slot, frames[slot].features);
    matcher.labels(slot).set(one);
  }
  await matcher.insert(2, frames[2].features);
  const entries = [1, 0].map((slot) => ({ slot, window: disc(3), copies: 1 }));
  await matcher.match(2, entries, {
    ...scene,
    topK: 4,
    held: entries.map(({ slot }) => ({ slot, everywhere: false })),
  });
  return matcher.labels(2).slice();
}

describe("a pruned search", () => {
  const test: Case = { ...scene, topK: 1 };
  const pruning = plain;

  it("equals the full correlation when its window covers the frame", async () => {
    const small = { ...base, height: 11, width: 14, pruning: { ...pruning, cells: 14 } };
    const random = new Random(8);
    const frames = Array.from({ length: 3 }, () => frame(random, small));
    await using matcher = await Matcher.open({ ...small, slots: 3 });
    for (const [slot, one] of frames.entries()) {
      await matcher.insert(slot, one.features);
      matcher.labels(slot).set(one.labels);
    }
    const entries = [1, 0].map((slot) => ({ slot, window: disc(2), copies: 1 }));
    await matcher.match(2, entries, { ...small, held: entries.map(({ slot }) => ({ slot, everywhere: false })) });
    const memory = [1, 0].map((slot) => ({ frame: frames[slot], entry: { window: undefined, copies: 1 } }));
    const expected = referenceMatch(frames[2], memory, small);
    matcher.labels(2).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });

  it.each([1, 3])("follows what moves further than the window, frame after frame, with %i threads", async (threads) => {
    const random = new Random(9);
    const frames = [frame(random, test)];
    for (let t = 1; t <= 3; t++) frames.push(moved(random, frames[t - 1], test, 6, -4));
    await using matcher = await Matcher.open({ ...test, threads, pruning, slots: 4 });
    for (let t = 0; t <= 3; t++) {
      await matcher.insert(t, frames[t].features);
      if (t === 0) matcher.labels(0).set(frames[0].labels);
      const slots = Array.from({ length: t }, (_, i) => t - 1 - i);
      const held = slots.map((slot) => ({ slot, everywhere: false }));
      if (t > 0) await matcher.match(t, [{ slot: 0, window: disc(3), copies: 1 }], { ...test, held });
    }
    // Moved by 18 and -12 in all; what was there from the beginning has its labels.
    const [found, truth] = [matcher.labels(3), frames[3].labels];
    let right = 0;
    for (let y = 0; y < test.height - 12; y++)
      for (let x = 18; x < test.width; x++) {
        const at = (y * test.width + x) * test.labels;
        right += Number(Math.abs(found[at] - truth[at]) < 1e-4);
      }
    expect(right / ((test.height - 12) * (test.width - 18))).toBeGreaterThan(0.9);
  });

  it("finds again in the whole frame where that is asked for", async () => {
    const random = new Random(10);
    const first = frame(random, test);
    const far = moved(random, first, test, 26, 16);
    const entries = [{ slot: 0, window: undefined, copies: 1 }];
    const right = async (everywhere: boolean): Promise<number> => {
      await using matcher = await Matcher.open({ ...test, pruning, slots: 2 });
      await matcher.insert(0, first.features);
      matcher.labels(0).set(first.labels);
      await matcher.insert(1, far.features);
      await matcher.match(1, entries, { ...test, held: [{ slot: 0, everywhere }] });
      let count = 0;
      for (let y = 16; y < test.height; y++)
        for (let x = 26; x < test.width; x++) {
          const at = (y * test.width + x) * test.labels;
          count += Number(Math.abs(matcher.labels(1)[at] - far.labels[at]) < 1e-4);
        }
      return count / ((test.height - 16) * (test.width - 26));
    };
    expect(await right(false)).toBeLessThan(0.5);
    expect(await right(true)).toBeGreaterThan(0.9);
  });

  describe("that settles tiles", () => {
    it("finds what the search finds", async () => {
      const labels = [halves(20, 1), halves(22, 1)];
      const [searched, settled] = [await found(labels), await found(labels, 1)];
      settled.forEach((value, i) => expect(value).toBeCloseTo(searched[i], 5));
      expect(new Set(settled.filter((_, i) => i % 3 === 0)).size).toBeGreaterThan(2);
    });

    it("takes a label that is nearly alone for the only one", async () => {
      const labels = [halves(20, 0.995), halves(22, 0.995)];
      const [searched, settled] = [await found(labels), await found(labels, 0.99)];
      expect(searched[0]).toBeCloseTo(0.995, 4);
      expect([...settled.subarray(0, 3), ...settled.subarray(-3)]).toEqual([1, 0, 0, 0, 1, 0]);
      expect(Math.max(...settled.map((value, i) => Math.abs(value - searched[i])))).toBeLessThan(0.0051);
    });

    it("sees labels that were changed after they had been read", async () => {
      const settled = await found([halves(20, 1), halves(0, 1)], 1);
      expect(settled[0]).toBeLessThan(1);
    });
  });

  it("without held frames is our own mistake", async () => {
    await using matcher = await Matcher.open({ ...test, pruning, slots: 2 });
    await matcher.insert(0, new Float32Array(30 * 41 * 32).fill(1));
    const entries = [{ slot: 0, window: undefined, copies: 1 }];
    await expect(matcher.match(1, entries, test)).rejects.toThrow("internal: 0 held frames");
  });
});

describe("failures", () => {
  it("a job on a closed matcher is an error", async () => {
    const matcher = await Matcher.open({ ...base, slots: 2 });
    await matcher.close();
    await expect(matcher.insert(0, new Float32Array(9 * 13 * 24))).rejects.toThrow(
      "internal: the kernel pool is closed",
    );
  });

  it("closing while a job runs rejects the job", async () => {
    const matcher = await Matcher.open({ ...base, height: 60, width: 107, slots: 2 });
    const job = matcher.insert(0, new Float32Array(60 * 107 * 24).fill(1));
    const rejected = expect(job).rejects.toThrow("closed while a job was running");
    await matcher.close();
    await rejected;
  });

  it("regions without candidates are refused", async () => {
    await using matcher = await Matcher.open({ ...base, slots: 2 });
    const regions = new Uint8Array(9 * 13);
    const matching = matcher.match(1, [{ slot: 0, copies: 1, regions }], { topK: 1, temperature: 1 });
    await expect(matching).rejects.toThrow("internal: memory frames with regions");
  });

  it("features of another size are refused", async () => {
    await using matcher = await Matcher.open({ ...base, slots: 2 });
    await expect(matcher.insert(0, new Float32Array(5))).rejects.toThrow("internal: features of 5 values");
  });

  it("more memory than WASM can address is the user's message", async () => {
    await expect(Matcher.open({ ...base, height: 540, width: 960, channels: 256, slots: 22 })).rejects.toMatchObject({
      code: "tracking/memory",
    });
  });
});

describe("the state of a matcher", () => {
  const pruned = { ...base, height: 11, width: 14, window: undefined, slots: 3 };
  const pruning = { cells: 14, reach: 12, energy: 1, belief: 1 };

  it("is nothing where every candidate is searched", async () => {
    await using matcher = await Matcher.open(pruned);
    expect(matcher.state()).toBeNull();
    expect(() => matcher.resume(null)).not.toThrow();
  });

  it("lets another matcher with the same frames find the same, bit for bit", async () => {
    const random = new Random(6);
    const frames = Array.from({ length: 4 }, () => frame(random, pruned));
    const settings = { ...base, held: [{ slot: 0, everywhere: false }] };
    await using first = await Matcher.open({ ...pruned, pruning });
    await using second = await Matcher.open({ ...pruned, pruning });
    const insert = async (matcher: Matcher, slot: number, index: number) => {
      await matcher.insert(slot, frames[index].features);
      matcher.labels(slot).set(frames[index].labels);
    };
    for (const matcher of [first, second]) await insert(matcher, 0, 0);
    await insert(first, 1, 1);
    await first.match(1, [{ slot: 0, copies: 1 }], settings);
    second.resume(first.state());
    for (const matcher of [first, second]) {
      await insert(matcher, 2, 2);
      await matcher.match(2, [{ slot: 0, copies: 1 }], settings);
    }
    expect(second.state()).toEqual(first.state());
    expect(second.labels(2)).toEqual(first.labels(2));
  });
});
