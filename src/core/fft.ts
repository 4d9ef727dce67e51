/** @file Power spectra of windows whose length is a power of two. */
import { internal } from "./errors.ts";

/** An iterative radix-2 FFT (Cooley and Tukey 1965) of one length, with its tables and working memory. */
export class PowerFft {
  readonly size: number;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly reversed: Uint32Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly out: Float64Array;

  /** @param size a power of two, at least 2 */
  constructor(size: number) {
    const bits = Math.log2(size);
    if (!Number.isInteger(bits) || bits < 1) throw internal(`an FFT of ${size} values`);
    this.size = size;
    this.cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.reversed = new Uint32Array(size);
    for (let i = 1; i < size; i++) this.reversed[i] = (this.reversed[i >> 1] >> 1) | ((i & 1) << (bits - 1));
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
    this.out = new Float64Array(size / 2 + 1);
  }

  /**
   * |X_k|² for k = 0..size/2.
   * @param values `[size]` @returns `[size / 2 + 1]`, valid until the next call
   */
  power(values: ArrayLike<number>): Float64Array {
    const { size, re, im, out, reversed } = this;
    for (let i = 0; i < size; i++) re[reversed[i]] = values[i];
    im.fill(0);
    for (let half = 1; half < size; half *= 2) this.combine(half);
    for (let k = 0; k < out.length; k++) out[k] = re[k] ** 2 + im[k] ** 2;
    return out;
  }

  /** Makes transforms of twice the length out of pairs of transforms of length `half`. */
  private combine(half: number): void {
    const { size, re, im, cos, sin } = this;
    const step = size / (2 * half);
    for (let begin = 0; begin < size; begin += 2 * half)
      for (let k = 0; k < half; k++) {
        const [low, high, turn] = [begin + k, begin + k + half, k * step];
        const real = re[high] * cos[turn] - im[high] * sin[turn];
        const imaginary = re[high] * sin[turn] + im[high] * cos[turn];
        re[high] = re[low] - real;
        im[high] = im[low] - imaginary;
        re[low] += real;
        im[low] += imaginary;
      }
  }
}
