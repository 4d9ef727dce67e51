/** @file The cells that label propagation would copy a cell's label from: its affinity to every memory frame. */
import { halfWidths } from "../kernels/matcher.ts";
import type { FeatureMap } from "../method/features.ts";
import type { MemoryFrame, Protocol } from "../tracking/protocols.ts";

/** A frame of the memory with its features. */
export interface RememberedFrame extends MemoryFrame {
  readonly features: FeatureMap;
}

/** The affinity of the cell to one memory frame. */
export interface FrameAffinity {
  readonly frame: number;
  /** `[h, w]`: exp((s − s_max)/τ) with s_max the best over all frames, so 0..1; 0 for cells that are not candidates. */
  readonly closeness: Float32Array;
  /** Cells among the top-k, the best first. */
  readonly chosen: readonly { readonly cell: number; readonly weight: number }[];
  /** Sum of the weights of the frame's cells after top-k and softmax; over all frames this is 1. */
  readonly share: number;
}

interface Candidate {
  /** Index of the memory frame in the list. */
  readonly entry: number;
  readonly cell: number;
  readonly score: number;
}

/**
 * A plain version of the step of `tracking/carry.ts`, for a single cell.
 * @param cell index in the map, row by row.
 * @param memory at least one frame.
 */
export function cellAffinity(
  query: FeatureMap,
  cell: number,
  memory: readonly RememberedFrame[],
  protocol: Protocol,
): FrameAffinity[] {
  const candidates = memory.flatMap((frame, entry) => candidatesIn(query, cell, frame, entry, protocol));
  candidates.sort((a, b) => b.score - a.score);
  const temperature = protocol.temperature;
  const closeness = (score: number): number => Math.exp((score - candidates[0].score) / temperature);
  const kept = topOf(candidates, memory, protocol.topK ?? Infinity);
  const total = kept.reduce((sum, { score, copies }) => sum + copies * closeness(score), 0);
  return memory.map(({ frame }, entry) => {
    const map = new Float32Array(query.width * query.height);
    for (const candidate of candidates) if (candidate.entry === entry) map[candidate.cell] = closeness(candidate.score);
    const chosen = kept
      .filter((one) => one.entry === entry)
      .map((one) => ({ cell: one.cell, weight: (one.copies * closeness(one.score)) / total }));
    return { frame, closeness: map, chosen, share: chosen.reduce((sum, { weight }) => sum + weight, 0) };
  });
}

/** The best candidates; one that counts several times takes up several of the k places. */
function topOf(sorted: readonly Candidate[], memory: readonly RememberedFrame[], k: number) {
  const kept: (Candidate & { copies: number })[] = [];
  let left = k;
  for (const candidate of sorted) {
    if (left <= 0) break;
    const copies = Math.min(left, memory[candidate.entry].copies);
    kept.push({ ...candidate, copies });
    left -= copies;
  }
  return kept;
}

function candidatesIn(
  query: FeatureMap,
  cell: number,
  { features, windowed }: RememberedFrame,
  entry: number,
  { radius, similarity }: Protocol,
): Candidate[] {
  const { width, height, channels } = query;
  const [x, y] = [cell % width, Math.floor(cell / width)];
  const reach = halfWidths(windowed ? radius : undefined, height, width);
  const own = vectorAt(query, cell);
  const length = Math.hypot(...own);
  const found: Candidate[] = [];
  for (let row = 0; row < height; row++) {
    const across = reach[Math.abs(row - y)] ?? -1;
    for (let column = Math.max(0, x - across); column <= Math.min(width - 1, x + across); column++) {
      const key = vectorAt(features, row * width + column);
      const dot = key.reduce((sum, value, c) => sum + value * own[c], 0);
      const norm = similarity === "cosine" ? length * Math.hypot(...key) || 1 : 1;
      const score = dot / (similarity === "scaledDot" ? Math.sqrt(channels) : norm);
      found.push({ entry, cell: row * width + column, score });
    }
  }
  return found;
}

function vectorAt({ channels, width, height, data }: FeatureMap, cell: number): number[] {
  return Array.from({ length: channels }, (_, c) => data[c * width * height + cell]);
}
