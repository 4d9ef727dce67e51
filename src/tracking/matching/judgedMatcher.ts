/**
 * @file Matching of one pass, judged: camera cuts are detected, target models and the small picture correct what was
 * copied, objects get a confidence, and those that cannot be seen are taken out of the cells that later frames copy.
 */
import type { Logger } from "../../core/log.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import { firstColumns, setFirstColumns } from "./cellColumns.ts";
import { CutWatch, type FrameReader } from "../confidence/cutWatch.ts";
import { type JudgeState, ObjectJudge, type ObjectVerdict } from "../confidence/objectJudge.ts";
import { strongestLabels } from "../confidence/labelShape.ts";
import type { EncodedFrame } from "../encodedFrames.ts";
import { shiftWeights } from "../target/shiftWeights.ts";
import type { FrameMotion, SeenMotion } from "../target/frameMotion.ts";
import { appendedFor, hasTargets, seesMotion, TargetModel, type TargetState } from "../target/targetModel.ts";
import { type FrameAgain, FrameMatcher, type FrameMatcherOptions, type MatchedCells } from "./frameMatcher.ts";

/** How a pass is matched and judged. */
export interface JudgedMatcherOptions extends FrameMatcherOptions {
  /** The first columns: background and objects. Others are not judged. */
  readonly labels: number;
  /** Reports cuts. */
  readonly logger?: Logger | undefined;
}

/** Shifts of the logits of label weights by object, `[cells]`, see `shiftWeights`; undefined = nothing is said. */
export type Advice = readonly (Float32Array | undefined)[];

/** What was found in a frame. */
export interface JudgedCells {
  /**
   * `[height, width, columns]`, a view that stays in the memory: what is written to it is what later frames copy. What is
   * out of sight may still be in it, see `shownCells`.
   */
  readonly cells: Float32Array;
  /** By object, in order of the columns. */
  readonly verdicts: readonly ObjectVerdict[];
  /** This frame belongs to another shot than the one before. */
  readonly cut: boolean;
}

/** What resuming after a frame needs of it, beside its cells. */
export interface WatchState {
  readonly cut: boolean;
  /** Without signals. */
  readonly verdicts: readonly Pick<ObjectVerdict, "confidence" | "visible">[];
  readonly judge: JudgeState;
  /** Index of the frame that the next one is compared with to detect a cut; null = none yet. */
  readonly compared: number | null;
}

/** What resuming after a frame needs of it, beside its features. */
export type JudgedState = MatchedCells & {
  readonly watch: WatchState;
  /** Null without a target model. */
  readonly target: TargetState | null;
};

/** A frame that was matched and judged before. */
export interface JudgedFrameAgain extends FrameAgain {
  /** Reads an earlier frame. */
  readonly frameAt: FrameReader;
}

/** A `FrameMatcher` whose results are judged. */
export class JudgedMatcher implements ResumableWith<JudgedState, JudgedFrameAgain> {
  readonly matcher: FrameMatcher;
  private readonly options: JudgedMatcherOptions;
  private readonly judge: ObjectJudge;
  private readonly cuts: CutWatch;
  private readonly target: TargetModel | undefined;
  /** Of the latest frame, `[cells, labels]`. */
  private before: Float32Array;
  private latest: Pick<JudgedCells, "verdicts" | "cut"> = { verdicts: [], cut: false };

  private constructor(
    options: JudgedMatcherOptions,
    matcher: FrameMatcher,
    encoded: EncodedFrame,
    given: Float32Array,
  ) {
    const { labels, protocol } = options;
    const { grid } = matcher;
    this.options = options;
    this.matcher = matcher;
    this.judge = new ObjectJudge(encoded, given, { labels, grid, hides: protocol.visibility === "judged" });
    this.target = hasTargets(options) ? new TargetModel(encoded, given, labels, grid, seesMotion(options)) : undefined;
    this.before = given;
    this.cuts = new CutWatch(options.logger);
    this.cuts.before(encoded.frame);
  }

  /**
   * Begins with the labelled frame.
   * @param cellsFor its labels, `[height, width, columns]`.
   * @throws UserError `tracking/memory`
   */
  static async begin(
    options: JudgedMatcherOptions,
    encoded: EncodedFrame,
    cellsFor: (matcher: FrameMatcher) => Float32Array,
  ): Promise<JudgedMatcher> {
    const { columns, labels } = options;
    const matcher = await FrameMatcher.open({ ...options, appended: appendedFor(options) }, encoded);
    try {
      const cells = cellsFor(matcher);
      const judged = new JudgedMatcher(options, matcher, encoded, firstColumns(cells, columns, labels));
      await matcher.begin(judged.matched(encoded), cells);
      return judged;
    } catch (error) {
      await matcher.close();
      throw error;
    }
  }

  /**
   * The following frame: its labels are found and judged.
   * @param advice about its cells from elsewhere. @param moves for target models that see motion.
   * @throws UserError `tracking/frame-size`
   */
  async next(encoded: EncodedFrame, advice?: Advice, moves?: SeenMotion): Promise<JudgedCells> {
    const { columns, labels } = this.options;
    const cut = this.cuts.before(encoded.frame);
    if (cut) this.judge.cut();
    const { recalling } = this.judge;
    // Nothing moves from one shot to another, nor keeps its distance.
    this.target?.see(encoded, { moves, before: cut ? undefined : this.before });
    const cells = await this.matcher.next(this.matched(encoded), recalling);
    const objects = firstColumns(cells, columns, labels);
    if (!cut) this.takeAdvice(objects, advice);
    const recalled = recalling ? await this.matcher.recall() : undefined;
    const verdicts = this.judge.next(encoded, objects, recalled && firstColumns(recalled, columns, labels));
    if (objects !== cells) setFirstColumns(cells, columns, objects, labels);
    this.latest = { verdicts, cut };
    this.target?.learn(
      objects,
      verdicts.map(({ visible }) => visible),
    );
    this.before = objects.slice();
    return { cells, ...this.latest };
  }

  /** The labels of the latest frame are known: later frames copy these. @param objects `[height, width, labels]`. */
  correct(objects: Float32Array): void {
    this.replace(objects);
    this.judge.correct(objects);
    const there = new Set(strongestLabels(objects, this.options.labels));
    const verdicts = this.latest.verdicts.map((verdict, i) => ({ ...verdict, visible: there.has(i + 1) }));
    this.latest = { ...this.latest, verdicts };
  }

  /** Later frames copy these labels of the latest frame instead. @param objects `[height, width, labels]`. */
  replace(objects: Float32Array): void {
    setFirstColumns(this.matcher.cells, this.options.columns, objects, this.options.labels);
    this.before = objects;
  }

  /** Of the frame that was matched last. */
  state(): JudgedState {
    const { verdicts, cut } = this.latest;
    const kept = verdicts.map(({ confidence, visible }) => ({ confidence, visible }));
    const watch = { cut, verdicts: kept, judge: this.judge.state(), compared: this.cuts.state() };
    return { ...this.matcher.state(), watch, target: this.target?.state() ?? null };
  }

  /** @param ofLabelled see `SeenMotion`. */
  async resume(
    state: JudgedState,
    { time, encoded, frameAt }: JudgedFrameAgain,
    ofLabelled?: FrameMotion,
  ): Promise<void> {
    const { frame } = encoded;
    this.target?.seeLabelled(ofLabelled);
    this.target?.again(encoded);
    if (state.target !== null) this.target?.resume(state.target, time);
    await this.matcher.resume(state, { time, encoded: this.matched(encoded) });
    const { cut, verdicts, judge, compared } = state.watch;
    const { columns, labels } = this.options;
    this.before = firstColumns(state.cells, columns, labels);
    this.judge.resume(judge, this.before);
    await this.cuts.resume(compared, async (index) => (index === frame.index ? frame : frameAt(index)));
    this.latest = { cut, verdicts: verdicts.map((verdict) => ({ ...verdict, signals: undefined })) };
  }

  close(): Promise<void> {
    return this.matcher.close();
  }

  /** With the features that are matched. */
  private matched(encoded: EncodedFrame): EncodedFrame {
    if (this.target === undefined || appendedFor(this.options) === undefined) return encoded;
    return { ...encoded, features: this.target.matched(encoded.features) };
  }

  /** Of objects that were visible in the frame before, or went out of sight only a moment ago. @param objects `[cells, labels]`, changed in place. */
  private takeAdvice(objects: Float32Array, advice: Advice | undefined): void {
    const { labels } = this.options;
    const { lingering } = this.judge;
    const seen = lingering.map((lingers, i) => lingers || (this.latest.verdicts[i]?.visible ?? true));
    this.target?.advise(objects, this.before, seen);
    if (advice === undefined) return;
    shiftWeights(
      objects,
      labels,
      advice.map((shift, i) => (seen[i] ? shift : undefined)),
    );
  }
}
