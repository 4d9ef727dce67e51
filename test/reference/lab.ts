/** @file Lab by the formula, one pixel at a time, no tables. */
function f(t: number): number {
  return t > 0.008856 ? t ** (1 / 3) : 7.787 * t + 16 / 116;
}

export function labOfPixel(rgb: readonly [number, number, number]): [number, number, number] {
  const [r, g, b] = rgb.map((v) => (v / 255 > 0.04045 ? ((v / 255 + 0.055) / 1.055) ** 2.4 : v / 255 / 12.92));
  const x = f((0.412453 * r + 0.35758 * g + 0.180423 * b) / 0.95047);
  const y = f(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = f((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
  return [(116 * y - 16) / 50 - 1, (500 * (x - y)) / 127, (200 * (y - z)) / 127];
}
