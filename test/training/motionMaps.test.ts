/** @file The part of a motion map that a crop shows. */
import { expect, test } from "vitest";
import { cellMeans } from "../../src/method/cellDescriptors.ts";
import type { MotionMap } from "../../src/motion/motionEstimator.ts";
import { rectangleView } from "../../src/training/affineView.ts";
import { motionInView } from "../../src/training/motionMaps.ts";

/** A map of 10×5 cells of a frame of 40×20 pixels; the cells of column 5 and beyond move. */
const map: MotionMap = {
  width: 10,
  height: 5,
  strength: Float32Array.from({ length: 50 }, (_, i) => (i % 10 >= 5 ? 1 : 0)),
  flow: Float32Array.from({ length: 100 }, (_, i) => (i < 50 ? 6 : 2)),
  kind: "motion",
};
const frame = { width: 40, height: 20 };

test("a crop shows its part, and displacements are in its own pixels", () => {
  const view = rectangleView({ x: 24, y: 4, width: 8, height: 8, flip: false }, 16);
  const seen = motionInView(map, frame, view, 16);
  expect(seen.strength.every((v) => v === 1)).toBe(true);
  expect([seen.flow[0], seen.flow[256]]).toEqual([12, 4]);
  const still = motionInView(map, frame, rectangleView({ x: 2, y: 4, width: 8, height: 8, flip: false }, 16), 16);
  expect(still.strength.every((v) => v === 0)).toBe(true);
});

test("mirrored, the motion is mirrored too", () => {
  const view = rectangleView({ x: 16, y: 0, width: 20, height: 20, flip: true }, 20);
  const seen = motionInView(map, frame, view, 20);
  expect(seen.strength[0]).toBe(1);
  expect(seen.strength[19]).toBe(0);
  expect([seen.flow[0], seen.flow[400]]).toEqual([-6, 2]);
});

test("beyond the map's border its last cells are shown; nothing else than motion is shown at all", () => {
  const view = rectangleView({ x: 30, y: 10, width: 10, height: 10, flip: false }, 10);
  expect(motionInView(map, frame, view, 10).strength[99]).toBe(1);
  expect(motionInView({ ...map, kind: "cut" }, frame, view, 10).strength.every((v) => v === 0)).toBe(true);
});

test("means over cells", () => {
  const plane = Float32Array.of(1, 3, 0, 0, 1, 3, 0, 4, 0, 0, 8, 8, 0, 0, 8, 8);
  expect([...cellMeans(plane, { width: 4, height: 4 }, 2)]).toEqual([2, 1, 0, 8]);
});
