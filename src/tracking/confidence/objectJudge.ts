/**
 * @file Judges every object in every frame: the confidence of its mask and whether it can be seen. Masks of objects
 * that cannot are emptied.
 */
import type { Resumable } from "../../core/resumable.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { probability } from "./logistic.ts";
import { OBJECT_CALIBRATION } from "./objectCalibration.ts";
import { Recall } from "./recall.ts";
import { type ObjectSignals, type RecentShapes, SignalMeter } from "./objectSignals.ts";

/** The verdict on an object in a frame. */
export interface ObjectVerdict {
  /**
   * Calibrated probability that the mask's IoU with the truth is at least 0.5, 0..1; 0 where nothing carried the
   * object's label.
   */
  readonly confidence: number;
  /** False when the object seems covered, out of the frame or lost. */
  readonly visible: boolean;
  /** What that rests on; undefined in the labelled frame and where nothing carried the object's label. */
  readonly signals: ObjectSignals | undefined;
}

/** The labels are given. */
export const GIVEN: ObjectVerdict = { confidence: 1, visible: true, signals: undefined };

const GONE: ObjectVerdict = { confidence: 0, visible: false, signals: undefined };

/** Least probability that its mask touches it at all with which an object counts as visible. */
const PRESENT = 0.35;
/**
 * The same after a cut, and where only the labelled frame supports it: an object has to be found for sure before it is
 * followed further.
 */
const FOUND_AGAIN = 0.5;
/**
 * Where only the labelled frame supports it, more than this share of the labelled object has to match there; the other
 * direction proves nothing, since the object was found that way.
 */
const LEADS_THERE = 0.5;
/**
 * For so many frames after an object was found again the labelled frame is searched alone: until then the frames
 * without it outvote the others.
 */
const RECOVERY = 8;

/** What a judge needs to know of a clip. */
export interface JudgeOptions {
  /** Label values of a cell: background and objects. */
  readonly labels: number;
  readonly grid: CellGrid;
  /** Whether masks of objects that cannot be seen are emptied; otherwise every object with a mask is visible. */
  readonly hides: boolean;
}

/** A judge's state between two frames, beside what it took from the labelled frame. */
export interface JudgeState {
  /** By object: for how many frames the labelled frame is still searched alone for it. */
  readonly recovery: readonly number[];
  readonly recent: readonly RecentShapes[];
}

/** What else is known of a frame. */
export interface JudgedFrame {
  /** It belongs to another shot than the one before. */
  readonly cut: boolean;
  /** `[cells, labels]`, by the labelled frame alone; undefined where it was not searched. */
  readonly recalled?: Float32Array | undefined;
}

/** Judges one clip's objects, frame by frame. */
export class ObjectJudge implements Resumable<JudgeState> {
  private readonly options: JudgeOptions;
  private readonly meter: SignalMeter;
  /** See `JudgeState`. */
  private recovery: readonly number[];

  /** @param weights `[cells, labels]` of the labelled frame. */
  constructor(features: FeatureMap, weights: Float32Array, options: JudgeOptions) {
    this.options = options;
    this.meter = new SignalMeter(features, weights, options.labels, options.grid);
    this.recovery = Array.from({ length: options.labels - 1 }, () => 0);
  }

  /**
   * Whether an object has to be found again, or was just found: then the labelled frame should be searched alone,
   * everywhere.
   */
  get recalling(): boolean {
    return this.options.hides && this.recovery.some((frames) => frames > 0);
  }

  state(): JudgeState {
    return { recovery: this.recovery, recent: this.meter.state() };
  }

  /** @param state of a judge of the same labelled frame. */
  resume({ recovery, recent }: JudgeState): void {
    this.recovery = recovery;
    this.meter.resume(recent);
  }

  /** The next frame belongs to another shot: what was known of places and areas no longer holds. */
  cut(): void {
    this.meter.forget();
    this.recovery = this.recovery.map(() => RECOVERY);
  }

  /**
   * The next frame's objects, by label from 1 on.
   * @param weights `[cells, labels]`; objects that come back get theirs, the weights of those that cannot be seen go to
   * the background.
   */
  next(features: FeatureMap, weights: Float32Array, { cut, recalled }: JudgedFrame): ObjectVerdict[] {
    const { labels, grid } = this.options;
    const recall = recalled && new Recall(weights, recalled, labels, grid.width);
    const back = this.recovery.map(
      (frames, i) => frames > 0 && recall?.takeBack(i + 1, this.meter.labelledArea(i)) === true,
    );
    const signals = this.meter.next(features, weights, back);
    const verdicts = signals.map((one, i) => this.verdict(i, one, { cut, back: back[i] }));
    this.meter.remember(verdicts.map(({ visible }, i) => (back[i] ? (visible ? "anew" : "no") : "yes")));
    this.recovery = verdicts.map(({ visible }, i) => (visible ? Math.max(0, this.recovery[i] - 1) : RECOVERY));
    if (this.options.hides) this.hide(weights, verdicts);
    return verdicts;
  }

  /** After a cut, and where the labelled frame alone found it, the object has to be found for sure. */
  private verdict(
    object: number,
    signals: ObjectSignals | undefined,
    { cut, back }: { readonly cut: boolean; readonly back: boolean },
  ): ObjectVerdict {
    const judgeable = this.options.hides && this.meter.labelledArea(object) > 0;
    if (signals === undefined) return { ...GONE, visible: !judgeable };
    const confidence = probability(OBJECT_CALIBRATION.overlapping, { ...signals });
    const present = probability(OBJECT_CALIBRATION.present, { ...signals });
    const sure = confidence >= FOUND_AGAIN && (!back || signals.found > LEADS_THERE);
    const visible = !judgeable || (present >= PRESENT && (sure || !(cut || back)));
    return { confidence, visible, signals };
  }

  private hide(weights: Float32Array, verdicts: readonly ObjectVerdict[]): void {
    const { labels } = this.options;
    for (const [i, { visible }] of verdicts.entries()) {
      if (visible) continue;
      for (let at = 0; at < weights.length; at += labels) {
        weights[at] += weights[at + i + 1];
        weights[at + i + 1] = 0;
      }
    }
  }
}
