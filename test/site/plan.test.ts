/** Passages, their order, the draw of the verdict and the cover of tuning, on clips without pictures. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverTuning, drawVerdict } from "../../src/site/plan/choose.ts";
import { type ClipLook, DESCRIPTOR } from "../../src/site/plan/look.ts";
import { drawnOrder, type Passage, passagesOf, seedOf } from "../../src/site/plan/passages.ts";
import { EMPTY_SPLIT, plannedFrames, withOrder } from "../../src/site/plan/planFile.ts";
import { LEAST_PASSAGES, planSize, PRIOR_SPREAD, reachOf } from "../../src/site/plan/size.ts";

const clip = (key: string, frames: number, camera = "a") => ({
  key,
  camera,
  path: `/x/${key}`,
  frames,
  width: 64,
  height: 48,
  seconds: frames / 25,
});
const many = (count: number, camera: string): Passage[] =>
  Array.from({ length: count }, (_, i) => passagesOf(clip(`${camera}${i}`, 20, camera), [], 50)).flat();

/** Frames 0–9 look alike, 10–19 alike and otherwise. */
const look = (key: string): [string, ClipLook] => {
  const described = Array.from({ length: 20 }, (_, i) => i);
  const descriptors = Buffer.concat(described.map((i) => new Uint8Array(DESCRIPTOR).fill(i < 10 ? 20 : 200)));
  return [key, { format: 1, frames: 20, cuts: [], described, descriptors: descriptors.toString("base64") }];
};

describe("passages", () => {
  it("end at cuts and are no longer than wanted, all about equally long", () => {
    const found = passagesOf(clip("c", 250), [100], 50).map(({ start, end }) => [start, end]);
    expect(found).toEqual([
      [0, 50],
      [50, 100],
      [100, 150],
      [150, 200],
      [200, 250],
    ]);
  });

  it("a clip that is a little longer stays whole; one of two frames is none", () => {
    expect(passagesOf(clip("c", 70), [], 50)).toMatchObject([{ key: "c@00000", start: 0, end: 70 }]);
    expect(passagesOf(clip("c", 2), [], 50)).toEqual([]);
    expect(passagesOf(clip("c", 20), [1, 2, 18], 50).map(({ start }) => start)).toEqual([2]);
  });

  it("never overlap, whatever the cuts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 2, max: 90 }),
        fc.array(fc.integer({ min: 1, max: 399 })),
        (frames, most, cuts) => {
          const sorted = [...new Set(cuts)].filter((cut) => cut < frames).sort((a, b) => a - b);
          const found = passagesOf(clip("c", frames), sorted, most);
          found.forEach(({ start, end }, i) => {
            expect(start).toBeGreaterThanOrEqual(i === 0 ? 0 : found[i - 1].end);
            expect(end - start).toBeLessThan(Math.max(4, 1.5 * most + 1));
            expect(sorted.some((cut) => cut > start && cut < end)).toBe(false);
          });
        },
      ),
    );
  });
});

describe("the order", () => {
  const all = [...many(30, "a"), ...many(10, "b")];

  it("is the same from the same seed, another from another", () => {
    const keys = (seed: number): string[] => drawnOrder(all, seed).map(({ key }) => key);
    expect(keys(1)).toEqual(keys(1));
    expect(keys(1)).not.toEqual(keys(2));
    expect(keys(1).toSorted()).toEqual(all.map(({ key }) => key).toSorted());
  });

  it("gives each camera its share at any length", () => {
    const drawn = drawnOrder(all, 5);
    for (const count of [4, 8, 12, 20, 36]) {
      const own = drawn.slice(0, count).filter(({ camera }) => camera === "b").length;
      expect(Math.abs(own - count / 4)).toBeLessThanOrEqual(1);
    }
  });

  it("within a camera, passages of before keep their order when footage is added", () => {
    const before = drawnOrder(many(10, "a"), 1).map(({ key }) => key);
    const after = drawnOrder(many(30, "a"), 1).map(({ key }) => key);
    expect(after.filter((key) => before.includes(key))).toEqual(before);
  });

  it("each passage is first about equally often", () => {
    const firsts = Array.from({ length: 900 }, (_, seed) => drawnOrder(many(3, "a"), seed)[0].key);
    for (const key of new Set(firsts)) {
      const count = firsts.filter((one) => one === key).length;
      expect(count).toBeGreaterThan(240);
      expect(count).toBeLessThan(360);
    }
    expect(seedOf(1, "a")).not.toBe(seedOf(1, "b"));
  });
});

describe("the verdict frames", () => {
  const ordered = drawnOrder(many(6, "a"), 1);
  const draw = (split = EMPTY_SPLIT, passages = 4, perPassage = 2) =>
    drawVerdict(split, ordered, { passages, perPassage }, 1);

  it("are drawn for the first passages, any frame but the first", () => {
    const { passages } = draw();
    expect(passages.map(({ key }) => key)).toEqual(ordered.slice(0, 4).map(({ key }) => key));
    for (const { start, end, verdict } of passages) {
      expect(verdict).toHaveLength(2);
      expect(new Set(verdict).size).toBe(2);
      expect(verdict.every((frame) => frame > start && frame < end)).toBe(true);
    }
  });

  it("are never exchanged: a larger plan has all of a smaller one's", () => {
    const small = draw();
    const large = draw(small, 6, 5);
    expect(large.passages).toHaveLength(6);
    small.passages.forEach(({ key, verdict }, i) => {
      expect(large.passages[i].key).toBe(key);
      expect(large.passages[i].verdict).toEqual(expect.arrayContaining([...verdict]));
    });
    expect(draw(large, 2, 1)).toEqual(large);
  });

  it("of a passage that overlaps another plan's none are drawn", () => {
    const other = passagesOf(clip(ordered[0].clip, 20, "a"), [10], 50);
    const { passages } = drawVerdict(draw(EMPTY_SPLIT, 1), other, { passages: 5, perPassage: 1 }, 1);
    expect(passages).toHaveLength(1);
  });

  it("every frame but the first is drawn about equally often", () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 1900; seed++) {
      const [{ verdict }] = drawVerdict(EMPTY_SPLIT, ordered, { passages: 1, perPassage: 1 }, seed).passages;
      counts.set(verdict[0], (counts.get(verdict[0]) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
  });

  it("more frames than a passage has are all of them", () => {
    expect(draw(EMPTY_SPLIT, 1, 99).passages[0].verdict).toHaveLength(19);
  });
});

describe("the frames for tuning", () => {
  const split = drawVerdict(EMPTY_SPLIT, many(2, "a"), { passages: 2, perPassage: 3 }, 1);
  const looks = new Map(split.passages.map(({ clip: key }) => look(key)));

  it("cover what there is: one of each look, of different passages", () => {
    const { passages } = coverTuning(split, looks, 2, 1);
    const frames = passages.map(({ tuning }) => tuning);
    expect(frames.map(({ length }) => length)).toEqual([1, 1]);
    expect(frames.flat().filter((frame) => frame < 10)).toHaveLength(1);
  });

  it("are never those of the verdict or the first, and stay", () => {
    const one = coverTuning(split, looks, 2, 1);
    const more = coverTuning(one, looks, 40, 1);
    more.passages.forEach(({ start, verdict, tuning }, i) => {
      expect(tuning).toEqual(expect.arrayContaining([...one.passages[i].tuning]));
      expect(tuning.some((frame) => frame === start || verdict.includes(frame))).toBe(false);
      expect(new Set(tuning).size).toBe(tuning.length);
    });
    expect(coverTuning(one, looks, 1, 1)).toEqual(one);
  });

  it("of clips that are gone there are none", () => {
    expect(coverTuning(split, new Map(), 5, 1)).toEqual(split);
  });

  it("a plan that grows appends: what was to be labelled first stays first", () => {
    const small = withOrder(coverTuning(split, looks, 2, 1));
    const grown = withOrder(drawVerdict(small, many(4, "a"), { passages: 4, perPassage: 5 }, 1));
    expect(grown.order.slice(0, small.order.length)).toEqual(small.order);
    const added = plannedFrames(grown).slice(small.order.length);
    expect(added.map(({ role }) => role)).toEqual([
      ...Array<string>(4).fill("verdict"),
      "start",
      ...Array<string>(5).fill("verdict"),
      "start",
      ...Array<string>(5).fill("verdict"),
    ]);
    expect(withOrder(grown)).toEqual(grown);
  });

  it("come after all that the verdict needs", () => {
    const roles = plannedFrames(withOrder(coverTuning(split, looks, 2, 1))).map(({ role }) => role);
    const half = ["start", "verdict", "verdict", "verdict"];
    expect(roles).toEqual([...half, ...half, "tuning", "tuning"]);
  });
});

describe("the size", () => {
  it("is the cheapest that reaches what is wanted", () => {
    const size = planSize(PRIOR_SPREAD, 0.03, 1000);
    expect(size).toMatchObject({ passages: 107, perPassage: 1 });
    expect(size.reach).toBeLessThanOrEqual(0.03);
    expect(reachOf(PRIOR_SPREAD, 106, 1)).toBeGreaterThan(0.03);
  });

  it("where frames differ more than clips, more of each clip are cheaper", () => {
    expect(planSize({ between: 0.02, within: 0.3 }, 0.05, 1000).perPassage).toBeGreaterThan(2);
  });

  it("is at least what any verdict needs, and at most what there is", () => {
    expect(planSize(PRIOR_SPREAD, 0.4, 1000).passages).toBe(LEAST_PASSAGES);
    const few = planSize(PRIOR_SPREAD, 0.03, 8);
    expect(few.passages).toBe(8);
    expect(few.reach).toBeGreaterThan(0.03);
    expect(few.reach).toBeLessThan(1.05 * reachOf(PRIOR_SPREAD, 8, 5) + 1e-9);
    expect(planSize(PRIOR_SPREAD, 0.03, 1)).toMatchObject({ passages: 1, reach: 1 });
  });
});
