/**
 * @file Matching of one pass, judged: camera cuts are detected, objects get a confidence, and those that cannot be seen
 * are taken out of the cells that later frames copy.
 */
import type { Logger } from "../../core/log.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import type { Frame } from "../../video/frame.ts";
import { firstColumns, setFirstColumns } from "./cellColumns.ts";
import { CutWatch, type FrameReader } from "../confidence/cutWatch.ts";
import { type JudgeState, ObjectJudge, type ObjectVerdict } from "../confidence/objectJudge.ts";
import type { EncodedFrame } from "../encodedFrames.ts";
import { type FrameAgain, FrameMatcher, type FrameMatcherOptions, type MatchedCells } from "./frameMatcher.ts";

/** How a pass is matched and judged. */
export interface JudgedMatcherOptions extends FrameMatcherOptions {
  /** The first columns: background and objects. Others are not judged. */
  readonly labels: number;
  /** Reports cuts. */
  readonly logger?: Logger | undefined;
}

/** What was found in a frame. */
export interface JudgedCells {
  /** `[height, width, columns]`, a view that stays in the memory: what is written to it is what later frames copy. */
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
export type JudgedState = MatchedCells & { readonly watch: WatchState };

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
  private latest: Pick<JudgedCells, "verdicts" | "cut"> = { verdicts: [], cut: false };

  private constructor(options: JudgedMatcherOptions, matcher: FrameMatcher, judge: ObjectJudge, frame: Frame) {
    this.options = options;
    this.matcher = matcher;
    this.judge = judge;
    this.cuts = new CutWatch(options.logger);
    this.cuts.before(frame);
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
    const { protocol, columns, labels } = options;
    const matcher = await FrameMatcher.open(options, encoded);
    const cells = cellsFor(matcher);
    await matcher.begin(encoded, cells);
    const settings = { labels, grid: matcher.grid, hides: protocol.visibility === "judged" };
    const judge = new ObjectJudge(encoded, firstColumns(cells, columns, labels), settings);
    return new JudgedMatcher(options, matcher, judge, encoded.frame);
  }

  /** The following frame: its labels are found and judged. @throws UserError `tracking/frame-size` */
  async next(encoded: EncodedFrame): Promise<JudgedCells> {
    const { columns, labels } = this.options;
    const cut = this.cuts.before(encoded.frame);
    if (cut) this.judge.cut();
    const { recalling } = this.judge;
    const cells = await this.matcher.next(encoded, recalling);
    const objects = firstColumns(cells, columns, labels);
    const recalled = recalling ? await this.matcher.recall() : undefined;
    const verdicts = this.judge.next(encoded, objects, recalled && firstColumns(recalled, columns, labels));
    if (objects !== cells) setFirstColumns(cells, columns, objects, labels);
    this.latest = { verdicts, cut };
    return { cells, ...this.latest };
  }

  /** The labels of the latest frame are known: later frames copy these. @param objects `[height, width, labels]`. */
  correct(objects: Float32Array): void {
    setFirstColumns(this.matcher.cells, this.options.columns, objects, this.options.labels);
    this.judge.correct(objects);
  }

  /** Of the frame that was matched last. */
  state(): JudgedState {
    const { verdicts, cut } = this.latest;
    const kept = verdicts.map(({ confidence, visible }) => ({ confidence, visible }));
    const watch = { cut, verdicts: kept, judge: this.judge.state(), compared: this.cuts.state() };
    return { ...this.matcher.state(), watch };
  }

  async resume(state: JudgedState, { time, encoded, frameAt }: JudgedFrameAgain): Promise<void> {
    const { frame } = encoded;
    await this.matcher.resume(state, { time, encoded });
    const { cut, verdicts, judge, compared } = state.watch;
    const { columns, labels } = this.options;
    this.judge.resume(judge, firstColumns(state.cells, columns, labels));
    await this.cuts.resume(compared, async (index) => (index === frame.index ? frame : frameAt(index)));
    this.latest = { cut, verdicts: verdicts.map((verdict) => ({ ...verdict, signals: undefined })) };
  }

  close(): Promise<void> {
    return this.matcher.close();
  }
}
