/** @file Cases worked out by hand from the definitions. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALPHAS } from "../../../src/metrics/mot/hota.ts";
import { motScore, motSums } from "../../../src/metrics/mot/score.ts";
import type { MotFrame, MotSequence } from "../../../src/metrics/mot/sequence.ts";

const frame = (truth: number[], tracks: number[], similarity: number[]): MotFrame => ({
  truth,
  tracks,
  similarity: Float64Array.from(similarity),
});

function scored(...frames: MotFrame[]) {
  return motScore([motSums(sequence(...frames))]);
}

function sequence(...frames: MotFrame[]): MotSequence {
  const count = (of: (one: MotFrame) => readonly number[]): number => Math.max(-1, ...frames.flatMap(of)) + 1;
  return { truthCount: count(({ truth }) => truth), trackCount: count(({ tracks }) => tracks), frames };
}

describe("scores of several tracked things", () => {
  it("are 1 where tracks are the truth", () => {
    const both = frame([0, 1], [0, 1], [1, 0, 0, 1]);
    const { hota, clear, identity, count } = scored(both, both, both);
    expect(hota).toMatchObject({ hota: 1, detA: 1, assA: 1, locA: 1 });
    expect(clear).toMatchObject({ mota: 1, motp: 1, idSwitches: 0, fragments: 0, mostlyTracked: 2 });
    expect(identity).toMatchObject({ idf1: 1, idp: 1, idr: 1 });
    expect(count).toEqual({ things: 2, tracks: 2, frames: 3, differences: 0, error: 0, perFrame: 0 });
  });

  // One thing in four frames, found by track 0 in two and by track 1 in two.
  it("an identity that changes halfway: A(c) = 2 / 4, half of the frames agree, one switch", () => {
    const { hota, clear, identity, count } = scored(
      frame([0], [0], [1]),
      frame([0], [0], [1]),
      frame([0], [1], [1]),
      frame([0], [1], [1]),
    );
    expect(hota.detA).toBeCloseTo(1, 12);
    expect(hota.assA).toBeCloseTo(0.5, 12);
    expect(hota.assRe).toBeCloseTo(0.5, 12);
    expect(hota.assPr).toBeCloseTo(1, 12);
    expect(hota.hota).toBeCloseTo(Math.sqrt(0.5), 12);
    expect(clear.idSwitches).toBe(1);
    expect(clear.mota).toBeCloseTo(3 / 4, 12);
    expect(identity.idf1).toBeCloseTo(0.5, 12);
    expect(count.error).toBe(1);
  });

  it("overlap of 0.5 counts at α from 0.05 to 0.5: ten of nineteen", () => {
    const { hota, clear, identity } = scored(frame([0], [0], [0.5]));
    expect(hota.hota).toBeCloseTo(10 / 19, 12);
    expect(hota.perAlpha.detA[9]).toBe(1);
    expect(hota.perAlpha.detA[10]).toBe(0);
    // Nothing found counts as an overlap of 1.
    expect(hota.locA).toBeCloseTo((10 * 0.5 + 9) / 19, 12);
    expect(clear).toMatchObject({ found: 1, motp: 0.5, mota: 1 });
    expect(identity.idf1).toBe(1);
  });

  it("one found, one missed, one wrong", () => {
    const { hota, clear, identity } = scored(frame([0, 1], [0, 1], [0.9, 0, 0, 0.2]));
    // At α ≤ 0.2 both are found (4 of 19), up to 0.9 one of three (14 of 19), then none.
    expect(hota.detA).toBeCloseTo((4 * 1 + 14 / 3) / 19, 12);
    expect(clear).toMatchObject({ found: 1, missed: 1, wrong: 1, mota: 0, mostlyTracked: 1, mostlyLost: 1 });
    expect(clear.motp).toBeCloseTo(0.9, 12);
    expect(identity).toMatchObject({ found: 1, missed: 1, wrong: 1, idf1: 0.5 });
  });

  it("a thing lost and found again is a fragment, found by another track also a switch", () => {
    const lost = frame([0], [1], [0]);
    const again = scored(frame([0], [0], [1]), lost, frame([0], [0], [1]));
    expect(again.clear).toMatchObject({ fragments: 1, idSwitches: 0, found: 2, missed: 1, wrong: 1 });
    const other = scored(frame([0], [0], [1]), lost, frame([0], [1], [1]));
    expect(other.clear).toMatchObject({ fragments: 1, idSwitches: 1 });
  });

  it("keeps a thing with its track though another one overlaps more", () => {
    const { clear } = scored(frame([0], [0], [1]), frame([0], [0, 1], [0.6, 0.9]));
    expect(clear).toMatchObject({ idSwitches: 0, found: 2, wrong: 1 });
    expect(clear.overlap).toBeCloseTo(1.6, 12);
  });

  it("one thing found in 1 of 5 frames is partly tracked, in 4 of 5 too", () => {
    const seen = frame([0], [0], [1]);
    const unseen = frame([0], [], []);
    expect(scored(seen, unseen, unseen, unseen, unseen).clear).toMatchObject({ partlyTracked: 1, mostlyLost: 0 });
    expect(scored(seen, seen, seen, seen, unseen).clear).toMatchObject({ partlyTracked: 1, mostlyTracked: 0 });
  });

  it("equal overlaps are paired in order, and the identity of most frames counts", () => {
    const tie = frame([0, 1], [0, 1], [0.5, 0.5, 0.5, 0.5]);
    const { hota, identity } = scored(tie, tie);
    expect(hota.assA).toBeCloseTo(10 / 19, 12);
    expect(identity).toMatchObject({ found: 4, idf1: 1 });
  });

  it("no tracks: all is missed", () => {
    const { hota, clear, identity, count } = scored(frame([0, 1], [], []), frame([0], [], []));
    expect(hota).toMatchObject({ hota: 0, detA: 0, assA: 0, locA: 1 });
    expect(clear).toMatchObject({ mota: 0, motp: 0, missed: 3, mostlyLost: 2 });
    expect(identity).toMatchObject({ idf1: 0, missed: 3 });
    expect(count).toMatchObject({ error: -2, perFrame: 1.5 });
  });

  it("no truth: all is wrong", () => {
    const { hota, clear, identity, count } = scored(frame([], [0, 1], []));
    expect(hota).toMatchObject({ hota: 0, locA: 1 });
    expect(clear).toMatchObject({ wrong: 2, mota: -2, precision: 0 });
    expect(identity).toMatchObject({ wrong: 2, idf1: 0 });
    expect(count.error).toBe(2);
  });

  it("neither: nothing to divide by", () => {
    expect(scored().clear).toMatchObject({ mota: 0, motp: 0 });
    expect(scored().hota).toMatchObject({ hota: 0, locA: 1 });
    expect(scored().count.perFrame).toBe(0);
  });

  it("clips together weigh what is found, and count errors do not cancel", () => {
    const good = motSums(sequence(...Array.from({ length: 3 }, () => frame([0], [0], [1]))));
    const missed = motSums(sequence(frame([0], [], [])));
    const more = motSums(sequence(frame([0], [0, 1], [1, 0])));
    const { hota, clear, count } = motScore([good, missed, more]);
    expect(hota.detA).toBeCloseTo(4 / 6, 12);
    expect(clear.mota).toBeCloseTo((4 - 1) / 5, 12);
    expect(count.error).toBe(2);
  });

  it("do not depend on the order of things or tracks, where no overlaps are equal", () => {
    const overlap = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(overlap, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        (clip) => {
          const plain = clip.map((values) => frame([0, 1], [0, 1, 2], values));
          const turned = clip.map(([a, b, c, d, e, f]) => frame([1, 0], [2, 0, 1], [f, d, e, c, a, b]));
          const [one, other] = [scored(...plain), scored(...turned)];
          fc.pre(new Set(clip.flat()).size === clip.flat().length);
          expect(other.hota.hota).toBeCloseTo(one.hota.hota, 9);
          expect(other.clear.mota).toBeCloseTo(one.clear.mota, 9);
          expect(other.identity.idf1).toBeCloseTo(one.identity.idf1, 9);
        },
      ),
    );
  });

  it("ALPHAS are NumPy's", () => expect(ALPHAS[2]).toBe(0.150_000_000_000_000_02));
});
