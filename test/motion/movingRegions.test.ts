import { describe, expect, it } from "vitest";
import { movingRegions } from "../../src/motion/movingRegions.ts";
import type { MotionMap } from "../../src/motion/motionMap.ts";

/** A map of signs: `#` moves, anything else does not. */
export function mapOf(rows: readonly string[], flow: readonly [number, number] = [6, 0]): MotionMap {
  const [width, height] = [rows[0].length, rows.length];
  const strength = Float32Array.from(rows.join(""), (sign) => (sign === "#" ? 1 : sign === "+" ? 0.5 : 0));
  const flows = new Float32Array(2 * width * height);
  for (const [c, value] of strength.entries()) if (value > 0) [flows[c], flows[width * height + c]] = flow;
  return { width, height, strength, flow: flows, kind: "motion" };
}

describe("what moves in a frame", () => {
  it("connected cells, the strongest first, with their box and their way in cells", () => {
    const [large, small, ...none] = movingRegions(
      mapOf([
        "............",
        ".####.......",
        ".####.......",
        ".####....++.",
        ".........++.",
        ".........++.",
        "............",
      ]),
      6,
    );
    expect(none).toEqual([]);
    expect(large).toMatchObject({ left: 1, top: 1, right: 4, bottom: 3, strength: 12, flow: [1, 0], atEdge: 0 });
    expect(small).toMatchObject({ left: 9, top: 3, right: 10, bottom: 5, strength: 3 });
    expect(small.cells).toEqual([45, 46, 57, 58, 69, 70]);
  });

  it("gaps are closed, specks are left out", () => {
    const rows = ["............", ".##.##......", ".##.##....#.", ".##.##......", "............"];
    const regions = movingRegions(mapOf(rows), 6);
    expect(regions).toHaveLength(1);
    expect(regions[0].cells).toHaveLength(15);
    expect(regions[0].strength).toBe(12);
  });

  it("knows how much of it lies at the picture's edge", () => {
    const [region] = movingRegions(mapOf(["####....", "####....", "........", "........"]), 6);
    expect(region.atEdge).toBeCloseTo(5 / 12, 9);
  });

  it("nothing where nothing moves", () => {
    expect(movingRegions(mapOf(["......", "......", "......"]), 6)).toEqual([]);
  });
});
