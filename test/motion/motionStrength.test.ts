import { describe, expect, it } from "vitest";
import { motionImage } from "../../src/motion/motionImage.ts";
import { motionStrength } from "../../src/motion/motionStrength.ts";

const all = (count: number): Uint8Array => new Uint8Array(count).fill(1);

/** 20 × 10 cells of `noise`, with a block of 2 × 2 of `value` at (4, 3). */
function field(noise: number, value: number): Float32Array {
  const block = new Set([3 * 20 + 4, 3 * 20 + 5, 4 * 20 + 4, 4 * 20 + 5]);
  return Float32Array.from({ length: 200 }, (_, c) => (block.has(c) ? value : noise));
}

describe("strength", () => {
  it("the floor is the least one, or k medians", () => {
    expect(motionStrength(field(0.05, 0), all(200), 20, { least: 0.3 }).floor).toBeCloseTo(0.3);
    expect(motionStrength(field(0.2, 0), all(200), 20, { least: 0.3 }).floor).toBeCloseTo(0.6);
    expect(motionStrength(field(0.2, 0), all(200), 20, { least: 0.3, factor: 5 }).floor).toBeCloseTo(1);
  });

  it("below the floor all is zero", () => {
    const { strength } = motionStrength(field(0.1, 0.29), all(200), 20, { least: 0.3 });
    expect(strength.every((value) => value === 0)).toBe(true);
  });

  it("a mover of 2 % of the cells is at full strength, the rest at zero", () => {
    const { strength } = motionStrength(field(0.05, 3), all(200), 20, { least: 0.3 });
    expect([...strength].filter((value) => value > 0)).toEqual([1, 1, 1, 1]);
    expect(strength[3 * 20 + 4]).toBe(1);
  });

  it("barely above the floor is weak: (0.45 - 0.3) / (0.6 - 0.3)", () => {
    const { strength } = motionStrength(field(0.05, 0.45), all(200), 20, { least: 0.3 });
    expect(strength[3 * 20 + 4]).toBeCloseTo(0.5);
  });

  it("two cells are no region, and cells that are not valid do not count", () => {
    const two = field(0.05, 0);
    two[30] = 5;
    two[31] = 5;
    expect(Math.max(...motionStrength(two, all(200), 20, { least: 0.3 }).strength)).toBe(0);
    const valid = all(200).fill(0, 60, 80);
    expect(Math.max(...motionStrength(field(0.05, 3), valid, 20, { least: 0.3 }).strength)).toBe(0);
  });

  it("a region does not go around the edge of the picture", () => {
    const edges = new Float32Array(200);
    for (const c of [19, 20, 39]) edges[c] = 5;
    expect(Math.max(...motionStrength(edges, all(200), 20, { least: 0.3 }).strength)).toBe(0);
  });

  it.each([
    [1.9, 0],
    [2.1, 1],
  ])("evidence of %d to 1 gives %d at a ratio of 2", (pro, expected) => {
    const evidence = { pro: new Float32Array(200).fill(pro), contra: new Float32Array(200).fill(1), ratio: 2 };
    const { strength } = motionStrength(field(0.05, 3), all(200), 20, { least: 0.3, evidence });
    expect(Math.max(...strength)).toBe(expected);
  });

  it("nothing known: zero", () => {
    const { strength } = motionStrength(field(1, 9), new Uint8Array(200), 20, { least: 0.3 });
    expect(strength.every((value) => value === 0)).toBe(true);
  });
});

describe("motion image", () => {
  const map = {
    width: 2,
    height: 1,
    strength: Float32Array.of(0.5, 1),
    flow: Float32Array.of(3, 0, 4, 0),
    kind: "motion" as const,
  };

  it("field: strength and direction", () => {
    const image = motionImage(map, "field", 2, 1);
    [0.5, 1, 0.3, 0, 0.4, 0].forEach((value, i) => expect(image[i]).toBeCloseTo(value, 6));
  });

  it("magnitude: three times the strength", () => {
    expect([...motionImage(map, "magnitude", 2, 1)]).toEqual([0.5, 1, 0.5, 1, 0.5, 1]);
  });

  it("is resized bilinearly with half-pixel centres", () => {
    expect(motionImage(map, "magnitude", 4, 2).slice(0, 4)).toEqual(Float32Array.of(0.5, 0.625, 0.875, 1));
    expect(motionImage(map, "field", 4, 2).length).toBe(3 * 8);
  });
});
