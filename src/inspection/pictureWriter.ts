/** @file The picture files of an inspection: `motion-00012.png`, `affinity-00012-x120-y80.png` and so on. */
import { join } from "node:path";
import { writeFileAtomic } from "../core/files.ts";
import { drawRings } from "../video/drawing/marks.ts";
import { type Panel, Panels, panelSize } from "../video/drawing/panels.ts";
import type { RgbPicture } from "../video/picture.ts";
import { encodePng } from "../video/writing/png.ts";
import { type FrameViews, type ViewName } from "./frameViews.ts";
import type { PageFrame, PagePicture, PixelView } from "./page.ts";
import { type Pixel, PIXEL_COLOUR } from "./pixels.ts";
import type { SeenFrame } from "./seenFrames.ts";

/** Panels per row in pictures of one pixel. */
const COLUMNS = 3;
/** Width of a picture on the sheet, pixels. */
const SHEET_WIDTH = 320;

const TITLES: Readonly<Record<PixelView, (place: string, frame: number) => string>> = {
  affinity: (place, frame) => `Where the pixel at ${place} of frame ${frame} was before`,
  candidates: (place, frame) => `Candidates of the pixel at ${place} of frame ${frame}`,
};

/** A frame's files so far. */
interface WrittenFrame extends PageFrame {
  readonly views: { view: ViewName; file: string }[];
  readonly pixels: PagePicture[];
}

export class PictureWriter {
  private readonly out: string;
  private readonly written: WrittenFrame[] = [];
  private readonly onSheet: (Panel & { view: ViewName })[] = [];

  constructor(out: string) {
    this.out = out;
  }

  /** All frames and their files, in order. */
  get frames(): readonly PageFrame[] {
    return this.written;
  }

  /** A file for each view of a frame; the frame itself shows the pixels' places. */
  async views({ index, name, motion }: SeenFrame, views: FrameViews, pixels: readonly Pixel[]): Promise<void> {
    const frame: WrittenFrame = { index, views: [], pixels: [] };
    this.written.push(frame);
    for (const [view, plain] of Object.entries(views) as [ViewName, RgbPicture][]) {
      const picture = view === "frame" ? drawRings(plain, pixels, PIXEL_COLOUR) : plain;
      const file = `${view}-${name}.png`;
      await writeFileAtomic(join(this.out, file), await encodePng(picture));
      frame.views.push({ view, file });
      const still = view === "motion" && motion.kind !== "motion" ? ` (${motion.kind})` : "";
      this.onSheet.push({ view, picture, caption: view === "frame" ? `frame ${index}` : `${view}${still}` });
    }
  }

  /** One file of panels on a pixel of the frame written last. */
  async panels({ index, name }: SeenFrame, pixel: Pixel, kind: PixelView, panels: readonly Panel[]): Promise<void> {
    const file = `${kind}-${name}-${pixel.name}.png`;
    await writeFileAtomic(join(this.out, file), await sheetOf(panels, COLUMNS));
    this.written[this.written.length - 1].pixels.push({ kind, title: TITLES[kind](pixel.place, index), file });
  }

  /** A row for each frame. @returns the file. */
  async sheet(): Promise<string> {
    const path = join(this.out, "sheet.png");
    const columns = new Set(this.onSheet.map(({ view }) => view)).size;
    await writeFileAtomic(path, await sheetOf(this.onSheet, columns, SHEET_WIDTH));
    return path;
  }
}

async function sheetOf(shown: readonly Panel[], columns: number, width?: number): Promise<Uint8Array> {
  const { picture } = shown[0];
  const size =
    width === undefined ? panelSize(picture) : { width, height: Math.round((picture.height * width) / picture.width) };
  const panels = await Panels.open({ ...size, columns, captions: shown.map(({ caption }) => caption) });
  return encodePng(panels.compose(shown.map((panel) => panel.picture)));
}
