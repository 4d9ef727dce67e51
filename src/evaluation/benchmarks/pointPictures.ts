/** @file Tracked points to look at: a strip of frames with dots and trails. */
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { isVisible } from "../../annotations/verdict.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { contactSheet, spreadIndices } from "../../video/drawing/contactSheet.ts";
import type { FrameSource } from "../../video/frame.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { drawPoints, type Trail } from "../../video/drawing/trackOverlay.ts";

/** Frames in a strip, and how wide each is drawn in pixels. */
const STRIP = { frames: 5, width: 320 };

/** Frames of a trail. */
const TRAIL = 10;

/** Writes a PNG of frames spread evenly over the tracks. @throws UserError `file/write` and those of reading frames. */
export async function writePointStrip(
  path: string,
  source: FrameSource,
  tracks: readonly FrameAnnotation[],
): Promise<void> {
  const pictures: RgbPicture[] = [];
  for (const at of spreadIndices(tracks.length, STRIP.frames)) {
    const frame = await source.frame(tracks[at].frame);
    const trails = trailsOf(tracks.slice(Math.max(0, at - TRAIL), at + 1));
    pictures.push({ width: frame.width, height: frame.height, data: drawPoints(frame, trails) });
  }
  await writeFileAtomic(path, await contactSheet(pictures, { columns: STRIP.frames, width: STRIP.width }));
}

/** One trail for each point of the last frame. */
function trailsOf(frames: readonly FrameAnnotation[]): Trail[] {
  return (frames.at(-1)?.points ?? []).map(({ name }) =>
    frames.flatMap(({ points = [] }) => {
      const point = points.find((one) => one.name === name);
      return point === undefined ? [] : [{ ...point, visible: isVisible(point) }];
    }),
  );
}
