/**
 * @file The contents of a matcher's slots: features in the form that the kernel reads, label vectors, and what follows
 * from those.
 */
import { internal } from "../../core/errors.ts";
import { LANES, NO_SINGLE_LABEL, OUT, POOLED, QUERY, QUERY_RESIDUALS, STAGES } from "../constants/match.ts";
import { energyRotation, type Rotation } from "../rotation.ts";
import type { MatcherMemory } from "./matcherMemory.ts";

/** The frames of one matcher. */
export class Slots {
  private readonly memory: MatcherMemory;
  private rotated = false;
  /** Slots whose cells' only labels are those of their label vectors. */
  private readonly singles = new Set<number>();

  constructor(memory: MatcherMemory) {
    this.memory = memory;
  }

  /** Resets to the initial state: the next frame written is the first one. */
  reset(): void {
    this.singles.clear();
    this.rotated = false;
  }

  /**
   * A frame's features as the input of the job `prepare`; the first frame's determine the rotation for all.
   * @param features `[channels, height, width]` float32, not normalised.
   */
  write(features: Float32Array): void {
    const { height, width, channels, normalise } = this.memory.options;
    if (features.length !== channels * height * width) {
      throw internal(`features of ${features.length} values, expected ${channels} x ${height} x ${width}`);
    }
    if (!this.rotated) this.writeRotation(energyRotation(features, channels, height * width, normalise));
    this.rotated = true;
    this.memory.floats(this.memory.layout.input, features.length).set(features);
  }

  /** The slot that the next job fills or searches for. */
  select(slot: number): void {
    const { slots } = this.memory.options;
    if (!(slot >= 0 && slot < slots)) throw internal(`slot ${slot} of ${slots}`);
    const { features, residuals, labels, coarse } = this.memory.slot(slot);
    this.memory.set(QUERY, features);
    this.memory.set(QUERY_RESIDUALS, residuals);
    this.memory.set(OUT, labels);
    this.memory.set(POOLED, coarse);
  }

  /**
   * The label vectors of a slot, `[height, width, labels]`: a view to read or to fill, valid until the slot is used
   * again.
   */
  labels(slot: number): Float32Array {
    const { height, width, labels } = this.memory.options;
    this.relabelled(slot);
    return this.memory.floats(this.memory.slot(slot).labels, height * width * labels);
  }

  /** Notes that the label vectors of a slot have changed, or may have. */
  relabelled(slot: number): void {
    this.singles.delete(slot);
  }

  /**
   * The bits of a slot's regions, four neighbours in x together, like the features.
   * @returns their address
   */
  writeRegions(slot: number, regions: Uint8Array): number {
    const { height, width } = this.memory.options;
    const address = this.memory.slot(slot).regions;
    const row = this.memory.layout.rowBlocks * LANES;
    const bits = this.memory.words(address, height * row);
    for (let cell = 0; cell < height * width; cell++)
      bits[Math.floor(cell / width) * row + (cell % width)] = 1 << regions[cell];
    return address;
  }

  /**
   * The only label of every cell, where the slot's label vectors have changed.
   * @param least weight of an only label.
   */
  writeSingles(slot: number, least: number): void {
    if (this.singles.has(slot)) return;
    this.singles.add(slot);
    const { height, width, labels } = this.memory.options;
    const { labels: from, singles } = this.memory.slot(slot);
    const weights = this.memory.floats(from, height * width * labels);
    const out = this.memory.bytes(singles, height * width);
    for (let cell = 0; cell < out.length; cell++) out[cell] = onlyLabel(weights, cell * labels, labels, least);
  }

  /**
   * The rotation in the form that the kernel reads: `[padded channels / 8][channels][8]`, rows beyond the channels are
   * zero.
   */
  private writeRotation({ rows, energy }: Rotation): void {
    const { options, layout } = this.memory;
    const { channels, pruning } = options;
    if (pruning !== undefined) this.memory.set(STAGES, stagesFor(energy, pruning.energy, layout.stageEnds));
    const padded = layout.stageEnds.at(-1) ?? channels;
    const out = this.memory.floats(layout.basis, padded * channels).fill(0);
    for (let d = 0; d < channels; d++) {
      const group = (d >> 3) * channels * 8 + (d & 7);
      for (let c = 0; c < channels; c++) out[group + c * 8] = rows[d * channels + c];
    }
  }
}

/** How many of the leading channels hold this share of the energy, in whole stages. */
function stagesFor(energy: Float64Array, share: number, stageEnds: readonly number[]): number {
  let sum = 0;
  const needed = energy.findIndex((value) => (sum += value) >= share) + 1;
  const stage = stageEnds.findIndex((end) => end >= needed);
  return needed === 0 || stage < 0 ? stageEnds.length : stage + 1;
}

/** The only label of a cell: it has at least this weight, and no other has more than the rest of 1. */
function onlyLabel(weights: Float32Array, at: number, labels: number, least: number): number {
  let only = NO_SINGLE_LABEL;
  for (let label = 0; label < labels; label++) {
    const weight = weights[at + label];
    if (weight <= 1 - least) continue;
    if (only !== NO_SINGLE_LABEL || weight < least) return NO_SINGLE_LABEL;
    only = label;
  }
  return only;
}
