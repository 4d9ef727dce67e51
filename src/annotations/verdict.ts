/**
 * @file What an annotator or tracker says about an object in a frame: whether it is visible, how sure that is, who
 * checked.
 */

/** A verdict on an object in a frame; what is absent was not said. */
export interface Verdict {
  /** False: covered, out of the frame or lost; the place given with it is a guess or meaningless. Default true. */
  readonly visible?: boolean;
  /** Something covers a part of it; its place is annotated all the same. Default false. */
  readonly occluded?: boolean;
  /** False: a tool filled it in between two frames that a person labelled. Default true. */
  readonly key?: boolean;
  /** Estimated probability that the place is right, 0..1. */
  readonly confidence?: number;
  /** What a person did: drew or changed it (`corrected`), or checked it and left it unchanged (`checked`). */
  readonly review?: "corrected" | "checked";
}

/** A tracker's verdict: it always says both. */
export interface Estimate extends Verdict {
  readonly visible: boolean;
  readonly confidence: number;
}

/** Whether the object can be seen; it can unless the verdict denies it. */
export function isVisible({ visible = true }: Verdict): boolean {
  return visible;
}

/** The annotation if it is visible; null if it is not, or is absent. */
export function ifVisible<Seen extends Verdict>(annotated: Seen | undefined): Seen | null {
  return annotated !== undefined && isVisible(annotated) ? annotated : null;
}

/** Whether a person labelled this frame, or a tracker found it; false for what a tool filled in between. */
export function isKey({ key = true }: Verdict): boolean {
  return key;
}
