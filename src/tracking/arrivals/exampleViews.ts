/**
 * @file The labelled frame as it might look elsewhere: darker, and with the example cut by each edge. Things
 * come in over edges and pass through shadows, and features differ there.
 */
import { encodeApart } from "../../method/encodeApart.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { EncodedFrame } from "../encodedFrames.ts";
import type { DescribedFrame } from "../target/targetModel.ts";

/** A labelled picture with its features. */
export interface ExampleView extends DescribedFrame {
  readonly mask: LabelMap;
}

/** Light, as a share of the frame's. */
const LIGHTS = [0.5, 0.75];
/** Where an edge cuts an example, as a share of its extent. */
const CUTS = [0.35, 0.65];

/** @param mask the examples; the largest of them is cut. */
export async function exampleViews(
  encoder: FeatureExtractor,
  { frame, input }: EncodedFrame,
  mask: LabelMap,
): Promise<ExampleView[]> {
  const box = boxOfLargest(mask);
  const rolls = CUTS.flatMap((share) => [
    { x: Math.round(box.left + share * (box.right - box.left)), y: 0 },
    { x: 0, y: Math.round(box.top + share * (box.bottom - box.top)) },
  ]);
  const pictures = [
    ...LIGHTS.map((light) => ({ frame: lit(frame, light), mask })),
    ...rolls.map(({ x, y }) => ({
      frame: { ...frame, data: rolled(frame, 3, x, y) },
      mask: { ...mask, data: rolled(mask, 1, x, y) },
    })),
  ];
  const out: ExampleView[] = [];
  for (const one of pictures) out.push({ ...one, features: await encodeApart(encoder, one.frame, input, "float32") });
  return out;
}

function lit(picture: RgbPicture, light: number): RgbPicture {
  const { width, height, data } = picture;
  return { width, height, data: data.map((value) => Math.min(255, Math.round(light * value))) };
}

/** What is at (x, y) comes to the top left corner, what is left of it and above comes in on the other side. */
function rolled(
  { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  channels: number,
  x: number,
  y: number,
): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    const from = ((row + y) % height) * width * channels;
    const to = row * width * channels;
    out.set(data.subarray(from + x * channels, from + width * channels), to);
    out.set(data.subarray(from, from + x * channels), to + (width - x) * channels);
  }
  return out;
}

function boxOfLargest({ width, data }: LabelMap) {
  const boxes = new Map<number, { left: number; top: number; right: number; bottom: number; area: number }>();
  for (const [p, id] of data.entries()) {
    if (id === 0) continue;
    const [x, y] = [p % width, Math.floor(p / width)];
    const box = boxes.get(id) ?? { left: x, top: y, right: x, bottom: y, area: 0 };
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = y;
    box.area++;
    boxes.set(id, box);
  }
  return [...boxes.values()].reduce((a, b) => (b.area > a.area ? b : a));
}
