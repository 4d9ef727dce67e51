/**
 * @file The thing within a box: what lies around the box is background, and what differs from it in colour is the
 * thing, with an outline along the picture's edges (Rother, Kolmogorov and Blake, "GrabCut", 2004). Ours: colours are
 * learned on a small copy, the tie between neighbours grows with the box, and parts that are specks are left out.
 */
import { connectedParts } from "../../core/connectedParts.ts";
import { cropped } from "../../video/drawing/marks.ts";
import { rgbToLab } from "../../video/lab.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeLabels, resizeRgb } from "../../video/resize.ts";
import { ColourMixture } from "./colourMixture.ts";
import { GridCut, NEIGHBOURS } from "./gridCut.ts";

/** Whole pixels of a picture: left and top are the first within, right and bottom the first beyond. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What lies in a box, `[height, width]` of the box, 1 for the thing; never empty. */
export interface Outline {
  readonly mask: Uint8Array;
  /** Why it is no outline but a rectangle or an ellipse. */
  readonly plain?: string;
}

/** Shorter boxes keep their rectangle, px. */
const SMALLEST = 8;
/** Width of the surroundings, and of the band next to the box that may hold the thing's edge, shares of √area. */
const RING = 0.25;
const GAP = 0.05;
/** The least of both, px. */
const LEAST_RING = 8;
const LEAST_GAP = 2;
/** Pixels of the box while colours are learned, and while it is cut: larger ones are shrunk. */
const LEARNED = 10_000;
const CUT = 60_000;
/** Cuts with colours learned anew. */
const ROUNDS = 4;
/** Cost of parting two neighbours of one colour, in units of √area: an outline is as stiff in every size. */
const TIE = 0.3;
/** What knowing a pixel for sure weighs, as a difference of -log densities. */
const KNOWN = 1.5;
/** Costs are whole numbers of this many parts. */
const PARTS = 100;
/** Parts with a smaller share of the largest one are specks. */
const SPECK = 0.05;
/** Shares of the box that a thing covers, and of its width and height that it reaches over. */
const LEAST_COVER = 0.1;
const MOST_COVER = 0.98;
const LEAST_SPAN = 0.6;

/** Of what is likely the thing, the share that its outline holds; and how many times as large it may be. */
const LEAST_COMMON = 0.4;
const MOST_GROWN = 2.5;

const STEP_X = NEIGHBOURS.map(([dx]) => dx);
const STEP_Y = NEIGHBOURS.map(([, dy]) => dy);

/** A box with its surroundings, shrunk where it is large. */
interface Scene {
  readonly width: number;
  readonly height: number;
  /** `[3, height, width]`, scaled Lab. */
  readonly lab: Float32Array;
  readonly box: PixelBox;
  /** `[height, width]`, 1 where there is background for sure. */
  readonly ground: Uint8Array;
  /** `[height, width]` of the box, how likely each pixel is the thing's, 0..255; undefined: all alike. */
  readonly likely: Uint8Array | undefined;
}

/** The two colour models. */
interface Mixtures {
  readonly thing: ColourMixture;
  readonly ground: ColourMixture;
}

/**
 * Finds the thing in a box. The same picture and boxes give the same pixels.
 * @param box within the picture, at least one pixel.
 * @param others boxes of other things, which are not background.
 * @param likely `[height, width]` of the box, how likely each pixel is the thing's, 0..255, where that is known by other
 * means; without an outline these pixels are returned.
 */
export function outlineIn(
  picture: RgbPicture,
  box: PixelBox,
  others: readonly PixelBox[] = [],
  likely?: Uint8Array,
): Outline {
  const [width, height] = [widthOf(box), heightOf(box)];
  if (Math.min(width, height) < SMALLEST) return { mask: rectangle(box), plain: "it is too small" };
  const known = likely && { width, height, data: likely };
  const small = sceneOf(picture, box, { others, known }, LEARNED);
  if (!small.ground.includes(1)) return { mask: rectangle(box), plain: "nothing lies around it" };
  const scene = sceneOf(picture, box, { others, known }, CUT);
  const found = withoutSpecks(cut(scene, learn(small)), widthOf(scene.box));
  const mask = resizeLabels(
    { width: widthOf(scene.box), height: heightOf(scene.box), data: found },
    width,
    height,
  ).data;
  return likely === undefined ? plausible(mask, box) : supported(mask, likely.map(isLikely));
}

const count = (pixels: Uint8Array): number => pixels.reduce((sum, one) => sum + one, 0);

/** What was found, or what was likely where the two do not agree. */
function supported(mask: Uint8Array, likely: Uint8Array): Outline {
  const [known, common] = [count(likely), count(mask.map((one, p) => one & likely[p]))];
  const agree = common >= LEAST_COMMON * known && count(mask) <= MOST_GROWN * known;
  return agree ? { mask } : { mask: likely, plain: "it differs much from what is likely" };
}

const isLikely = (value: number): number => (value > 127 ? 1 : 0);

/** Of two boxes the pixels in both. */
function common(a: PixelBox, b: PixelBox): PixelBox {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    right: Math.max(left, Math.min(a.right, b.right)),
    bottom: Math.max(top, Math.min(a.bottom, b.bottom)),
  };
}

const widthOf = ({ left, right }: PixelBox): number => right - left;
const heightOf = ({ top, bottom }: PixelBox): number => bottom - top;
const rectangle = (box: PixelBox): Uint8Array => new Uint8Array(widthOf(box) * heightOf(box)).fill(1);

function grown({ left, top, right, bottom }: PixelBox, by: number): PixelBox {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

/** What is known beside the box. */
interface Hints {
  readonly others: readonly PixelBox[];
  readonly known: LabelMap | undefined;
}

/** @param most pixels of the box. */
function sceneOf(picture: RgbPicture, box: PixelBox, { others, known }: Hints, most: number): Scene {
  const side = Math.sqrt(widthOf(box) * heightOf(box));
  const frame = { left: 0, top: 0, right: picture.width, bottom: picture.height };
  const region = common(grown(box, Math.max(LEAST_RING, Math.round(RING * side))), frame);
  const scale = Math.min(1, Math.sqrt(most) / side);
  const [width, height] = [widthOf(region), heightOf(region)].map((length) => Math.max(1, Math.round(length * scale)));
  const [across, down] = [width / widthOf(region), height / heightOf(region)];
  const inScene = (one: PixelBox): PixelBox => {
    const { left, top, right, bottom } = common(one, region);
    return {
      left: Math.round((left - region.left) * across),
      top: Math.round((top - region.top) * down),
      right: Math.round((right - region.left) * across),
      bottom: Math.round((bottom - region.top) * down),
    };
  };
  const ground = new Uint8Array(width * height).fill(1);
  for (const one of [grown(box, Math.max(LEAST_GAP, Math.round(GAP * side))), ...others])
    fillBox(ground, width, inScene(one), 0);
  const lab = rgbToLab({ width, height, data: resizeRgb(cropped(picture, region), width, height) });
  const place = inScene(box);
  const likely = known && resizeLabels(known, widthOf(place), heightOf(place)).data;
  return { width, height, lab, box: place, ground, likely };
}

function fillBox(plane: Uint8Array, width: number, { left, top, right, bottom }: PixelBox, value: number): void {
  for (let y = top; y < bottom; y++) plane.fill(value, y * width + left, y * width + Math.max(left, right));
}

/** Cuts and learns in turn, from the whole box as the thing. */
function learn(scene: Scene): Mixtures {
  const { box, width, ground } = scene;
  const whole = new Uint8Array(ground.length);
  fillBox(whole, width, box, 1);
  let mixtures: Mixtures = {
    thing: ColourMixture.ofClusters(coloursWhere(scene, likelyIn(scene) ?? whole)),
    ground: ColourMixture.ofClusters(coloursWhere(scene, ground)),
  };
  for (let round = 0; round < ROUNDS; round++) {
    const thing = new Uint8Array(ground.length);
    const mask = cut(scene, mixtures);
    for (let y = box.top, i = 0; y < box.bottom; y++)
      for (let x = box.left; x < box.right; x++, i++) thing[y * width + x] = mask[i];
    if (!mask.includes(1)) return mixtures;
    const rest = ground.map((known, p) => (known === 1 || (whole[p] === 1 && thing[p] === 0) ? 1 : 0));
    mixtures = {
      thing: mixtures.thing.refitted(coloursWhere(scene, thing)),
      ground: mixtures.ground.refitted(coloursWhere(scene, rest)),
    };
  }
  return mixtures;
}

/** Pixels of the scene that are likely the thing's; undefined where that is not known of any. */
function likelyIn({ box, width, ground, likely }: Scene): Uint8Array | undefined {
  if (!likely?.some((value) => value > 127)) return undefined;
  const out = new Uint8Array(ground.length);
  for (let y = box.top, i = 0; y < box.bottom; y++)
    for (let x = box.left; x < box.right; x++, i++) out[y * width + x] = isLikely(likely[i]);
  return out;
}

/** @returns `[3, n]` of the n marked pixels. */
function coloursWhere({ lab }: Scene, marked: Uint8Array): Float32Array {
  const n = count(marked);
  const out = new Float32Array(3 * n);
  for (let p = 0, i = 0; p < marked.length; p++) {
    if (marked[p] === 0) continue;
    for (let c = 0; c < 3; c++) out[c * n + i] = lab[c * marked.length + p];
    i++;
  }
  return out;
}

/** The cheapest division of the box: by colour, and by how much colours differ along the outline. */
function cut(scene: Scene, { thing, ground }: Mixtures): Uint8Array {
  const { width, lab, box, likely } = scene;
  const pixels = lab.length / 3;
  const [w, h] = [widthOf(box), heightOf(box)];
  const tie = tiesOf(scene);
  const grid = new GridCut(w, h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const p = (box.top + y) * width + box.left + x;
      let asThing = thing.cost(lab, pixels, p) - ground.cost(lab, pixels, p);
      if (likely !== undefined) asThing -= KNOWN * (likely[y * w + x] / 127.5 - 1);
      const isAtEdge = x === 0 || y === 0 || x === w - 1 || y === h - 1;
      // Each pair once, but for what lies beyond the box: that is background.
      for (let d = isAtEdge ? 0 : 4; d < 8; d++) {
        const [toX, toY] = [x + STEP_X[d], y + STEP_Y[d]];
        const isIn = toX >= 0 && toX < w && toY >= 0 && toY < h;
        if (!isIn) asThing += tie(box.left + x, box.top + y, d);
        else if (d >= 4) grid.setTie(x, y, d, Math.round(PARTS * tie(box.left + x, box.top + y, d)));
      }
      grid.setCosts(x, y, Math.round(PARTS * asThing), 0);
    }
  return grid.cut();
}

/** The cost of parting pixel (x, y) from its neighbour in direction d: less where their colours differ much. */
function tiesOf({ width, height, lab, box }: Scene): (x: number, y: number, d: number) => number {
  const pixels = width * height;
  const difference = (p: number, q: number): number => {
    const [l, a, b] = [lab[p] - lab[q], lab[pixels + p] - lab[pixels + q], lab[2 * pixels + p] - lab[2 * pixels + q]];
    return l * l + a * a + b * b;
  };
  let sum = 0;
  for (let p = 0; p < pixels - width - 1; p++) sum += difference(p, p + 1) + difference(p, p + width);
  const usual = Math.max(1e-6, sum / (2 * pixels));
  const stiffness = TIE * Math.sqrt(widthOf(box) * heightOf(box));
  return (x, y, d) => {
    const [toX, toY] = [x + STEP_X[d], y + STEP_Y[d]];
    if (toX < 0 || toY < 0 || toX >= width || toY >= height) return 0;
    const apart = Math.exp(-difference(y * width + x, toY * width + toX) / (2 * usual));
    return (stiffness * apart) / (STEP_X[d] * STEP_Y[d] === 0 ? 1 : Math.SQRT2);
  };
}

function withoutSpecks(mask: Uint8Array, width: number): Uint8Array {
  const parts = connectedParts(mask, width);
  const largest = parts.reduce((most, part) => Math.max(most, part.length), 0);
  const out = new Uint8Array(mask.length);
  for (const part of parts) if (part.length >= SPECK * largest) for (const p of part) out[p] = 1;
  return out;
}

/** What was found, or a plain shape where it cannot be the thing that the box was drawn around. */
function plausible(mask: Uint8Array, box: PixelBox): Outline {
  const [width, height] = [widthOf(box), heightOf(box)];
  const rows = Array.from({ length: height }, (_, y) => mask.subarray(y * width, (y + 1) * width));
  const cover = rows.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / mask.length;
  if (cover > MOST_COVER) return { mask: rectangle(box), plain: "nothing in it looks like its surroundings" };
  const filled = rows.map((row) => row.includes(1));
  const high = filled.lastIndexOf(true) - filled.indexOf(true) + 1;
  const left = rows.reduce((least, row) => (row.includes(1) ? Math.min(least, row.indexOf(1)) : least), width);
  const wide = rows.reduce((most, row) => Math.max(most, row.lastIndexOf(1)), -1) - left + 1;
  if (cover >= LEAST_COVER && wide >= LEAST_SPAN * width && high >= LEAST_SPAN * height) return { mask };
  return { mask: ellipse(width, height), plain: "nothing of its size in it differs from its surroundings" };
}

/** The pixels whose centres lie in the ellipse that the box holds. */
function ellipse(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, p) => {
    const x = ((p % width) + 0.5) / width - 0.5;
    const y = (Math.floor(p / width) + 0.5) / height - 0.5;
    return x * x + y * y <= 0.25 ? 1 : 0;
  });
}
