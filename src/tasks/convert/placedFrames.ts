/** @file Annotations, placed in the clip that they belong to. */
import type { Annotations, AnnotationStream } from "../../annotations/annotations.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { inPixels } from "../../annotations/inPixels.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { requireSize as requireKnownSize } from "../../formats/paintedMask.ts";
import { listed } from "../../formats/usable.ts";
import type { FrameSource } from "../../video/frame.ts";
import { frameOfPicture, requireSize } from "../track/placeLabels.ts";

/** The clip, as far as a conversion needs it. */
export type ConvertedClip = Pick<FrameSource, "path" | "names" | "width" | "height" | "frameCount" | "timesSec">;

/** What places annotations. */
export interface Placement {
  /** Named in messages. */
  readonly input: string;
  readonly clip: ConvertedClip | undefined;
  /** Of the frames, where no clip says it. */
  readonly size: FrameSize | undefined;
  /** Whether the times of frames are of use. */
  readonly timed: boolean;
  readonly logger: Logger;
}

/**
 * In pixels, each frame under its index in the clip. Pictures that the clip does not have are left out with a warning.
 * @throws UserError `labels/size`, `labels/relative`; while frames are read `labels/frame`, `labels/picture`
 */
export function placedIn(stream: AnnotationStream, placement: Placement): AnnotationStream {
  const { input } = placement;
  const known = wantedSize(placement);
  if (known !== undefined && stream.size !== undefined && stream.relative === undefined)
    requireSize({ size: stream.size, name: input }, known);
  const scaled =
    stream.relative === undefined ? stream : inPixels(stream as Annotations, requireKnownSize(known ?? stream.size));
  const size = scaled.size ?? (known && { width: known.width, height: known.height });
  return { ...scaled, ...(size && { size }), frames: placedFrames(scaled.frames, placement) };
}

/** What every picture has to measure: the clip, or the size that was given. */
function wantedSize({ clip, size }: Placement): (FrameSize & { readonly path: string }) | undefined {
  return clip ?? (size && { ...size, path: "--size" });
}

async function* placedFrames(
  frames: AnnotationStream["frames"],
  placement: Placement,
): AsyncGenerator<FrameAnnotation, void, void> {
  const { clip, input, logger } = placement;
  const strange: string[] = [];
  const seen = new Set<number>();
  const known = wantedSize(placement);
  for await (const frame of frames) {
    const index =
      clip === undefined || frame.image === undefined ? frame.frame : frameOfPicture(frame.image, clip.names);
    if (index === undefined) {
      strange.push(`"${frame.image}"`);
      continue;
    }
    if (clip !== undefined) requireFrame(index, clip, input);
    if (known !== undefined && frame.mask !== undefined) requireSize({ size: frame.mask, name: input }, known);
    if (seen.has(index)) throw twice(index, placement);
    seen.add(index);
    yield { ...frame, frame: index, ...namedAs(index, clip), ...timeOf(index, placement) };
  }
  if (strange.length > 0)
    logger.warn(`${input}: left out pictures that ${clip?.path} does not have: ${listed(strange)}`);
}

/** The name of a clip's frame, where it is not its index. */
function namedAs(frame: number, clip: ConvertedClip | undefined): Pick<FrameAnnotation, "image"> {
  const name = clip?.names[frame];
  return name === undefined || name === String(frame).padStart(5, "0") ? {} : { image: name };
}

function timeOf(frame: number, { clip, timed }: Placement): Pick<FrameAnnotation, "timeSec"> {
  return clip !== undefined && timed ? { timeSec: clip.timesSec[frame] } : {};
}

function requireFrame(frame: number, { path, frameCount }: ConvertedClip, input: string): void {
  if (frame < frameCount) return;
  throw new UserError("labels/frame", {
    what: `${input}: ${path} has no such frame`,
    got: `frame ${frame}`,
    expected: `0 to ${frameCount - 1}`,
    todo: "give the clip that was labelled",
  });
}

function twice(frame: number, { input, clip }: Placement): UserError {
  return new UserError("labels/picture", {
    what: `${input} has several pictures that would be frame ${frame}`,
    expected: "each frame once",
    todo: clip === undefined ? "name the folder of the pictures with --video" : "give the clip that was labelled",
  });
}
