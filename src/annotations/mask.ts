/** @file The mask of a frame: which object every pixel belongs to. */
import type { LabelMap } from "../video/labelMap.ts";
import type { Verdict } from "./verdict.ts";

/** The part of a frame's annotation that refers to objects by their id. */
export interface MaskAnnotation {
  /** 0 = background, 1..254 = object ids, 255 = void. */
  readonly mask?: LabelMap;
  /**
   * Ids of the objects that `mask` covers; default those that it shows. One without any pixel is not visible in this
   * frame; of objects not listed nothing is known.
   */
  readonly objects?: readonly number[];
  /** Verdicts on the mask's objects. */
  readonly verdicts?: readonly MaskVerdict[];
}

/** A verdict on one object of a mask. */
export interface MaskVerdict extends Verdict {
  readonly id: number;
}
