/**
 * @file The colours of a region as a mixture of Gaussians in Lab, with a few strays of any colour among them (Rother,
 * Kolmogorov and Blake, "GrabCut", 2004).
 */
import { kMeans } from "../../kernels/kMeans.ts";

/** Gaussians of a mixture. */
const COMPONENTS = 5;
/** Noise of a colour in scaled Lab, added to every variance: about one step of L. */
const NOISE = 0.015 ** 2;
/** The share of colours that belong to no Gaussian, spread evenly over the 2 x 2 x 2 of scaled Lab. */
const STRAYS = 0.01;
const STRAY_COST = -Math.log(STRAYS / 8);
/** Lloyd steps of the first clusters. */
const STEPS = 10;

/** One Gaussian: [mean (3), inverse covariance (xx, xy, xz, yy, yz, zz), -log of its weight and height]. */
type Gaussian = readonly number[];

/** A mixture. */
export class ColourMixture {
  private readonly gaussians: readonly Gaussian[];

  /**
   * Fits one Gaussian to the colours of each label.
   * @param colours `[3, n]`, scaled Lab.
   * @param labels `[n]`, a Gaussian each.
   */
  constructor(colours: Float32Array, labels: Uint8Array) {
    const groups: number[][] = Array.from({ length: COMPONENTS }, () => []);
    labels.forEach((label, i) => groups[label].push(i));
    this.gaussians = groups
      .filter((group) => group.length > 0)
      .map((group) => gaussianOf(colours, group, labels.length));
  }

  /** From clusters of the colours. @param colours `[3, n]`, scaled Lab, n at least 1. */
  static ofClusters(colours: Float32Array): ColourMixture {
    const { labels } = kMeans(colours, 3, { clusters: COMPONENTS, seed: 1, maxSteps: STEPS });
    return new ColourMixture(colours, labels);
  }

  /** Fitted again, each colour to the Gaussian that it is likeliest from. @param colours `[3, n]`, n at least 1. */
  refitted(colours: Float32Array): ColourMixture {
    const n = colours.length / 3;
    const labels = Uint8Array.from({ length: n }, (_, i) => this.likeliest(colours, n, i).index);
    return new ColourMixture(colours, labels);
  }

  /** -log of the density of the i-th of n colours. @param colours `[3, n]`, scaled Lab. */
  cost(colours: Float32Array, n: number, i: number): number {
    let cost = STRAY_COST;
    for (const gaussian of this.gaussians)
      cost = Math.min(cost, costUnder(gaussian, colours[i], colours[n + i], colours[2 * n + i]));
    return cost;
  }

  private likeliest(colours: Float32Array, n: number, i: number): { readonly index: number; readonly cost: number } {
    let index = 0;
    let cost = Infinity;
    for (let k = 0; k < this.gaussians.length; k++) {
      const one = costUnder(this.gaussians[k], colours[i], colours[n + i], colours[2 * n + i]);
      if (one >= cost) continue;
      cost = one;
      index = k;
    }
    return { index, cost };
  }
}

function costUnder(g: Gaussian, l: number, a: number, b: number): number {
  const [x, y, z] = [l - g[0], a - g[1], b - g[2]];
  const spread = g[3] * x * x + g[6] * y * y + g[8] * z * z + 2 * (g[4] * x * y + g[5] * x * z + g[7] * y * z);
  return g[9] + spread / 2;
}

function gaussianOf(colours: Float32Array, group: readonly number[], total: number): Gaussian {
  const n = colours.length / 3;
  const channel = (c: number, i: number): number => colours[c * n + i];
  const mean = [0, 1, 2].map((c) => group.reduce((sum, i) => sum + channel(c, i), 0) / group.length);
  const covariance = (c: number, d: number): number =>
    group.reduce((sum, i) => sum + (channel(c, i) - mean[c]) * (channel(d, i) - mean[d]), 0) / group.length;
  const [xx, yy, zz] = [0, 1, 2].map((c) => covariance(c, c) + NOISE);
  const [xy, xz, yz] = [covariance(0, 1), covariance(0, 2), covariance(1, 2)];
  // The adjugate over the determinant.
  const adjugate = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy];
  const rest = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy];
  const determinant = xx * adjugate[0] + xy * adjugate[1] + xz * adjugate[2];
  const height = 1.5 * Math.log(2 * Math.PI) + 0.5 * Math.log(determinant);
  return [
    ...mean,
    ...[...adjugate, ...rest].map((value) => value / determinant),
    height - Math.log(group.length / total),
  ];
}
