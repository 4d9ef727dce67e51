/** @file Power spectra of short real series. */

/** Power of every whole number of periods from 1 to n/2: the mean square of that part of the series. Plain O(n²) DFT. */
export function powerSpectrum(values: readonly number[] | Float64Array): Float64Array {
  const n = values.length;
  const out = new Float64Array((n >> 1) + 1);
  for (let k = 1; k < out.length; k++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * k * i) / n;
      re += values[i] * Math.cos(angle);
      im -= values[i] * Math.sin(angle);
    }
    out[k] = ((2 * k === n ? 1 : 2) * (re * re + im * im)) / (n * n);
  }
  return out;
}

/** Subtracts the straight line that fits best. */
export function detrended(values: readonly number[]): number[] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [xy, xx] = [0, 0];
  for (let i = 0; i < n; i++) {
    const x = i - (n - 1) / 2;
    xy += x * (values[i] - mean);
    xx += x * x;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  return values.map((value, i) => value - mean - slope * (i - (n - 1) / 2));
}
