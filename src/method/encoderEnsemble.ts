/**
 * @file An encoder that sees every frame in several ways, mirrored or at another size, and puts the features side by
 * side: the cosine of two such cells is the mean of the cosines of the views. It costs as many encodes as there are
 * views.
 */
import { linearTap, type LinearTap } from "../core/linearTap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { resizeRgb } from "../video/resize.ts";
import { encodeApart } from "./encodeApart.ts";
import type { EncoderStart, FeatureExtractor, FeatureMap, PictureSize, Precision, Reached } from "./features.ts";
import { unitLength } from "./unitLength.ts";

/** The further views of a frame, by name. */
export const ENSEMBLE_VIEWS = ["mirror", "half", "double"] as const;
/** One of `ENSEMBLE_VIEWS`. */
export type EnsembleView = (typeof ENSEMBLE_VIEWS)[number];

/** A changed version of a frame. */
interface View {
  /** @returns the picture to encode. */
  readonly see: (picture: RgbPicture) => RgbPicture;
  /** Where a place x of the picture, in pixels, lies in the view. */
  readonly x: (x: number, seen: RgbPicture) => number;
  readonly scale: number;
}

const scaled = (scale: number): View => ({
  see: (picture) => {
    const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
    return { width, height, data: resizeRgb(picture, width, height) };
  },
  x: (x) => x * scale,
  scale,
});

const views: Readonly<Record<EnsembleView, View>> = {
  mirror: { see: mirrored, x: (x, { width }) => width - x, scale: 1 },
  half: scaled(0.5),
  double: scaled(2),
};

/**
 * @param open opens one encoder; called once for the frame itself and once for every view, since an encoder may look
 * back at the frame before.
 * @returns with no views, what `open` gives. Features are L2-normalised by view, then side by side, over √(views + 1).
 */
export async function openEnsemble(
  names: readonly EnsembleView[],
  open: () => Promise<FeatureExtractor>,
): Promise<FeatureExtractor> {
  const plain = await open();
  if (names.length === 0) return plain;
  const others: FeatureExtractor[] = [];
  try {
    for (const _ of names) others.push(await open());
  } catch (error) {
    await Promise.all([plain, ...others].map((encoder) => encoder[Symbol.asyncDispose]()));
    throw error;
  }
  return new Ensemble(
    plain,
    names.map((name, i) => ({ name, view: views[name], encoder: others[i] })),
  );
}

interface Member {
  readonly name: EnsembleView;
  readonly view: View;
  readonly encoder: FeatureExtractor;
}

class Ensemble implements FeatureExtractor {
  readonly name: string;
  readonly stride: number;
  readonly channels: number;
  private readonly plain: FeatureExtractor;
  private readonly members: readonly Member[];

  constructor(plain: FeatureExtractor, members: readonly Member[]) {
    this.name = [plain.name, ...members.map(({ name }) => name)].join("+");
    this.stride = plain.stride;
    this.channels = plain.channels * (members.length + 1);
    this.plain = plain;
    this.members = members;
  }

  async encode(picture: RgbPicture, precision?: Precision): Promise<FeatureMap> {
    const own = this.plain.encode(picture, precision);
    const seen = this.members.map(async ({ view, encoder }) => {
      const changed = view.see(picture);
      return { view, changed, features: await encoder.encode(changed, precision) };
    });
    const [plain, ...others] = await Promise.all([own, ...seen]);
    const { height, width } = plain;
    const taken = others.map(({ view, changed, features }) =>
      resampled(features, {
        across: this.taps(width, features.width, (x) => view.x(x, changed)),
        down: this.taps(height, features.height, (y) => y * view.scale),
      }),
    );
    const data = new Float32Array(this.channels * height * width);
    [plain, ...taken].forEach((map, i) => data.set(unitLength(map).data, i * map.data.length));
    const share = 1 / Math.sqrt(taken.length + 1);
    for (let i = 0; i < data.length; i++) data[i] *= share;
    const reached = this.joined([plain, ...others.map(({ features }) => features)]);
    return { channels: this.channels, height, width, data, ...(reached && { reached }) };
  }

  /** Without the further views. */
  encodeApart(picture: RgbPicture, size: PictureSize, precision?: Precision): Promise<FeatureMap> {
    return encodeApart(this.plain, picture, size, precision);
  }

  restart(at?: EncoderStart): void {
    for (const [i, encoder] of this.all().entries())
      encoder.restart?.(at && { ...at, reached: this.ownOf(at.reached, i) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all().map((encoder) => encoder[Symbol.asyncDispose]()));
  }

  private all(): FeatureExtractor[] {
    return [this.plain, ...this.members.map(({ encoder }) => encoder)];
  }

  /** What all encoders reached; undefined where one does not say. */
  private joined(maps: readonly FeatureMap[]): Reached | undefined {
    if (maps.some(({ reached }) => reached === undefined)) return undefined;
    const named = maps.flatMap(({ reached = {} }, i) =>
      Object.entries(reached).map(([key, values]) => [this.prefix(i) + key, values] as const),
    );
    return Object.fromEntries(named);
  }

  /** What one of the encoders reached, of what they all did. */
  private ownOf(reached: Reached | null, encoder: number): Reached | null {
    if (reached === null) return null;
    const prefix = this.prefix(encoder);
    const own = Object.entries(reached).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(own.map(([key, values]) => [key.slice(prefix.length), values]));
  }

  private prefix(encoder: number): string {
    return `${encoder === 0 ? "plain" : this.members[encoder - 1].name}:`;
  }

  /** For each cell of an axis the cells of the view that its centre lies between. */
  private taps(cells: number, seen: number, place: (pixel: number) => number): LinearTap[] {
    const { stride } = this;
    return Array.from({ length: cells }, (_, i) => linearTap(place((i + 0.5) * stride) / stride, seen));
  }
}

/** Left and right changed. */
function mirrored({ width, height, data }: RgbPicture): RgbPicture {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) out[(y * width + x) * 3 + c] = data[(y * width + width - 1 - x) * 3 + c];
  return { width, height, data: out };
}

interface CellTaps {
  readonly across: readonly LinearTap[];
  readonly down: readonly LinearTap[];
}

/** @returns a cell for each pair of taps, bilinear. */
function resampled({ channels, height, width, data }: FeatureMap, { across, down }: CellTaps): FeatureMap {
  const out = new Float32Array(channels * down.length * across.length);
  let o = 0;
  for (let c = 0; c < channels; c++)
    for (const y of down) {
      const [upper, lower] = [(c * height + y.low) * width, (c * height + y.high) * width];
      for (const x of across) {
        const top = data[upper + x.low] + x.weight * (data[upper + x.high] - data[upper + x.low]);
        const bottom = data[lower + x.low] + x.weight * (data[lower + x.high] - data[lower + x.low]);
        out[o++] = top + y.weight * (bottom - top);
      }
    }
  return { channels, height: down.length, width: across.length, data: out };
}
