import type { Annotations } from "../../src/annotations/annotations.ts";

/** Points with their frames, in the order of the frames. */
export const flatPoints = ({ frames }: Annotations) =>
  frames.flatMap(({ frame, points = [] }) => points.map((point) => ({ frame, ...point })));

/** As `flatPoints`. */
export const flatBoxes = ({ frames }: Annotations) =>
  frames.flatMap(({ frame, boxes = [] }) => boxes.map((box) => ({ frame, ...box })));
