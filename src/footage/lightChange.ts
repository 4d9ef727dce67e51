/** @file How the light changes from one frame to the next, at places of the scene that are followed with the flow. */
import type { FrameMotion, FrameView } from "./frameView.ts";

/** Every so-manieth cell is followed, along rows and columns. */
const CELL_STEP = 3;
/** Strips of rows that bands are looked for in. */
const STRIPS = 20;
/** Added to grey levels, so that noise in dark places is no flicker. */
const DARK = 16;

/** How the light of followed places changed, as differences of logarithms: of all, and by strips of rows. */
export function lightChanges(
  { small, previous }: FrameView,
  { flow }: FrameMotion,
): { all: number[]; strips: number[][] } {
  const { width, height, dx, dy, valid, factor } = flow;
  const all: number[] = [];
  const strips = Array.from({ length: Math.min(STRIPS, Math.ceil(height / CELL_STEP)) }, (): number[] => []);
  const [now, before] = [small.data, previous?.small.data ?? small.data];
  for (let y = 0; y < height; y += CELL_STEP)
    for (let x = 0; x < width; x += CELL_STEP) {
      const c = y * width + x;
      const [px, py] = [2 * x, 2 * y];
      const [qx, qy] = [Math.round(px + dx[c] / factor), Math.round(py + dy[c] / factor)];
      if (valid[c] === 0 || qx < 0 || qy < 0 || qx >= small.width || qy >= small.height) continue;
      const [a, b] = [now[py * small.width + px], before[qy * small.width + qx]];
      if (isClipped(a) || isClipped(b)) continue;
      const change = Math.log((a + DARK) / (b + DARK));
      all.push(change);
      strips[Math.min(strips.length - 1, Math.floor((y * strips.length) / height))].push(change);
    }
  return { all, strips };
}

/** Burnt out places show no change of the light. */
function isClipped(level: number): boolean {
  return level > 248;
}

/** The median; 0 of nothing. */
export function middle(values: number[]): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}
