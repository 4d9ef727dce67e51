/**
 * @file Pictures of what the method sees in a clip, written into a folder, with a video and a page that shows them all.
 */
import { basename, join } from "node:path";
import { counted } from "../core/counted.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type Logger, silent } from "../core/log.ts";
import type { PictureSize } from "../method/features.ts";
import { hasValueMap } from "../method/valueMapper.ts";
import { spreadIndices } from "../video/drawing/contactSheet.ts";
import type { Point } from "../video/point.ts";
import { ClipViewer, type ClipViewerOptions, shownSize } from "./clipViewer.ts";
import { type FrameChoice, type FramePlan, lookBack, planFrames } from "./framePlan.ts";
import { pageHtml } from "./page.ts";
import { PictureWriter } from "./pictureWriter.ts";
import { PixelPictures } from "./pixelPictures.ts";
import { checkPixels } from "./pixels.ts";
import { type SeenFrame, seenFrames } from "./seenFrames.ts";
import { InspectionVideo } from "./video.ts";

/** What to inspect, and with which encoder. */
export interface InspectOptions extends FrameChoice, ClipViewerOptions {
  /** A folder, made if missing. */
  readonly out: string;
  /** Pixels of the clip's frames; default: in every frame, the two places that move most. */
  readonly pixels?: readonly Point[] | undefined;
  readonly logger?: Logger | undefined;
  /** Aborting ends it with the signal's reason; pictures already written are kept. */
  readonly signal?: AbortSignal | undefined;
}

/** The files written, and what was noticed. */
export interface Inspection {
  /** Indices of the frames that got pictures. */
  readonly frames: readonly number[];
  /** What the user should know: a still clip, cuts, weights without VEN. */
  readonly notes: readonly string[];
  readonly page: string;
  /** The page's pictures of whole frames on one sheet. */
  readonly sheet: string;
  /** The video's file or folder; undefined without one. */
  readonly video: string | undefined;
}

/** Frames that the colours of features are fitted on. */
const FITTED = 8;

/**
 * @throws UserError `inspect/short`, `inspect/pixel`, `video/frame-index`, `weights/notes`, those of reading the clip
 * and writing files.
 */
export async function inspectClip(options: InspectOptions): Promise<Inspection> {
  const { source, pixels, logger = silent } = options;
  const plan = planFrames(source, options);
  checkPixels(pixels ?? [], source);
  const size = shownSize(source, options.protocol);
  const notes = firstNotes(options, size);
  for (const note of notes) logger.warn(note);
  const spread = spreadIndices(plan.drawn.length, FITTED).map((i) => plan.drawn[i]);
  await using clip = await ClipViewer.open(options, spread);
  // Awaited here: what is opened above is closed when this function returns.
  return await new Inspecting(options, plan, clip).run(notes);
}

/** Notes that can be made before anything is drawn. */
function firstNotes({ encoder, protocol }: InspectOptions, size: PictureSize): string[] {
  const notes: string[] = [];
  const cells = { width: Math.ceil(size.width / encoder.stride), height: Math.ceil(size.height / encoder.stride) };
  const window = 2 * Math.floor(protocol.radius.cells) + 1;
  if (Math.min(cells.width, cells.height) < window)
    notes.push(
      `frames of ${cells.width}x${cells.height} cells are smaller than the search window of ${window}x${window}: ` +
        "near the border every cell is a candidate",
    );
  return notes;
}

/** One pass over the clip. */
class Inspecting {
  private readonly options: InspectOptions;
  private readonly plan: FramePlan;
  private readonly clip: ClipViewer;
  private readonly writer: PictureWriter;
  private readonly pixels: PixelPictures;
  /** Frames that others still need, by index. */
  private readonly memory = new Map<number, SeenFrame>();
  private readonly kinds = new Map<string, number>();

  constructor(options: InspectOptions, plan: FramePlan, clip: ClipViewer) {
    this.options = options;
    this.plan = plan;
    this.clip = clip;
    this.writer = new PictureWriter(options.out);
    this.pixels = new PixelPictures({ protocol: options.protocol, radius: clip.settings.radius, clip: options.source });
  }

  async run(notes: readonly string[]): Promise<Inspection> {
    const { options, plan, clip } = this;
    const { logger = silent, signal } = options;
    const drawn = new Set(plan.drawn);
    await using video = options.video ? await this.openVideo() : undefined;
    let done = 0;
    for await (const frame of seenFrames(clip.seeing, plan.seen)) {
      signal?.throwIfAborted();
      this.remember(frame);
      if (!drawn.has(frame.index)) continue;
      await this.draw(frame, video);
      logger.progress(`drew ${++done} of ${plan.drawn.length} frames`);
    }
    const found = this.notes();
    for (const note of found) logger.warn(note);
    return this.finish([...notes, ...found], await video?.finish());
  }

  private openVideo(): Promise<InspectionVideo> {
    const { options, plan, clip } = this;
    const { out, source, weights, logger = silent } = options;
    const layout = { size: clip.seeing.size, indices: plan.drawn, withValue: hasValueMap(weights.values) };
    return InspectionVideo.open(out, source, layout, logger);
  }

  private async draw(frame: SeenFrame, video: InspectionVideo | undefined): Promise<void> {
    const { clip, options, plan } = this;
    const reference = this.recall(Math.max(0, frame.index - options.gap));
    const { views, sample } = await clip.viewer.view(frame, reference);
    this.kinds.set(frame.motion.kind, (this.kinds.get(frame.motion.kind) ?? 0) + 1);
    const shown = plan.shown.includes(frame.index);
    const pixels = shown ? this.pixels.of(frame, options.pixels) : [];
    await video?.write(views);
    if (!shown) return;
    await this.writer.views(frame, views, pixels);
    for (const pixel of pixels) {
      await this.writer.panels(frame, pixel, "candidates", this.pixels.candidates(frame, reference, pixel, sample));
      const affinity = this.pixels.affinity(frame, pixel, (index) => this.recall(index));
      if (affinity !== undefined) await this.writer.panels(frame, pixel, "affinity", affinity);
    }
  }

  private remember(frame: SeenFrame): void {
    const { protocol, gap } = this.options;
    const lasting = this.pixels.lasting;
    this.memory.set(frame.index, frame);
    for (const index of this.memory.keys())
      if (index < frame.index - lookBack(protocol, gap) && !lasting.has(index)) this.memory.delete(index);
  }

  private recall(index: number): SeenFrame {
    return this.memory.get(index) as SeenFrame;
  }

  /** Counts of what the motion maps of the drawn frames showed. */
  private notes(): string[] {
    const count = (kind: string): number => this.kinds.get(kind) ?? 0;
    const cuts = count("cut");
    return [
      ...(count("motion") === 0
        ? ["beyond the camera and noise, nothing moves in the inspected frames: all motion maps are dark"]
        : []),
      ...(cuts > 0 ? [`no motion map for ${counted(cuts, "frame")} after a cut or a flash`] : []),
    ];
  }

  private async finish(notes: readonly string[], video: string | undefined): Promise<Inspection> {
    const { out, source } = this.options;
    const sheet = await this.writer.sheet();
    const page = join(out, "index.html");
    const file = video?.endsWith(".mp4") === true ? "inspect.mp4" : undefined;
    await writeFileAtomic(
      page,
      pageHtml({
        title: `What the method sees in ${basename(source.path)}`,
        notes,
        video: file,
        frames: this.writer.frames,
      }),
    );
    return { frames: this.plan.shown, notes, page, sheet, video };
  }
}
