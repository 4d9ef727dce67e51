/**
 * @file One step of label propagation between two frames, by the matching kernel: l_i = Σ_j A_ij l_j over the top-k
 * candidates j of every cell i (CRW §3.3; MAST eq. 1–2), and the affinity A itself.
 */
import { internal } from "../core/errors.ts";
import type { Threads } from "../core/machine.ts";
import { Matcher, type MatchWindow } from "../kernels/matcher.ts";
import type { FeatureMap } from "./features.ts";

/** How cells are compared. */
export interface AffinitySettings extends Threads {
  /** Cells around a cell's own place that are candidates; default: the whole frame. */
  readonly window?: MatchWindow;
  /** Candidates kept for a cell, 1 to 512; default: all. */
  readonly topK?: number;
  /** The scores are divided by it before the softmax; above 0. */
  readonly temperature: number;
  /** True: cosines; false: dot products. Default true. */
  readonly normalise?: boolean;
}

/**
 * Carries labels from one frame to another.
 * @param labels `[h, w, L]` float32 of the reference's cells, L = 1 or more.
 * @returns `[h, w, L]` of the target's cells
 * @throws UserError `tracking/memory` when the frames do not fit into memory
 */
export async function carryLabels(
  target: FeatureMap,
  reference: FeatureMap,
  labels: Float32Array,
  settings: AffinitySettings,
): Promise<Float32Array> {
  const { height, width, channels } = target;
  requireSameShape(target, reference);
  const perCell = labels.length / (height * width);
  if (!Number.isInteger(perCell) || perCell < 1) throw internal(`${labels.length} labels for ${width}x${height} cells`);
  const { window, topK, temperature, normalise = true, threads } = settings;
  const shape = { height, width, channels, labels: perCell, slots: 2, normalise };
  await using matcher = await Matcher.open({ ...shape, threads });
  await matcher.insert(0, reference.data);
  matcher.labels(0).set(labels);
  await matcher.insert(1, target.data);
  await matcher.match(1, [{ slot: 0, window, copies: 1 }], { topK, temperature });
  return matcher.labels(1).slice();
}

/**
 * The affinity of a target's cells to a reference's: what `carryLabels` gives where every cell of the reference is a
 * label of its own. Meant for small frames: it takes (h·w)² numbers several times over.
 * @returns `[h·w, h·w]` float32, a row for each cell of the target; rows sum to 1
 * @throws UserError as `carryLabels`
 */
export function frameAffinity(
  target: FeatureMap,
  reference: FeatureMap,
  settings: AffinitySettings,
): Promise<Float32Array> {
  const cells = reference.height * reference.width;
  const own = new Float32Array(cells * cells);
  for (let cell = 0; cell < cells; cell++) own[cell * (cells + 1)] = 1;
  return carryLabels(target, reference, own, settings);
}

function shapeOf({ channels, height, width }: FeatureMap): string {
  return `${channels}x${height}x${width}`;
}

function requireSameShape(a: FeatureMap, b: FeatureMap): void {
  if (shapeOf(a) !== shapeOf(b)) throw internal(`features of ${shapeOf(a)} against ${shapeOf(b)}`);
}
