/**
 * @file Tracking of the same objects on a small picture beside the one that gives the masks, with target models of its
 * own: what is found there advises the large picture (target/smallPicture.ts).
 */
import type { ResumableWith } from "../core/resumable.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { EncodedFrame } from "./encodedFrames.ts";
import type { FrameMatcher } from "./matching/frameMatcher.ts";
import {
  type Advice,
  type JudgedFrameAgain,
  JudgedMatcher,
  type JudgedMatcherOptions,
  type JudgedState,
} from "./matching/judgedMatcher.ts";
import type { FrameMotion, SeenMotion } from "./target/frameMotion.ts";
import { SmallPicture, type WeightedCells } from "./target/smallPicture.ts";

/** A small picture's tracker. */
export class SmallTracker implements ResumableWith<JudgedState, JudgedFrameAgain> {
  private readonly judged: JudgedMatcher;
  private readonly picture: SmallPicture;

  private constructor(judged: JudgedMatcher, picture: SmallPicture) {
    this.judged = judged;
    this.picture = picture;
  }

  /**
   * Begins with the labelled frame; undefined where the small picture has nothing to say of any object.
   * @param encoded on the small picture. @param large the frame's cells on the large one, objects only.
   * @param cellsFor its labels on the small one, `[height, width, labels]`.
   * @throws UserError `tracking/memory`
   */
  static async begin(
    options: JudgedMatcherOptions,
    encoded: EncodedFrame,
    large: WeightedCells,
    cellsFor: (matcher: FrameMatcher) => Float32Array,
  ): Promise<SmallTracker | undefined> {
    const { width, height } = encoded.features;
    const picture = new SmallPicture(large, { grid: { width, height, stride: encoded.stride } }, options.labels);
    if (picture.isSilent) return undefined;
    return new SmallTracker(await JudgedMatcher.begin(options, encoded, cellsFor), picture);
  }

  /** What the following frame's small picture says of the large one's cells. */
  async next(encoded: EncodedFrame, moves?: SeenMotion): Promise<Advice> {
    const { cells, verdicts } = await this.judged.next(encoded, undefined, moves);
    return this.picture.shifts(
      cells,
      verdicts.map(({ visible }) => visible),
    );
  }

  /** The labels of the latest frame are known. @param mask at the clip's size. @param ids background and objects. */
  correct(mask: LabelMap, ids: readonly number[]): void {
    this.judged.correct(this.judged.matcher.encode(mask, ids));
  }

  state(): JudgedState {
    return this.judged.state();
  }

  resume(state: JudgedState, again: JudgedFrameAgain, ofLabelled?: FrameMotion): Promise<void> {
    return this.judged.resume(state, again, ofLabelled);
  }

  close(): Promise<void> {
    return this.judged.close();
  }
}
