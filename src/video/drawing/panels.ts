/**
 * @file Pictures side by side with a line of text above each, for sheets and for videos; the text is drawn only once.
 */
import sharp from "sharp";
import { internal } from "../../core/errors.ts";
import { escaped } from "../../core/html.ts";
import type { RgbPicture } from "../picture.ts";
import { resizeRgb } from "../resize.ts";

/** How panels are laid out. */
export interface PanelOptions {
  /** Width of a panel, pixels; pictures are resized to it. */
  readonly width: number;
  /** Height of a panel's picture, pixels. */
  readonly height: number;
  /** Panels per row. */
  readonly columns: number;
  /** One for each panel; their count is the number of panels. */
  readonly captions: readonly string[];
}

/** A picture and what is written above it. */
export interface Panel {
  readonly caption: string;
  readonly picture: RgbPicture;
}

/** Width of a panel, pixels: small pictures are enlarged so that captions fit. */
const WIDTH = { least: 240, most: 480 } as const;

/** A good size for panels that show pictures of a size. */
export function panelSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const shown = Math.min(WIDTH.most, Math.max(WIDTH.least, width));
  return { width: shown, height: Math.max(1, Math.round((height * shown) / width)) };
}

/** Pixels between panels. */
const GAP = 4;
/** Height of a caption, pixels. */
const CAPTION = 20;
const FONT_SIZE = 13;

/** A layout with its captions drawn; `compose` fills in the pictures. */
export class Panels {
  /** Size of the whole picture, pixels. */
  readonly width: number;
  readonly height: number;
  private readonly options: PanelOptions;
  private readonly ground: Uint8Array;

  private constructor(options: PanelOptions, ground: RgbPicture) {
    this.width = ground.width;
    this.height = ground.height;
    this.options = options;
    this.ground = ground.data;
  }

  static async open(options: PanelOptions): Promise<Panels> {
    const { columns, captions } = options;
    if (captions.length === 0) throw internal("no panels");
    const rows = Math.ceil(captions.length / columns);
    const width = Math.min(columns, captions.length) * (options.width + GAP) - GAP;
    const height = rows * (CAPTION + options.height + GAP) - GAP;
    const data = await sharp(Buffer.from(captionSvg(options, width, height)))
      .flatten({ background: "white" })
      .removeAlpha()
      .raw()
      .toBuffer();
    return new Panels(options, { width, height, data: new Uint8Array(data) });
  }

  /** @param pictures one for each caption, of the panels' proportions; undefined leaves the panel empty. */
  compose(pictures: readonly (RgbPicture | undefined)[]): RgbPicture {
    if (pictures.length !== this.options.captions.length)
      throw internal(`${pictures.length} pictures for ${this.options.captions.length} panels`);
    const data = this.ground.slice();
    pictures.forEach((picture, i) => {
      if (picture !== undefined) this.place(data, picture, corner(this.options, i));
    });
    return { width: this.width, height: this.height, data };
  }

  private place(data: Uint8Array, picture: RgbPicture, { left, top }: { left: number; top: number }): void {
    const { width, height } = this.options;
    const sized = resizeRgb(picture, width, height);
    for (let y = 0; y < height; y++)
      data.set(sized.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * this.width + left) * 3);
  }
}

/** Upper left corner of a panel's picture. */
function corner({ width, height, columns }: PanelOptions, i: number): { left: number; top: number } {
  return {
    left: (i % columns) * (width + GAP),
    top: Math.floor(i / columns) * (CAPTION + height + GAP) + CAPTION,
  };
}

function captionSvg(options: PanelOptions, width: number, height: number): string {
  const texts = options.captions.map((caption, i) => {
    const { left, top } = corner(options, i);
    return `<text x="${left + 3}" y="${top - 6}">${escaped(caption)}</text>`;
  });
  const style = `font-family="sans-serif" font-size="${FONT_SIZE}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${style}>${texts.join("")}</svg>`;
}
