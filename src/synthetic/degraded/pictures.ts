/** @file Single pictures made worse: blur, noise, exposure, flicker, blocks, no colour. All repeatable bit for bit. */
import sharp from "sharp";
import { Random } from "../../core/random.ts";
import { lumaAt } from "../../video/luma.ts";
import type { RgbPicture } from "../../video/picture.ts";

/** A Gaussian that is narrower leaves pixels as they are (libvips takes none). */
const LEAST_SIGMA = 0.3;

/** Out of focus: a Gaussian. @param sigma pixels */
export async function blurred(picture: RgbPicture, sigma: number): Promise<RgbPicture> {
  if (sigma < LEAST_SIGMA) return picture;
  const { width, height, data } = picture;
  const blurry = sharp(data, { raw: { width, height, channels: 3 } }).blur({ sigma, precision: "float" });
  return { width, height, data: new Uint8Array(await blurry.raw().toBuffer()) };
}

/** Compressed as a JPEG and back, its colours at half size as usual. @param quality 1..100 */
export async function blocky({ width, height, data }: RgbPicture, quality: number): Promise<RgbPicture> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: "4:2:0" })
    .toBuffer();
  return { width, height, data: new Uint8Array(await sharp(jpeg).raw().toBuffer()) };
}

/** Normal numbers are drawn from so many, which is quicker than making each. */
const NORMALS = 1 << 16;
let normals: Float32Array | undefined;

/** Noise of a sensor: independent in every channel, with the same deviation everywhere. @param sigma grey levels */
export function noisy({ width, height, data }: RgbPicture, sigma: number, seed: number): RgbPicture {
  const fixed = new Random(1);
  normals ??= Float32Array.from({ length: NORMALS }, () => fixed.normal());
  const random = new Random(seed);
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) out[i] = data[i] + sigma * normals[random.integer(NORMALS)];
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** More or less light, clipped at white and black (sRGB, IEC 61966-2-1). @param stops doublings; negative = darker */
export function exposed(picture: RgbPicture, stops: number): RgbPicture {
  const gain = 2 ** stops;
  return mapped(picture, (level) => {
    const light = level <= 10.31475 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4;
    const more = Math.min(1, gain * light);
    return 255 * (more <= 0.0031308 ? 12.92 * more : 1.055 * more ** (1 / 2.4) - 0.055);
  });
}

/** All levels times a factor, clipped at white. */
export function scaled(picture: RgbPicture, factor: number): RgbPicture {
  return mapped(picture, (level) => factor * level);
}

/** Every channel by a table of the levels 0..255. */
function mapped({ width, height, data }: RgbPicture, level: (level: number) => number): RgbPicture {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, i) => level(i));
  return { width, height, data: data.map((value) => table[value]) };
}

/** Less colour: every channel moves towards luma. @param share 0..1 of the way */
export function greyed({ width, height, data }: RgbPicture, share: number): RgbPicture {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const luma = lumaAt(data, i);
    for (let c = 0; c < 3; c++) out[i + c] = data[i + c] + share * (luma - data[i + c]);
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** Which pixel of a row or column stands for one that may be beyond its end. */
type Beyond = (at: number, length: number) => number;
const repeated: Beyond = (at, length) => Math.min(length - 1, Math.max(0, at));
const mirroredAt: Beyond = (at, length) => repeated(at < 0 ? -1 - at : at < length ? at : 2 * length - 1 - at, length);

/** Moved as a whole; what is beyond the border repeats the border. @param by whole pixels to the right and down */
export function moved(picture: RgbPicture, by: readonly [dx: number, dy: number]): RgbPicture {
  return shifted(picture, by, repeated);
}

/** The same, but what comes into view is the mirror image of what is there: it looks like more of the scene. */
export function movedOn(picture: RgbPicture, by: readonly [dx: number, dy: number]): RgbPicture {
  return shifted(picture, by, mirroredAt);
}

function shifted({ width, height, data }: RgbPicture, [dx, dy]: readonly [number, number], beyond: Beyond): RgbPicture {
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    const row = beyond(y - dy, height) * width;
    for (let x = 0; x < width; x++, to += 3) {
      const from = 3 * (row + beyond(x - dx, width));
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    }
  }
  return { width, height, data: out };
}
