/** @file What somebody says of an object in a frame: whether it can be seen, how sure they are, who looked. */

/** A verdict on an object in a frame; what is absent was not said. */
export interface Verdict {
  /** False: covered, out of the frame or lost; the place given with it is a guess or says nothing. Default true. */
  readonly visible?: boolean;
  /** Estimated probability that the place is right, 0..1. */
  readonly confidence?: number;
  /** What a person did: drew or changed it (`corrected`), or looked at it and left it (`checked`). */
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

/** What can be seen; null for what cannot, or was not annotated. */
export function ifVisible<Seen extends Verdict>(annotated: Seen | undefined): Seen | null {
  return annotated !== undefined && isVisible(annotated) ? annotated : null;
}
