/**
 * @file Judges every object in every frame: the confidence of its mask and whether it can be seen. Masks of objects
 * that cannot are emptied, and so are islands far from an object.
 */
import type { ResumableWith } from "../../core/resumable.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { Islands } from "./islands.ts";
import { clearLabel } from "./labelShape.ts";
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
const PRESENT = 0.2;
/** With a lower confidence an object is lost, whatever its mask touches; */
const LOST = 0.05;
/** and with a lower one than this in so many frames in a row: a glance that fails is no loss. */
const FADING = 0.1;
const FADING_FRAMES = 3;
/**
 * Least probability that the mask lies on an object that comes back or just did. After a cut, and when it was away for
 * `AWAY` frames, in two frames in a row: in the long run, and in another shot, something looks a little like the object.
 */
const FOUND_AGAIN = 0.5;
/** With this one it is found at once. */
const FOUND_AT_ONCE = 0.65;
const AWAY = 5;
/**
 * For so many frames what was carried of an object that went out of sight is carried on, though it is not shown: things
 * pass behind a post, and what they look like by now the labelled frame does not know.
 */
const LINGERING = AWAY - 1;
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
  /** By object: for how many frames it has not been visible. */
  readonly away: readonly number[];
  /** By object: for how many frames its confidence has been below `FADING`. */
  readonly fading: readonly number[];
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
  private fading: readonly number[];
  private away: readonly number[];

  /** @param weights `[cells, labels]` of the labelled frame. */
  constructor(seen: SeenFrame, weights: Float32Array, options: JudgeOptions) {
    const { labels, grid } = options;
    this.options = options;
    this.meter = new SignalMeter(seen, weights, labels, grid);
    this.islands = new Islands(weights, labels, grid.width);
    this.recovery = Array.from({ length: labels - 1 }, () => 0);
    this.cutOff = this.recovery.map(() => false);
    this.sighted = this.cutOff;
    this.fading = this.recovery;
    this.away = this.recovery;
  }

  /**
   * Whether an object has to be found again, or was just found: then the labelled frame should be searched alone,
   * everywhere.
   */
  get recalling(): boolean {
    return this.watched.some(Boolean);
  }

  state(): JudgeState {
    return {
      recovery: this.recovery,
      cutOff: this.cutOff,
      sighted: this.sighted,
      away: this.away,
      fading: this.fading,
      recent: this.meter.state(),
    };
  }

  /** @param state of a judge of the same labelled frame. @param weights of its latest frame, as it left them. */
  resume({ recovery, cutOff, sighted, away, fading, recent }: JudgeState, weights: Float32Array): void {
    this.recovery = recovery;
    this.cutOff = cutOff;
    this.sighted = sighted;
    this.fading = fading;
    this.away = away;
    this.meter.resume(recent);
    this.islands.resume(weights);
  }

  /** By object: it is out of sight, and still carried on, see `LINGERING`. */
  get lingering(): boolean[] {
    return this.away.map((frames, i) => frames > 0 && frames <= LINGERING && !this.cutOff[i]);
  }

  /** The next frame belongs to another shot: what was known of places and areas no longer holds. */
  cut(): void {
    this.meter.forget();
    this.islands.forget();
    this.recovery = this.recovery.map(() => RECOVERY);
    this.cutOff = this.recovery.map(() => true);
  }

  /**
   * The labels of the latest frame are known: what has a cell is followed from there as if it had never been away, the
   * rest has to be found again.
   * @param weights `[cells, labels]`.
   */
  correct(weights: Float32Array): void {
    const isThere = this.meter.correct(weights);
    this.islands.resume(weights);
    this.recovery = isThere.map((there) => (there ? 0 : RECOVERY));
    this.away = isThere.map((there, i) => (there ? 0 : Math.max(AWAY, this.away[i])));
    this.cutOff = isThere.map((there, i) => !there && this.cutOff[i]);
    this.sighted = isThere.map(() => false);
    this.fading = isThere.map(() => 0);
  }

  /**
   * The next frame's objects, by label from 1 on.
   * @param weights `[cells, labels]`; objects that come back get theirs, the weights of islands and of those that cannot be
   * seen go to the background, of these after a while, see `LINGERING`.
   * @param recalled `[cells, labels]`, by the labelled frame alone; undefined where it was not searched.
   */
  next(seen: SeenFrame, weights: Float32Array, recalled?: Float32Array): ObjectVerdict[] {
    const { labels, grid, hides } = this.options;
    if (recalled !== undefined) this.takeBack(new Recall(weights, recalled, labels, grid.width));
    if (hides) this.islands.clear(weights);
    const signals = this.meter.next(seen, weights, this.watched);
    const there = signals.map((one, i) => (one === undefined ? 0 : this.lying(i, one)));
    const verdicts = signals.map((one, i) => this.verdict(i, one, there[i]));
    this.away = verdicts.map(({ visible }, i) => (visible ? 0 : this.away[i] + 1));
    this.fading = verdicts.map(({ confidence }, i) => (confidence < FADING ? this.fading[i] + 1 : 0));
    this.sighted = there.map((share, i) => share >= FOUND_AGAIN && !verdicts[i].visible);
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
    for (const [i, area] of areas.entries()) if (this.isLongGone(i) && area > 0) recall.drop(i + 1);
    for (const [i, area] of areas.entries()) {
      if (this.isMissing(i)) recall.takeBack(i + 1, area, this.meter.lastPlace(i));
      else if (this.watched[i]) recall.grow(i + 1, area);
    }
  }

  /** By object: it has to be found for sure, see `RECOVERY`. */
  private get watched(): boolean[] {
    return this.recovery.map((frames) => this.options.hides && frames > 0);
  }

  /**
   * Probability that at least half of the mask of an object that comes back or just did is the object's. What others
   * claim as much is uncertain, however like the object it is.
   */
  private lying(object: number, signals: ObjectSignals): number {
    const lead = this.isMissing(object) ? this.meter.lead(object, signals) : 1;
    return lead * probability(OBJECT_CALIBRATION.returning, { ...signals });
  }

  /** @param lying see there. */
  private verdict(object: number, signals: ObjectSignals | undefined, lying: number): ObjectVerdict {
    const judgeable = this.judgeable(object);
    if (signals === undefined) return { ...GONE, visible: !judgeable };
    const { overlapping, present, returned } = OBJECT_CALIBRATION;
    const touching = this.watched[object] ? lying : probability(present, { ...signals });
    const right = this.watched[object]
      ? probability(returned, { ...signals })
      : probability(overlapping, { ...signals });
    const confidence = Math.min(touching, right);
    const isThere = this.watched[object] ? this.isFound(object, lying) : touching >= PRESENT;
    const isLost = confidence < LOST || (confidence < FADING && this.fading[object] + 1 >= FADING_FRAMES);
    if ((isThere && !isLost) || !judgeable) return { confidence, visible: true, signals };
    return { confidence: Math.min(confidence, UNSURE), visible: false, signals };
  }

  private isFound(object: number, lying: number): boolean {
    if (!this.isLongGone(object)) return lying >= FOUND_AGAIN;
    return lying >= FOUND_AT_ONCE || (lying >= FOUND_AGAIN && this.sighted[object]);
  }

  /** Whether what was carried of it says nothing any more. */
  private isLongGone(object: number): boolean {
    return this.cutOff[object] || this.away[object] >= AWAY;
  }

  /** Whether it was not visible in the frame before, or the camera has cut. */
  private isMissing(object: number): boolean {
    return this.recovery[object] === RECOVERY;
  }

  private judgeable(object: number): boolean {
    return this.options.hides && this.meter.labelledArea(object) > 0;
  }

  private hide(weights: Float32Array, verdicts: readonly ObjectVerdict[]): void {
    const { lingering } = this;
    for (const [i, { visible }] of verdicts.entries())
      if (!visible && !lingering[i]) clearLabel(weights, this.options.labels, i + 1);
  }
}
