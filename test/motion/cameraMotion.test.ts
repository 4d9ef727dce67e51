import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { fitCameraMotion, IDENTITY, mapPoint, type PlaneMap, type PointPairs } from "../../src/motion/cameraMotion.ts";

/** Points that follow the map but for `noise`; a share of them goes anywhere instead. */
function pairs(map: PlaneMap, count: number, outliers: number, noise = 0): PointPairs {
  const random = new Random(7);
  const x = Float64Array.from({ length: count }, () => random.uniform(0, 800));
  const y = Float64Array.from({ length: count }, () => random.uniform(0, 450));
  const ends = Array.from(x, (_, i) => {
    if (i < outliers * count) return [x[i] + random.uniform(-60, 60), y[i] + random.uniform(-60, 60)];
    const [tx, ty] = mapPoint(map, x[i], y[i]);
    return [tx + noise * random.normal(), ty + noise * random.normal()];
  });
  return {
    x,
    y,
    tx: Float64Array.from(ends, ([tx]) => tx),
    ty: Float64Array.from(ends, ([, ty]) => ty),
    weight: new Float64Array(count).fill(1),
  };
}

function worst(a: PlaneMap, b: PlaneMap): number {
  const corners = [[0, 0], [800, 0], [0, 450], [800, 450], [400, 225]]; // prettier-ignore
  return Math.max(
    ...corners.map(([x, y]) => {
      const [p, q] = [mapPoint(a, x, y), mapPoint(b, x, y)];
      return Math.hypot(p[0] - q[0], p[1] - q[1]);
    }),
  );
}

const affine: PlaneMap = [1.02, 0.03, -7, -0.025, 0.99, 12, 0, 0, 1];
const homography: PlaneMap = [1.03, 0.02, -9, -0.01, 1.01, 6, 6e-5, -4e-5, 1];

describe("camera motion", () => {
  it.each([0, 0.2, 0.45])("an affine motion with a share of %d outliers is found exactly", (outliers) => {
    const found = fitCameraMotion(pairs(affine, 1000, outliers), { tolerance: 1 });
    expect(worst(found.map, affine)).toBeLessThan(1e-3);
    expect(found.support).toBeCloseTo(1 - outliers, 1);
  });

  it.each([0, 0.2, 0.4])("a homography with a share of %d outliers", (outliers) => {
    const found = fitCameraMotion(pairs(homography, 1000, outliers), { tolerance: 1.5 });
    expect(found.model).toBe("homography");
    expect(worst(found.map, homography)).toBeLessThan(0.05);
  });

  it("an affine model is kept affine", () => {
    const found = fitCameraMotion(pairs(homography, 500, 0), { tolerance: 8, model: "affine" });
    expect(found.model).toBe("affine");
    expect(found.map.slice(6)).toEqual([0, 0, 1]);
  });

  it("noise below the tolerance averages out", () => {
    const found = fitCameraMotion(pairs(affine, 1500, 0.3, 0.3), { tolerance: 1 });
    expect(worst(found.map, affine)).toBeLessThan(0.15);
  });

  it("without common motion it is the identity", () => {
    const found = fitCameraMotion(pairs(affine, 800, 1), { tolerance: 1 });
    expect(found).toMatchObject({ model: "identity", map: IDENTITY });
  });

  it.each([0, 1, 2])("%i points are too few", (count) => {
    expect(fitCameraMotion(pairs(affine, count, 0), { tolerance: 1 }).model).toBe("identity");
  });

  it("points on one line do not give nonsense", () => {
    const line = pairs(IDENTITY, 50, 0);
    const flat = { ...line, y: new Float64Array(50).fill(3), ty: new Float64Array(50).fill(5) };
    const found = fitCameraMotion(flat, { tolerance: 1 });
    expect(found.map.every(Number.isFinite)).toBe(true);
  });

  it("equal input gives equal output", () => {
    const input = pairs(affine, 400, 0.4, 0.2);
    expect(fitCameraMotion(input, { tolerance: 1 })).toEqual(fitCameraMotion(input, { tolerance: 1 }));
  });
});
