/** What a site learns from, what is set aside, and how what was learned is judged. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { Check, CheckedClip, CheckedReading } from "../../src/footage/checkFile.ts";
import { bestCandidate, judge, trialGains, type TrialScore } from "../../src/site/adapt/judge.ts";
import { chooseMaterial, rangesOf, refusedByCheck, replayed, type Stretch } from "../../src/site/adapt/material.ts";
import type { SiteClip } from "../../src/site/siteFile.ts";

const clip = (i: number, frames: number, camera = "a"): SiteClip => ({
  key: `clip-${i}`,
  camera,
  path: `/footage/${camera}/clip-${i}.mp4`,
  frames,
  width: 320,
  height: 240,
  seconds: frames / 25,
});
const clips = (count: number, frames: number): SiteClip[] =>
  Array.from({ length: count }, (_, i) => clip(i, frames, i % 2 === 0 ? "a" : "b"));

const overlaps = (a: Stretch, b: Stretch): boolean => a.path === b.path && a.start < b.end && b.start < a.end;

describe("material", () => {
  it.each([
    [1, 400],
    [1, 80],
    [2, 60],
    [5, 55],
    [7, 1000],
    [8, 12],
    [12, 32],
    [60, 200],
  ])("%i clips of %i frames: nothing that is learned from is judged by", (count, frames) => {
    const { learn, aside } = chooseMaterial(clips(count, frames), 3);
    expect(aside.length).toBeGreaterThanOrEqual(4);
    expect(aside.length).toBeLessThanOrEqual(8);
    for (const stretch of aside) {
      expect(stretch.end - stretch.start).toBeGreaterThanOrEqual(10);
      expect(stretch.end - stretch.start).toBeLessThanOrEqual(24);
      expect(stretch.end).toBeLessThanOrEqual(frames);
      expect(learn.filter((one) => overlaps(one, stretch))).toEqual([]);
      expect(aside.filter((one) => overlaps(one, stretch))).toEqual([stretch]);
    }
    const learned = learn.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(learned).toBeGreaterThanOrEqual(0.4 * count * frames);
  });

  it("of many clips whole ones are set aside, of every camera, and which depends on the seed alone", () => {
    const all = clips(20, 100);
    const { aside } = chooseMaterial(all, 1);
    expect(chooseMaterial(all, 1).aside).toEqual(aside);
    expect(chooseMaterial(all, 2).aside).not.toEqual(aside);
    expect(new Set(aside.map(({ path }) => path.split("/")[2]))).toEqual(new Set(["a", "b"]));
  });

  it.each([
    [1, 30],
    [3, 6],
    [12, 8],
  ])("%i clips of %i frames are too little", (count, frames) => {
    expect(() => chooseMaterial(clips(count, frames), 1)).toThrow(
      expect.objectContaining({ code: "site/too-little" }) as Error,
    );
  });

  it("ranges are by path", () => {
    expect(rangesOf([{ clip: "c", path: "/c", start: 3, end: 9 }])).toEqual({ "/c": { start: 3, end: 9 } });
  });

  it("other clips are replayed for about their share, spread over them", () => {
    const learn = [{ clip: "c", path: "/c", start: 0, end: 700 }];
    const others = Array.from({ length: 5 }, (_, i) => ({ path: `/old-${i}`, frames: 500 }));
    const used = replayed(learn, others, { share: 0.3, most: 2000 });
    expect(used).toHaveLength(5);
    expect(used.reduce((sum, { end }) => sum + end, 0)).toBe(300);
    expect(replayed(learn, [], { share: 0.3, most: 2000 })).toEqual([]);
    const few = replayed([{ ...learn[0], end: 70 }], others, { share: 0.3, most: 2000 });
    expect(few).toEqual([{ clip: "/old-0", path: "/old-0", start: 0, end: 30 }]);
    expect(replayed(learn, [{ path: "/x", frames: 20 }], { share: 0.5, most: 2000 })[0].end).toBe(20);
  });
});

const reading = (verdict: "good" | "poor", said: string) => ({ verdict, said }) as CheckedReading;
const checked = (path: string, verdict: CheckedClip["verdict"], ...readings: CheckedReading[]): CheckedClip => ({
  path,
  width: 1,
  height: 1,
  frames: 1,
  seconds: 1,
  verdict,
  readings,
});

it("what the check refused is left out with its reason; what it has not seen, and what is usable, is kept", () => {
  const [a, b, c, d] = clips(4, 100);
  const check = {
    clips: [
      checked(a.path, "poor", reading("good", "sharp"), reading("poor", "noise 30 of 255")),
      checked(b.path, "usable"),
      { path: c.path, verdict: "unreadable", error: { code: "video/unreadable", message: "no video" } },
    ],
  } as unknown as Check;
  const { kept, leftOut } = refusedByCheck([a, b, c, d], check);
  expect(kept).toEqual([b, d]);
  expect(leftOut).toEqual([
    { clip: "clip-0", why: "noise 30 of 255" },
    { clip: "clip-2", why: "no video" },
  ]);
  expect(refusedByCheck([a], null)).toEqual({ kept: [a], leftOut: [] });
});

/** Two trials on each stretch. */
const scores = (made: readonly number[], cycle: readonly number[]): TrialScore[] =>
  made.flatMap((score, stretch) => [
    { stretch, kind: "made" as const, score },
    { stretch, kind: "cycle" as const, score: cycle[stretch] },
  ]);

describe("judging", () => {
  const before = scores([0.5, 0.6, 0.7, 0.8], [0.8, 0.7, 0.9, 0.6]);
  const shifted = (made: readonly number[], cycle: readonly number[]) =>
    before.map((one) => ({ ...one, score: one.score + (one.kind === "made" ? made : cycle)[one.stretch] }));
  const even = [0.02, 0.03, 0.02, 0.03];

  it("gains are paired by trial and gathered by stretch; what one has not been put to does not count", () => {
    const after = shifted(even, [0, 0, 0, 0]).slice(0, 4);
    const gains = trialGains(before, after);
    expect(gains.map((own) => own.map((gain) => Number(gain.toFixed(6))))).toEqual([
      [0.02, 0],
      [0.03, 0],
    ]);
    const lost = [{ ...before[0], score: Number.NaN }, ...before.slice(1)];
    expect(trialGains(lost, after).flat()).toHaveLength(3);
  });

  it("a gain that all stretches share is accepted, with its numbers", () => {
    const { accepted, reason, scores: numbers } = judge({ before, after: shifted(even, even), tuning: [] });
    expect(accepted).toBe(true);
    expect(reason).toMatch(
      /^better by \+2\.5 points without labels, at least \+1\.\d .*; there are no tuning labels$/u,
    );
    expect(numbers).toMatchObject({ trials: 8, stretches: 4 });
    expect(numbers["gain"]).toBeCloseTo(0.025, 9);
    expect(numbers).not.toHaveProperty("tuningGain");
  });

  it.each([
    ["worse", even.map((gain) => -gain), even.map((gain) => -gain), /^not better: −2\.5 points/u],
    ["the same", [0, 0, 0, 0], [0, 0, 0, 0], /^not better: \+0\.0 points/u],
    ["better in the mean, by luck", [0.2, -0.1, 0.1, -0.1], [0.1, 0, 0, 0], /^not better by more than noise/u],
    [
      "better in one measure, worse in the other",
      even.map((gain) => 3 * gain),
      even.map(() => -0.01),
      /^one of the two/u,
    ],
  ])("%s: refused", (_, made, cycle, says) => {
    const judgement = judge({ before, after: shifted(made, cycle), tuning: [] });
    expect(judgement).toMatchObject({ accepted: false, reason: expect.stringMatching(says) });
  });

  it("one stretch alone proves nothing", () => {
    const after = shifted(even, even).slice(0, 2);
    expect(judge({ before, after, tuning: [] })).toMatchObject({ accepted: false });
  });

  it("tuning labels that get worse refuse what trials would accept; those that do not, do not", () => {
    const after = shifted(even, even);
    const worse = judge({ before, after, tuning: [[-0.05, -0.02], [-0.04], [0.01]] });
    expect(worse).toMatchObject({ accepted: false, scores: { tuningFrames: 4 } });
    expect(worse.reason).toMatch(/^worse on the tuning labels: −2\.5 points in 4 frames$/u);
    const better = judge({ before, after, tuning: [[0.05], [-0.01], [0.03]] });
    expect(better.reason).toMatch(/; \+2\.3 on 3 tuning labels$/u);
    expect(judge({ before, after, tuning: [[0], [0]] }).accepted).toBe(true);
  });

  it("noise without any gain is accepted in no more than one of twenty", () => {
    const random = new Random(4);
    let accepted = 0;
    for (let site = 0; site < 400; site++) {
      const noise = (): number[] => Array.from({ length: 4 }, () => 0.03 * random.normal());
      if (judge({ before, after: shifted(noise(), noise()), tuning: [] }).accepted) accepted++;
    }
    expect(accepted).toBeLessThanOrEqual(28);
  });

  it("the candidate with the highest mean is chosen, the first of equals; nothing to score counts for none", () => {
    const candidates = [
      { share: 1, scores: scores([0.5, 0.5], [0.5, 0.5]) },
      { share: 0.5, scores: scores([0.6, Number.NaN], [0.5, 0.5]) },
      { share: 0.25, scores: scores([0.5, 0.5], [0.5, 0.5]) },
    ];
    expect(bestCandidate(candidates).share).toBe(0.5);
    expect(bestCandidate([candidates[0], candidates[2]]).share).toBe(1);
  });
});
