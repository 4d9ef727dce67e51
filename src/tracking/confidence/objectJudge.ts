/**
 * @file Judges every object in every frame: the confidence of its mask and whether it can be seen. Masks of objects
 * that cannot are emptied, and so are islands far from an object.
 */
import type { ResumableWith } from "../../core/resumable.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { Islands } from "./islands.ts";
import { probability } from "./logistic.ts";
import { OBJECT_CALIBRATION } from "./objectCalibration.ts";
import { Recall } from "./recall.ts";
import { type ObjectSignals, type RecentShapes, type SeenFrame, SignalMeter } from "./objectSignals.ts";

/** The verdict on an object in a frame. */
export interface ObjectVerdict {
  /**
   * Calibrated probability that the object is where its mask is (IoU with the truth of at least 0.5), 0..1; where it is
   * not visible, where its mask would be. 0 where nothing carried its label.
   */
  readonly confidence: number;
  /** False when the object seems covered, out of the frame or lost; then the confidence is below 0.5. */
  readonly visible: boolean;
  /** What that rests on; undefined in the labelled frame and where nothing carried the object's label. */
  readonly signals: ObjectSignals | undefined;
}

/** The labels are given. */
export const GIVEN: ObjectVerdict = { confidence: 1, visible: true, signals: undefined };

const GONE: ObjectVerdict = { confidence: 0, visible: false, signals: undefined };

/** Least probability that its mask touches it at all with which an object counts as visible. */
const PRESENT = 0.35;
/** With a lower confidence an object is lost, whatever its mask touches. */
const LOST = 0.1;
/** Least confidence of an object that was just found again. */
const WATCHED = 0.5;
/** An object that comes back is found with this confidence in two frames in a row: phantoms seldom last. */
const FOUND_TWICE = 0.65;
/** With this one it is found at once. */
const FOUND_AT_ONCE = 0.75;
/** Highest confidence of what is not visible. */
const UNSURE = 0.49;
/**
 * For so many frames after an object was found again it has to be found for sure, and the labelled frame is searched
 * alone: until then the frames without it outvote the others.
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
  /** By object: it was not found since the camera cut. */
  readonly cutOff: readonly boolean[];
  /** By object: it came back in the latest frame, not yet for sure. */
  readonly sighted: readonly boolean[];
  readonly recent: readonly RecentShapes[];
}

/** Judges one clip's objects, frame by frame. */
export class ObjectJudge implements ResumableWith<JudgeState, Float32Array> {
  private readonly options: JudgeOptions;
  private readonly meter: SignalMeter;
  private readonly islands: Islands;
  /** See `JudgeState`. */
  private recovery: readonly number[];
  private cutOff: readonly boolean[];
  private sighted: readonly boolean[];

  /** @param weights `[cells, labels]` of the labelled frame. */
  constructor(seen: SeenFrame, weights: Float32Array, options: JudgeOptions) {
    const { labels, grid } = options;
    this.options = options;
    this.meter = new SignalMeter(seen, weights, labels, grid);
    this.islands = new Islands(weights, labels, grid.width);
    this.recovery = Array.from({ length: labels - 1 }, () => 0);
    this.cutOff = this.recovery.map(() => false);
    this.sighted = this.cutOff;
  }

  /**
   * Whether an object has to be found again, or was just found: then the labelled frame should be searched alone,
   * everywhere.
   */
  get recalling(): boolean {
    return this.watched.some(Boolean);
  }

  state(): JudgeState {
    return { recovery: this.recovery, cutOff: this.cutOff, sighted: this.sighted, recent: this.meter.state() };
  }

  /** @param state of a judge of the same labelled frame. @param weights of its latest frame, as it left them. */
  resume({ recovery, cutOff, sighted, recent }: JudgeState, weights: Float32Array): void {
    this.recovery = recovery;
    this.cutOff = cutOff;
    this.sighted = sighted;
    this.meter.resume(recent);
    this.islands.resume(weights);
  }

  /** The next frame belongs to another shot: what was known of places and areas no longer holds. */
  cut(): void {
    this.meter.forget();
    this.islands.forget();
    this.recovery = this.recovery.map(() => RECOVERY);
    this.cutOff = this.recovery.map(() => true);
  }

  /**
   * The next frame's objects, by label from 1 on.
   * @param weights `[cells, labels]`; objects that come back get theirs, the weights of those that cannot be seen and of
   * islands go to the background.
   * @param recalled `[cells, labels]`, by the labelled frame alone; undefined where it was not searched.
   */
  next(seen: SeenFrame, weights: Float32Array, recalled?: Float32Array): ObjectVerdict[] {
    const { labels, grid, hides } = this.options;
    if (recalled !== undefined) this.takeBack(new Recall(weights, recalled, labels, grid.width));
    if (hides) this.islands.clear(weights);
    const signals = this.meter.next(seen, weights, this.watched);
    const judged = signals.map((one, i) => this.verdict(i, one));
    const verdicts = judged.map((one, i) => (this.isFound(one, i) ? one : hidden(one)));
    this.sighted = judged.map(({ visible }, i) => visible && !verdicts[i].visible);
    this.meter.remember(verdicts.map(({ visible }, i) => (!visible ? "no" : this.isMissing(i) ? "anew" : "yes")));
    this.recovery = verdicts.map(({ visible }, i) => (visible ? Math.max(0, this.recovery[i] - 1) : RECOVERY));
    this.cutOff = verdicts.map(({ visible }, i) => this.cutOff[i] && !visible);
    if (hides) this.hide(weights, verdicts);
    return verdicts;
  }

  /**
   * Objects that have to be found again, or just were, get what the labelled frame alone finds; until they are found,
   * nothing carried across a cut counts.
   */
  private takeBack(recall: Recall): void {
    const areas = this.recovery.map((_, i) => this.meter.labelledArea(i));
    for (const [i, area] of areas.entries()) if (this.cutOff[i] && area > 0) recall.drop(i + 1);
    for (const [i, area] of areas.entries()) if (this.watched[i]) recall.takeBack(i + 1, area, this.meter.lastPlace(i));
  }

  /** By object: it has to be found for sure, see `RECOVERY`. */
  private get watched(): boolean[] {
    return this.recovery.map((frames) => this.options.hides && frames > 0);
  }

  private verdict(object: number, signals: ObjectSignals | undefined): ObjectVerdict {
    const judgeable = this.judgeable(object);
    if (signals === undefined) return { ...GONE, visible: !judgeable };
    const { overlapping, present, returning } = OBJECT_CALIBRATION;
    if (this.watched[object]) {
      // What others claim as much is uncertain, however like the object it is.
      const isMissing = this.isMissing(object);
      const lead = isMissing ? this.meter.lead(object, signals) : 1;
      const confidence = lead * probability(returning, { ...signals });
      const least = isMissing ? FOUND_TWICE : WATCHED;
      return { confidence, visible: confidence >= least || !judgeable, signals };
    }
    const touching = probability(present, { ...signals });
    const confidence = Math.min(touching, probability(overlapping, { ...signals }));
    return { confidence, visible: (confidence >= LOST && touching >= PRESENT) || !judgeable, signals };
  }

  /** Whether an object is visible for sure: one that was not there has to be found at once or twice. */
  private isFound({ confidence, visible }: ObjectVerdict, object: number): boolean {
    const isNew = this.judgeable(object) && this.isMissing(object);
    return visible && (!isNew || confidence >= FOUND_AT_ONCE || this.sighted[object]);
  }

  /** Whether it was not visible in the frame before, or the camera has cut. */
  private isMissing(object: number): boolean {
    return this.recovery[object] === RECOVERY;
  }

  private judgeable(object: number): boolean {
    return this.options.hides && this.meter.labelledArea(object) > 0;
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

/** What is not visible, or not yet, is less likely to be there than not. */
function hidden(verdict: ObjectVerdict): ObjectVerdict {
  return { ...verdict, visible: false, confidence: Math.min(verdict.confidence, UNSURE) };
}
