/** @file The slow, obvious form of matching: every candidate of every query, sorted. */
import type { MatchEntry, MatchWindow } from "../../src/kernels/matcher.ts";

/** A frame: features `[channels, height, width]`, label vectors `[height, width, labels]`. */
export interface ReferenceFrame {
  readonly features: Float32Array;
  readonly labels: Float32Array;
}

export interface ReferenceOptions {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly labels: number;
  readonly normalise: boolean;
  readonly topK?: number | undefined;
  readonly temperature: number;
  readonly candidates?: Uint32Array | undefined;
}

function vector(
  frame: ReferenceFrame,
  cell: number,
  { height, width, channels, normalise }: ReferenceOptions,
): number[] {
  const x = Array.from({ length: channels }, (_, c) => frame.features[c * height * width + cell]);
  const norm = normalise ? Math.max(Math.hypot(...x), 1e-12) : 1;
  return x.map((value) => value / norm);
}

export function insideWindow(window: MatchWindow | undefined, dx: number, dy: number): boolean {
  if (window === undefined) return true;
  const distance = window.shape === "square" ? Math.max(Math.abs(dx), Math.abs(dy)) : Math.hypot(dx, dy);
  return window.inclusive ? distance <= window.cells : distance < window.cells;
}

/** Label vectors of the query frame, `[height, width, labels]` in double precision. */
export function referenceMatch(
  query: ReferenceFrame,
  memory: readonly { frame: ReferenceFrame; entry: Omit<MatchEntry, "slot"> }[],
  options: ReferenceOptions,
): Float64Array {
  const { height, width, labels } = options;
  const cells = height * width;
  const keys = memory.map(({ frame }) => Array.from({ length: cells }, (_, cell) => vector(frame, cell, options)));
  const out = new Float64Array(cells * labels);
  for (let q = 0; q < cells; q++) {
    const x = vector(query, q, options);
    const find = (restricted: boolean): { score: number; label: Float32Array }[] => {
      const found: { score: number; label: Float32Array }[] = [];
      memory.forEach(({ frame, entry }, m) => {
        for (let k = 0; k < cells; k++) {
          const dx = (k % width) - (q % width);
          const dy = Math.floor(k / width) - Math.floor(q / width);
          if (!insideWindow(entry.window, dx, dy)) continue;
          const bits = options.candidates?.[q];
          if (restricted && entry.regions !== undefined && ((bits ?? 0) & (1 << entry.regions[k])) === 0) continue;
          const score = keys[m][k].reduce((sum, value, c) => sum + value * x[c], 0) / options.temperature;
          const label = frame.labels.subarray(k * labels, (k + 1) * labels);
          for (let copy = 0; copy < entry.copies; copy++) found.push({ score, label });
        }
      });
      return found;
    };
    const sampled = find(true);
    const candidates = sampled.length > 0 ? sampled : find(false);
    candidates.sort((a, b) => b.score - a.score);
    const kept = candidates.slice(0, options.topK ?? candidates.length);
    const weights = kept.map(({ score }) => Math.exp(score - kept[0].score));
    const sum = weights.reduce((a, b) => a + b, 0);
    kept.forEach(({ label }, i) => {
      for (let l = 0; l < labels; l++) out[q * labels + l] += (weights[i] / sum) * label[l];
    });
  }
  return out;
}
