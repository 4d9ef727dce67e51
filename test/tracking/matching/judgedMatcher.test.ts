/** @file What target models and advice add to matching, when they keep still, and that nothing stays open. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Matcher } from "../../../src/kernels/matcher.ts";
import { type EncodedFrame, encodedFrames } from "../../../src/tracking/encodedFrames.ts";
import { type Advice, JudgedMatcher, type JudgedMatcherOptions } from "../../../src/tracking/matching/judgedMatcher.ts";
import { emptyMask } from "../../../src/tracking/masks/firstLabels.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { clip, stream } from "../blocks.ts";

const { frames, truth } = clip(5, "still");
const IDS = [0, 3, 7];
const LABELS = IDS.length;

const options: JudgedMatcherOptions = {
  protocol: resolveProtocol("default"),
  mode: modes.exact,
  columns: LABELS,
  labels: LABELS,
  threads: 1,
};
const without: JudgedMatcherOptions = { ...options, protocol: { ...options.protocol, target: "none" } };

afterEach(() => vi.restoreAllMocks());

async function encoded(of = frames): Promise<EncodedFrame[]> {
  const out: EncodedFrame[] = [];
  const encoder = pooledColours(4);
  for await (const one of encodedFrames(stream(of), { encoder, ...options })) out.push(one);
  return out;
}

const begun = (given: EncodedFrame, settings = options): Promise<JudgedMatcher> =>
  JudgedMatcher.begin(settings, given, (matcher) => matcher.encode(truth[0], IDS));

/** Cells after the second frame. */
async function second(settings: JudgedMatcherOptions, advice?: Advice): Promise<number[]> {
  const given = await encoded();
  const judged = await begun(given[0], settings);
  const { cells } = await judged.next(given[1], advice);
  const out = [...cells];
  await judged.close();
  return out;
}

const CELLS = 16 * 12;
const everywhere = (shift: number): Float32Array => new Float32Array(CELLS).fill(shift);

/** Sum of a label's weights. */
const mass = (cells: readonly number[], label: number): number =>
  cells.reduce((sum, weight, i) => sum + (i % LABELS === label ? weight : 0), 0);

describe("advice", () => {
  it("shifts what was copied: by object, towards it and away from it", async () => {
    const plain = await second(without);
    const more = await second(without, [everywhere(0.4), undefined]);
    const less = await second(without, [everywhere(-0.4), undefined]);
    expect(mass(more, 1)).toBeGreaterThan(mass(plain, 1));
    expect(mass(less, 1)).toBeLessThan(mass(plain, 1));
    for (const cells of [plain, more, less])
      for (let cell = 0; cell < CELLS; cell++)
        expect(cells[3 * cell] + cells[3 * cell + 1] + cells[3 * cell + 2]).toBeCloseTo(1, 4);
  });

  it("of nothing is no advice, to the bit", async () => {
    const plain = await second(without);
    expect(await second(without, [undefined, undefined])).toEqual(plain);
    expect(await second(without, [everywhere(0), everywhere(0)])).toEqual(plain);
  });

  it("is not taken in the frame after a cut", async () => {
    const other = { ...frames[1], data: frames[1].data.map((_, i) => (67 * (Math.floor(i / 15) % 17)) % 251) };
    const given = await encoded([frames[0], other]);
    const after = async (shift: number) => {
      const judged = await begun(given[0], without);
      const { cells, cut } = await judged.next(given[1], [everywhere(shift), undefined]);
      const out = { cells: [...cells], cut };
      await judged.close();
      return out;
    };
    const [none, some] = [await after(0), await after(0.5)];
    expect(none.cut).toBe(true);
    expect(some).toEqual(none);
  });

  it("about an object that was out of sight is not taken", async () => {
    const given = await encoded();
    const first = await begun(given[0], without);
    await first.next(given[1]);
    const state = structuredClone(first.state());
    await first.close();
    /** The third frame's cells, after one in which the red block was visible or not. */
    const after = async (visible: boolean, shift: number) => {
      const verdicts = state.watch.verdicts.map((verdict, i) => (i === 0 ? { ...verdict, visible } : verdict));
      const judged = await begun(given[0], without);
      const again = { time: 1, encoded: given[1], frameAt: async (index: number) => frames[index] };
      await judged.resume({ ...state, watch: { ...state.watch, verdicts } }, again);
      const { cells } = await judged.next(given[2], [everywhere(shift), undefined]);
      const out = [...cells];
      await judged.close();
      return out;
    };
    const plain = await after(true, 0);
    expect(await after(true, -0.5)).not.toEqual(plain);
    expect(await after(false, -0.5)).toEqual(await after(false, 0));
    expect(await after(false, 0)).toEqual(plain);
  });
});

/** Label of a cell. */
const strongest = (cells: Float32Array, cell: number): number =>
  [0, 1, 2].reduce((best, label) => (cells[3 * cell + label] > cells[3 * cell + best] ? label : best), 0);

describe("the target model", () => {
  it("is there when it is asked for, and its state too", async () => {
    const [first] = await encoded();
    for (const settings of [options, without]) {
      const judged = await begun(first, settings);
      expect(judged.state().target !== null).toBe(settings === options);
      await judged.close();
    }
  });

  it("appends nothing beside the columns of points: memory is as large as without", async () => {
    const [first] = await encoded();
    const bytes: (number | undefined)[] = [];
    const open = vi.spyOn(Matcher, "open");
    const withPoint = { ...options, columns: LABELS + 1 };
    for (const settings of [options, withPoint, without]) {
      const judged = await JudgedMatcher.begin(settings, first, () => new Float32Array(CELLS * settings.columns));
      bytes.push(open.mock.lastCall?.[0].channels);
      await judged.close();
    }
    expect(bytes).toEqual([4 + LABELS, 4, 4]);
  });

  it("appends nothing to features whose length counts", async () => {
    const given = await encoded();
    const long = given.map(({ features, ...rest }) => ({
      ...rest,
      features: { ...features, data: features.data.map((value) => 30 * value) },
    }));
    const protocol = resolveProtocol("mast", { target: "model" });
    const found = async (settings: JudgedMatcherOptions) => {
      const judged = await begun(long[0], settings);
      const { cells } = await judged.next(long[1]);
      const out = cells.slice();
      await judged.close();
      return out;
    };
    const [modelled, plain] = [await found({ ...options, protocol }), await found({ ...without, protocol })];
    // The model shifts a few weights, but does not make all candidates alike.
    let same = 0;
    for (let cell = 0; cell < CELLS; cell++) same += Number(strongest(modelled, cell) === strongest(plain, cell));
    expect(same / CELLS).toBeGreaterThan(0.95);
  });
});

const failing = () => {
  throw new Error("no labels");
};

describe("an error", () => {
  it("while it begins leaves no matcher open", async () => {
    const [first] = await encoded();
    const closed = vi.spyOn(Matcher.prototype, "close");
    await expect(JudgedMatcher.begin(options, first, failing)).rejects.toThrow("no labels");
    expect(closed).toHaveBeenCalledOnce();
  });

  it("of a frame of another size is the user's, with a target model too", async () => {
    const part = { ...frames[1], width: 30, height: 22, data: frames[1].data.slice(0, 30 * 22 * 3) };
    const given = [...(await encoded([frames[0]])), ...(await encoded([part]))];
    for (const [from, to] of [given, given.toReversed()]) {
      const judged = await JudgedMatcher.begin(options, from, (matcher) => matcher.encode(emptyMask(from.frame), IDS));
      await expect(judged.next(to)).rejects.toMatchObject({ code: "tracking/frame-size" });
      await judged.close();
    }
  });
});
