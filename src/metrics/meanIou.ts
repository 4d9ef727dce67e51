/**
 * @file Mean IoU of semantic labels over all pixels of all frames, from a confusion matrix: VIP's evaluation
 * (`fast_hist`), also used for CamVid.
 */
import { internal } from "../core/errors.ts";
import { type LabelMap, VOID } from "../video/labelMap.ts";

/** All values 0..1. */
export interface IouScore {
  /** Of each requested class; null for a class that occurs in neither truth nor prediction. */
  readonly perClass: Readonly<Record<string, number | null>>;
  /** Over the classes that occur; NaN if none does. */
  readonly mean: number;
  /** Pixels whose truth is not void. */
  readonly pixels: number;
}

/** Counts truth against prediction. */
export class ConfusionMatrix {
  /** `[truth][prediction]`, 256 × 256. */
  private readonly counts = new Float64Array(256 * 256);

  /**
   * Adds a frame; pixels whose truth is void (255) do not count; a prediction of void is a separate class, always
   * wrong.
   */
  add(truth: LabelMap, predicted: LabelMap): void {
    if (truth.width !== predicted.width || truth.height !== predicted.height)
      throw internal(`a prediction of ${predicted.width}x${predicted.height} for ${truth.width}x${truth.height}`);
    for (let p = 0; p < truth.data.length; p++)
      if (truth.data[p] !== VOID) this.counts[truth.data[p] * 256 + predicted.data[p]]++;
  }

  /** IoU = hits / (truth + predicted − hits). @param classes to average. */
  score(classes: readonly number[]): IouScore {
    const perClass = Object.fromEntries(classes.map((label) => [label, this.iou(label)]));
    const known = Object.values(perClass).filter((value) => value !== null);
    return {
      perClass,
      mean: known.reduce((sum, value) => sum + value, 0) / known.length,
      pixels: this.counts.reduce((sum, value) => sum + value, 0),
    };
  }

  /** The labels that occur in the truth, ascending. */
  classes(): number[] {
    return Array.from({ length: VOID }, (_, label) => label).filter((label) => this.sums(label).truth > 0);
  }

  private iou(label: number): number | null {
    const hits = this.counts[label * 257];
    const { truth, predicted } = this.sums(label);
    return truth + predicted === 0 ? null : hits / (truth + predicted - hits);
  }

  private sums(label: number): { readonly truth: number; readonly predicted: number } {
    let [truth, predicted] = [0, 0];
    for (let other = 0; other < 256; other++) {
      truth += this.counts[label * 256 + other];
      predicted += this.counts[other * 256 + label];
    }
    return { truth, predicted };
  }
}
