/**
 * @file Looks of one rendered production line, as a site goes through them: day, night, another product, a camera that was
 * moved; and footage that nothing can be learned from. The truth is exact in all of them.
 */
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeLabels, resizeRgb } from "../video/resize.ts";
import { exposed, greyed, noisy } from "./degraded/pictures.ts";
import { type LabelledFrame, type ProductionLineOptions, renderProductionLine } from "./productionLine.ts";

/** In the order in which a site meets them. */
export const SITE_LOOKS = ["day", "night", "product", "camera"] as const;
/** `still`: nothing moves; `noise`: hardly anything is to be seen. */
export const BAD_LOOKS = ["still", "noise"] as const;
export type SiteLook = (typeof SITE_LOOKS)[number] | (typeof BAD_LOOKS)[number];

/** Of the lamps at night: stops less, colour lost, the sensor's noise in levels. */
const NIGHT = { stops: 2.5, grey: 0.8, noise: 8 };
const NOISE = { stops: 4, grey: 0.5, noise: 60 };
/** What a moved camera still sees: this part of the width and height, from this place on. */
const CAMERA = { share: 0.65, from: 0.1 };

/** Renders a clip of a look. @throws UserError `synthetic/options` */
export function* renderSiteLook(look: SiteLook, options: ProductionLineOptions): Generator<LabelledFrame, void, void> {
  let first: LabelledFrame | undefined;
  for (const rendered of renderProductionLine(options)) {
    first ??= rendered;
    const { frame, labels } = look === "still" ? first : rendered;
    const { index, timeSec, name } = rendered.frame;
    const seen = seenIn(look, { picture: frame, labels }, 1000 * (options.seed ?? 1) + index);
    yield { frame: { index, timeSec, name, ...seen.picture }, labels: seen.labels };
  }
}

interface Seen {
  readonly picture: RgbPicture;
  readonly labels: LabelMap;
}

function seenIn(look: SiteLook, { picture: { width, height, data }, labels }: Seen, seed: number): Seen {
  const picture = { width, height, data };
  switch (look) {
    case "night":
      return { picture: dimmed(picture, NIGHT, seed), labels };
    case "noise":
      return { picture: dimmed(picture, NOISE, seed), labels };
    case "product":
      return { picture: recoloured(picture), labels };
    case "camera":
      return fromElsewhere({ picture, labels });
    default:
      return { picture, labels };
  }
}

function dimmed(picture: RgbPicture, { stops, grey, noise }: typeof NIGHT, seed: number): RgbPicture {
  return noisy(greyed(exposed(picture, -stops), grey), noise, seed);
}

/** Parts and belt of other colours: green becomes blue, blue red, and red, turned round, green. */
function recoloured({ width, height, data }: RgbPicture): RgbPicture {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) out.set([data[i + 2], 255 - data[i], data[i + 1]], i);
  return { width, height, data: out };
}

/** A part of the picture, mirrored and enlarged: nearer, and from the other side. */
function fromElsewhere({ picture, labels }: Seen): Seen {
  const { width, height } = picture;
  const [w, h] = [Math.round(CAMERA.share * width), Math.round(CAMERA.share * height)];
  const [x0, y0] = [Math.round(CAMERA.from * width), Math.round(CAMERA.from * height)];
  const data = new Uint8Array(3 * w * h);
  const ids = new Uint8Array(w * h);
  for (let y = 0, to = 0; y < h; y++)
    for (let x = w - 1; x >= 0; x--, to++) {
      const from = (y + y0) * width + x + x0;
      ids[to] = labels.data[from];
      data.set(picture.data.subarray(3 * from, 3 * from + 3), 3 * to);
    }
  const cut = { width: w, height: h, data };
  return {
    picture: { width, height, data: resizeRgb(cut, width, height) },
    labels: resizeLabels({ width: w, height: h, data: ids }, width, height),
  };
}
