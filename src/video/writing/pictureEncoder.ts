/** @file The border between a video writer and what encodes for it: node-av, or the ffmpeg program. */

/** The containers that we write, and their contents: H.264, VP9, palette pictures. */
export type VideoFormat = "mp4" | "webm" | "gif";

export interface EncoderOptions {
  /** The file to write; its name need not have the format's extension. */
  readonly path: string;
  readonly format: VideoFormat;
  readonly width: number;
  readonly height: number;
  /** The nominal rate, > 0. */
  readonly fps: number;
  /** Default `usual`. */
  readonly effort?: EncodingEffort | undefined;
  /** Of an mp4; begins at time 0. */
  readonly sound?: WrittenSound | undefined;
}

/** Sound that is written with pictures: one channel. */
export interface WrittenSound {
  /** Samples a second, one of AAC's: 8000, 16000, 22050, 44100, 48000, … */
  readonly rate: number;
  /** -1..1 */
  readonly samples: Float32Array;
}

/** FFmpeg's own encoder of AAC, which every build has, and its bits a second. */
export const SOUND_ENCODER = "aac";
export const SOUND_BIT_RATE = 96_000;

/** `least` takes half the CPU time of `usual`, makes a larger file, and buffers no picture. */
export type EncodingEffort = "usual" | "least";

/** Encodes one picture after another into one file. */
export interface PictureEncoder {
  /**
   * @param rgb `[height, width, 3]` uint8 sRGB
   * @param ticks presentation time in units of `ticksPerSecond[format]`, strictly ascending
   * @param durationTicks how long it is shown, > 0; players skip the last frame of an mp4 if its duration is 0
   */
  encode(rgb: Uint8Array, ticks: number, durationTicks: number): Promise<void>;
  /** Encodes what is still buffered and completes the file. */
  end(): Promise<void>;
  /** Stops at once and frees everything; the file may be left incomplete. Harmless after `end`. */
  cancel(): Promise<void>;
}

/** The finest times that each container can hold. */
export const ticksPerSecond: Readonly<Record<VideoFormat, number>> = { mp4: 90_000, webm: 1000, gif: 100 };

/** FFmpeg's encoder for a format, with its settings. */
export interface Recipe {
  readonly encoder: string;
  readonly settings: Readonly<Record<string, string>>;
}

const vp9 = { deadline: "realtime", crf: "24", "row-mt": "1" };

const recipes: Readonly<Record<EncodingEffort, Readonly<Record<VideoFormat, Recipe>>>> = {
  // Good quality at a usable speed on two cores.
  usual: {
    mp4: { encoder: "libx264", settings: { preset: "veryfast", crf: "18" } },
    webm: { encoder: "libvpx-vp9", settings: { ...vp9, "cpu-used": "6" } },
    gif: { encoder: "gif", settings: {} },
  },
  least: {
    mp4: { encoder: "libx264", settings: { preset: "ultrafast", tune: "zerolatency", crf: "20" } },
    webm: { encoder: "libvpx-vp9", settings: { ...vp9, "cpu-used": "8" } },
    gif: { encoder: "gif", settings: {} },
  },
};

/** The recipe for a format. */
export function recipeOf({ format, effort = "usual" }: Pick<EncoderOptions, "format" | "effort">): Recipe {
  return recipes[effort][format];
}

/** The most pictures between two key frames: few enough for fast seeking in a player. */
export const KEY_FRAME_INTERVAL = 50;

/** A palette for every picture, made from its own colours. */
export const PALETTE_FILTERS =
  "split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=0[p];[b][p]paletteuse=new=1";

/** The even size for H.264 and VP9, whose colour planes have half the size: an odd one gets one more column or row. */
export function evenUp(size: number): number {
  return size + (size % 2);
}

/**
 * Adds a column or row to odd sizes by repeating the last one.
 * @param rgb `[height, width, 3]` uint8
 * @returns `[evenUp(height), evenUp(width), 3]` uint8; `rgb` itself when both are even
 */
export function padToEven(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const [outWidth, outHeight] = [evenUp(width), evenUp(height)];
  if (outWidth === width && outHeight === height) return rgb;
  const out = new Uint8Array(outWidth * outHeight * 3);
  for (let y = 0; y < outHeight; y++) {
    const from = Math.min(y, height - 1) * width * 3;
    const row = rgb.subarray(from, from + width * 3);
    out.set(row, y * outWidth * 3);
    if (outWidth > width) out.set(row.subarray(-3), (y * outWidth + width) * 3);
  }
  return out;
}
