/** @file Labels as files have them, before they are placed in a clip. */
import type { FrameSize } from "../../annotations/point.ts";
import type { PolygonAnnotation } from "../../annotations/polygon.ts";
import type { Bone } from "../../annotations/skeleton.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";

/** Labels as a file has them. */
export interface GivenLabels extends FrameLabels {
  /** Of the pictures that were labelled, where the file says it. */
  readonly size?: FrameSize;
  /** Outlines that are masks once the clip's size is known. */
  readonly outlines?: readonly PolygonAnnotation[];
  /** Positions are shares of the frame's size. */
  readonly relative?: true;
  /** Of the file's points, where it has one. */
  readonly skeleton?: readonly Bone[];
  /** The one frame that was asked for, of a file that names pictures. */
  readonly only?: number;
}
