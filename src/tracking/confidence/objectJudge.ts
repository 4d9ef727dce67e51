/** @file Says of every object in every frame how sure its mask is and whether it can be seen, and keeps the mask of one that cannot empty. */
import type { FeatureMap } from "../../method/features.ts";
import type { CellGrid } from "../cellGrid.ts";
import { probability } from "./logistic.ts";
import { OBJECT_CALIBRATION } from "./objectCalibration.ts";
import { type ObjectSignals, type RecentShapes, SignalMeter } from "./objectSignals.ts";

/** What is thought of an object in a frame. */
export interface ObjectVerdict {
  /** Calibrated probability that the mask's IoU with the truth is at least 0.5, 0..1; 0 where nothing carried the object's label. */
  readonly confidence: number;
  /** False when the object seems covered, out of the frame or lost. */
  readonly visible: boolean;
  /** What that rests on; undefined in the labelled frame and where nothing carried the object's label. */
  readonly signals: ObjectSignals | undefined;
}

/** The labels are given. */
export const GIVEN: ObjectVerdict = { confidence: 1, visible: true, signals: undefined };

const GONE: ObjectVerdict = { confidence: 0, visible: false, signals: undefined };

/** An object is said to be visible from this probability on that its mask touches it at all. */
const PRESENT = 0.35;
/** After a cut an object has to be found for sure before it is followed further. */
const FOUND_AGAIN = 0.5;

/** What a judge needs to know of a clip. */
export interface JudgeOptions {
  /** Label values of a cell: background and objects. */
  readonly labels: number;
  readonly grid: CellGrid;
  /** Whether masks of objects that cannot be seen are emptied; otherwise every object with a mask is visible. */
  readonly hides: boolean;
}

/** Where a judge stands between two frames, beside what the labelled frame told. */
export interface JudgeState {
  /** By object: whether it has to be found again. */
  readonly lost: readonly boolean[];
  readonly recent: readonly RecentShapes[];
}

/** Judges one clip's objects, frame by frame. */
export class ObjectJudge {
  private readonly options: JudgeOptions;
  private readonly meter: SignalMeter;
  /** Whether each object has to be found again. */
  private lost: readonly boolean[];

  /** @param weights `[cells, labels]` of the labelled frame. */
  constructor(features: FeatureMap, weights: Float32Array, options: JudgeOptions) {
    this.options = options;
    this.meter = new SignalMeter(features, weights, options.labels, options.grid);
    this.lost = Array.from({ length: options.labels - 1 }, () => false);
  }

  /** Whether an object has to be found again: then the labelled frame should be searched everywhere. */
  get searching(): boolean {
    return this.options.hides && this.lost.includes(true);
  }

  get state(): JudgeState {
    return { lost: this.lost, recent: this.meter.recent };
  }

  /** Goes on from the state of another judge of the same labelled frame. */
  goOnFrom({ lost, recent }: JudgeState): void {
    this.lost = lost;
    this.meter.goOnFrom(recent);
  }

  /** The next frame belongs to another shot: what was known of places and areas no longer holds. */
  cut(): void {
    this.meter.forget();
    this.lost = this.lost.map(() => true);
  }

  /**
   * The next frame's objects, by label from 1 on.
   * @param weights `[cells, labels]`; the weights of objects that cannot be seen go to the background.
   */
  next(features: FeatureMap, weights: Float32Array, cut: boolean): ObjectVerdict[] {
    const verdicts = this.meter.next(features, weights).map((signals, i) => this.verdict(i, signals, cut));
    this.lost = verdicts.map(({ visible }) => !visible);
    if (this.options.hides) this.hide(weights);
    return verdicts;
  }

  private verdict(object: number, signals: ObjectSignals | undefined, cut: boolean): ObjectVerdict {
    const judgeable = this.options.hides && this.meter.winsCells(object);
    if (signals === undefined) return { ...GONE, visible: !judgeable };
    const confidence = probability(OBJECT_CALIBRATION.overlapping, { ...signals });
    const present = probability(OBJECT_CALIBRATION.present, { ...signals });
    const visible = !judgeable || (present >= PRESENT && (!cut || confidence >= FOUND_AGAIN));
    return { confidence, visible, signals };
  }

  private hide(weights: Float32Array): void {
    const { labels } = this.options;
    for (const [i, lost] of this.lost.entries()) {
      if (!lost) continue;
      for (let at = 0; at < weights.length; at += labels) {
        weights[at] += weights[at + i + 1];
        weights[at + i + 1] = 0;
      }
    }
  }
}
