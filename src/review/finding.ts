/** @file What may be wrong in a tracked clip: one event of one thing or of two, in one frame. */

/**
 * `doubt`: confidence falls or is low; `area`: a mask grows or shrinks at once; `jump`: a place moves too far at once;
 * `touch`: two masks touch, or two points lie on one another; `merge`: one disappears into another; `gone`, `left`,
 * `back`: a thing disappears, leaves the picture, appears; `cut`: the camera cuts.
 */
export type FindingKind = "doubt" | "area" | "jump" | "touch" | "merge" | "gone" | "left" | "back" | "cut";

/** An event. */
export interface Finding {
  readonly kind: FindingKind;
  /** Index of the frame to look at. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec: number;
  /** Names of the things that it is about; none for a cut. */
  readonly things: readonly string[];
  /** 0..1: how likely it is that something is wrong, and how much. */
  readonly weight: number;
  /** In words. */
  readonly text: string;
}
