/** @file Whether sites agree: exact cases by hand. */
import { describe, expect, it } from "vitest";
import { agreement } from "../../src/federation/agreement.ts";
import type { SiteScores } from "../../src/federation/messages.ts";

const trial = (score: number, stretch: number) => ({ stretch, kind: "made" as const, score });

/** A site whose trials, one a stretch, gained so much. */
function site(name: string, ...gains: readonly number[]): SiteScores & { readonly site: string } {
  return {
    site: name,
    before: gains.map((_, i) => trial(0.5, i)),
    after: gains.map((gain, i) => trial(0.5 + gain, i)),
  };
}

describe("the sites", () => {
  it.each([
    ["all gain", [site("a", 0.02, 0.04), site("b", 0.01)], true, /^better: \+2\.0 points .* better at 2 of 2 sites$/u],
    ["two of three gain, and all on average", [site("a", 0.05), site("b", 0.05), site("c", -0.01)], true, /2 of 3/u],
    [
      "two of three gain, but less than the third loses",
      [site("a", 0.01), site("b", 0.01), site("c", -0.1)],
      false,
      /^not better: −2\.7/u,
    ],
    [
      "one gains much, two lose little",
      [site("a", 0.4), site("b", -0.01), site("c", -0.01)],
      false,
      /^the sites do not agree: /u,
    ],
    ["half of them gain", [site("a", 0.4), site("b", -0.01)], false, /^the sites do not agree: /u],
    ["nothing changes", [site("a", 0, 0), site("b", 0)], false, /^not better/u],
    ["one site only", [site("a", 0.01, 0.02)], true, /better at 1 of 1 site$/u],
  ])("when %s", (_, sites, kept, reason) => {
    expect(agreement(sites)).toMatchObject({ kept, reason: expect.stringMatching(reason) });
  });

  it("have one vote each, however many trials they send", () => {
    const many = site("big", ...Array.from({ length: 8 }, () => 0.3));
    expect(agreement([many, site("b", -0.01), site("c", -0.02)]).kept).toBe(false);
  });

  it("that could compare nothing have none, and without any there is no decision for the new", () => {
    const mute = site("mute");
    expect(agreement([site("a", 0.01), mute])).toMatchObject({
      kept: true,
      gains: [
        { site: "a", gain: expect.closeTo(0.01, 9) },
        { site: "mute", gain: null },
      ],
    });
    expect(agreement([mute])).toMatchObject({ kept: false, reason: "no site could compare" });
  });

  it("are compared in the trials that both weights were put to", () => {
    const { before, after } = site("a", 0.1, -0.2);
    expect(agreement([{ site: "a", before: before.slice(0, 1), after }]).gains[0].gain).toBeCloseTo(0.1, 9);
  });
});
