/** @file Resampling of one plane, straight from the definitions. Planes are `[H, W]`. */

/** F.interpolate(mode="bilinear", align_corners=False). */
export function bilinear(plane: Float32Array, inW: number, inH: number, outW: number, outH: number): number[] {
  const at = (x: number, y: number): number => plane[Math.min(inH - 1, y) * inW + Math.min(inW - 1, x)];
  return grid(outW, outH, (x, y) => {
    const sx = Math.max(0, ((x + 0.5) * inW) / outW - 0.5);
    const sy = Math.max(0, ((y + 0.5) * inH) / outH - 0.5);
    const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
    const [fx, fy] = [sx - x0, sy - y0];
    const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + bottom * fy;
  });
}

/** F.interpolate(mode="area"). */
export function area(plane: Float32Array, inW: number, inH: number, outW: number, outH: number): number[] {
  return grid(outW, outH, (x, y) => {
    let sum = 0;
    let count = 0;
    for (let j = Math.floor((y * inH) / outH); j < Math.ceil(((y + 1) * inH) / outH); j++)
      for (let i = Math.floor((x * inW) / outW); i < Math.ceil(((x + 1) * inW) / outW); i++, count++)
        sum += plane[j * inW + i];
    return sum / count;
  });
}

/** Triangle filter of half-width max(1, scale) over every pixel of the input. */
export function triangle(plane: Float32Array, inW: number, inH: number, outW: number, outH: number): number[] {
  return grid(outW, outH, (x, y) => {
    let sum = 0;
    let total = 0;
    for (let j = 0; j < inH; j++)
      for (let i = 0; i < inW; i++) {
        const w = weight(i, x, inW / outW) * weight(j, y, inH / outH);
        sum += w * plane[j * inW + i];
        total += w;
      }
    return sum / total;
  });
}

function weight(i: number, out: number, scale: number): number {
  return Math.max(0, 1 - Math.abs(i + 0.5 - (out + 0.5) * scale) / Math.max(1, scale));
}

function grid(width: number, height: number, at: (x: number, y: number) => number): number[] {
  return Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
}
