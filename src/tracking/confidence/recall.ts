/**
 * @file Objects that come back: while they were out of sight, the latest frames labelled what looks like them as
 * background, and these outvote the labelled frame. So that frame is searched alone, and an object is taken to be where
 * most of its cells are connected.
 */
import { connectedParts } from "../../core/connectedParts.ts";
import { strongestLabels } from "./labelShape.ts";

/** The least share of its labelled cells with which an object comes back. */
const LEAST_SHARE = 1 / 8;

/** One frame's cells, as they were carried to it and as the labelled frame alone has them. */
export class Recall {
  private readonly weights: Float32Array;
  private readonly recalled: Float32Array;
  private readonly labels: number;
  private readonly width: number;
  private readonly carried: Uint8Array;
  private readonly found: Uint8Array;

  /**
   * @param weights `[cells, labels]`, as carried; changed in place. @param recalled `[cells, labels]`, as the labelled
   * frame alone has it.
   * @param width of the grid, cells.
   */
  constructor(weights: Float32Array, recalled: Float32Array, labels: number, width: number) {
    this.weights = weights;
    this.recalled = recalled;
    this.labels = labels;
    this.width = width;
    this.carried = strongestLabels(weights, labels);
    this.found = strongestLabels(recalled, labels);
  }

  /** What was carried of an object says nothing: it goes to the background. */
  drop(label: number): void {
    const { weights, labels, carried } = this;
    for (let cell = 0, at = 0; cell < carried.length; cell++, at += labels) {
      weights[at] += weights[at + label];
      weights[at + label] = 0;
      if (carried[cell] === label) carried[cell] = 0;
    }
  }

  /**
   * Gives an object the cells that it has by the labelled frame alone, as far as they are background and in its largest
   * connected part.
   * @param label of the object. @param area its cells in the labelled frame.
   * @returns whether most of its cells now come from there.
   */
  takeBack(label: number, area: number): boolean {
    const { weights, recalled, labels, width, carried, found } = this;
    const own = Uint8Array.from(carried, (is, cell) => Number(is === label || (is === 0 && found[cell] === label)));
    const part = connectedParts(own, width).reduce((a, b) => (b.length > a.length ? b : a), []);
    if (part.length < LEAST_SHARE * area) return false;
    const taken = part.filter((cell) => carried[cell] !== label);
    for (const cell of taken) {
      weights.set(recalled.subarray(cell * labels, (cell + 1) * labels), cell * labels);
      carried[cell] = label;
    }
    return taken.length > part.length / 2;
  }
}
