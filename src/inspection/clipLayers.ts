/** @file Single frames of a clip as the method sees them, drawn when they are asked for. */
import { spreadIndices } from "../video/drawing/contactSheet.ts";
import type { RgbPicture } from "../video/picture.ts";
import { checkFrameIndex } from "../video/sources/frameRange.ts";
import { ClipViewer, type ClipViewerOptions } from "./clipViewer.ts";
import type { LayerName } from "./layerNames.ts";
import { type SeenFrame, seenFrames } from "./seenFrames.ts";

/** A picture of each, at the size used for inspection. */
export type LayerPictures = Readonly<Record<LayerName, RgbPicture>>;

/** Frames back to the reference of the clusters, as `inspect` has it. */
const GAP = 5;
/** Frames that the colours of features are fitted on: fewer than `inspect` takes, since somebody waits. */
const FITTED = 4;

/** Frames are asked for one at a time. */
export class ClipLayers implements AsyncDisposable {
  private readonly clip: ClipViewer;

  private constructor(clip: ClipViewer) {
    this.clip = clip;
  }

  /** @throws UserError those of `ClipViewer.open` */
  static async open(options: ClipViewerOptions): Promise<ClipLayers> {
    return new ClipLayers(await ClipViewer.open(options, spreadIndices(options.source.frameCount, FITTED)));
  }

  /** The pictures of a frame. @throws UserError `video/frame-index`, and those of reading the clip */
  async views(index: number): Promise<LayerPictures> {
    const { seeing, viewer } = this.clip;
    checkFrameIndex(seeing.source, index);
    const reference = Math.max(0, index - GAP);
    // With the frame before each, for their motion.
    const wanted = new Set([reference - 1, reference, index - 1, index].filter((one) => one >= 0));
    const seen = new Map<number, SeenFrame>();
    const ascending = [...wanted].toSorted((a, b) => a - b);
    for await (const frame of seenFrames(seeing, ascending)) seen.set(frame.index, frame);
    const { views } = await viewer.view(seen.get(index) as SeenFrame, seen.get(reference) as SeenFrame);
    return views as LayerPictures;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clip[Symbol.asyncDispose]();
  }
}
