/**
 * @file Writing videos: mp4 (H.264), webm (VP9) or gif through node-av or the ffmpeg program, else a folder of PNG
 * pictures. The file is written under a temporary name and renamed when complete, so a crash or abort leaves no partial
 * file.
 */
import { open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, parse } from "node:path";
import sharp from "sharp";
import { internal, UserError } from "../../core/errors.ts";
import { makeFolders, temporaryPath, writeError } from "../../core/files.ts";
import { silent, type Logger } from "../../core/log.ts";
import { findProgram, HOW_TO_GET_A_BACKEND, noBackend, nodeAvFor, type VideoBackend } from "../backends/backend.ts";
import { FfmpegEncoder } from "./ffmpegEncoder.ts";
import { canEncode, NodeAvEncoder } from "./nodeAvEncoder.ts";
import {
  ticksPerSecond,
  type EncoderOptions,
  type EncodingEffort,
  type PictureEncoder,
  type VideoFormat,
  type WrittenSound,
} from "./pictureEncoder.ts";

export interface VideoWriterOptions {
  /** Size of the pictures, pixels. Odd sizes get one more column or row in mp4 and webm (the last one repeated). */
  readonly width: number;
  readonly height: number;
  /** Frames per second, > 0; used where `timesSec` gives no time. */
  readonly fps: number;
  /** Seconds of every frame, ascending, as `FrameSource.timesSec`: kept, down to the container's finest step. */
  readonly timesSec?: ArrayLike<number>;
  /** Default `auto`: node-av, else ffmpeg, else `png`, a folder of PNG pictures. */
  readonly backend?: VideoBackend | "png";
  /** Default `usual`. */
  readonly effort?: EncodingEffort | undefined;
  /** Written with the pictures, from time 0 on; mp4 only. */
  readonly sound?: WrittenSound | undefined;
  /** Receives a warning if only PNG pictures can be written. Default: silent. */
  readonly logger?: Logger;
}

/** Takes pictures in order. Disposing of it without `finish` aborts. */
export interface VideoWriter extends AsyncDisposable {
  /** Where the result is after `finish`: the file asked for, or a folder `NAME_frames` of PNG pictures. */
  readonly path: string;
  /** @param rgb `[height, width, 3]` uint8 sRGB */
  write(rgb: Uint8Array): Promise<void>;
  /** Completes the file and renames it to its final path. */
  finish(): Promise<void>;
  /** Stops and leaves nothing behind. */
  abort(): Promise<void>;
}

const FORMATS: Readonly<Record<string, VideoFormat>> = { ".mp4": "mp4", ".webm": "webm", ".gif": "gif" };

/**
 * Opens a video for writing; the extension (.mp4, .webm, .gif) names the format.
 * @throws UserError `video/format`, `file/write`, and `video/no-encoder` when a backend requested by
 * name is not available
 */
export async function openVideoWriter(path: string, options: VideoWriterOptions): Promise<VideoWriter> {
  const format = formatOf(path);
  checkSize(path, options);
  if (options.sound !== undefined && format !== "mp4")
    throw internal(`sound for ${path}: only mp4 is written with sound`);
  const { encoder, result, temporary } = await chooseEncoder(path, format, options);
  return new Writer(result, temporary, encoder, options, ticksPerSecond[format]);
}

function formatOf(path: string): VideoFormat {
  const extension = extname(path).toLowerCase();
  const format = FORMATS[extension];
  if (format !== undefined) return format;
  throw new UserError("video/format", {
    what: `cannot write ${path}`,
    got: extension === "" ? "no extension" : `the extension ${extension}`,
    expected: Object.keys(FORMATS).join(", "),
  });
}

function checkSize(path: string, { width, height, fps, timesSec }: VideoWriterOptions): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw internal(`video ${path} of size ${width}x${height}`);
  if (!(fps > 0 && Number.isFinite(fps))) throw internal(`video ${path} with ${fps} frames per second`);
  for (let i = 1; i < (timesSec?.length ?? 0); i++)
    if (!(timesSec![i] > timesSec![i - 1])) throw internal(`video ${path}: times must ascend, but not at frame ${i}`);
}

interface Choice {
  readonly encoder: PictureEncoder;
  /** Where the result will be. */
  readonly result: string;
  /** Temporary path, used until the result is complete. */
  readonly temporary: string;
}

async function chooseEncoder(path: string, format: VideoFormat, options: VideoWriterOptions): Promise<Choice> {
  const { backend = "auto", logger = silent } = options;
  const temporary = temporaryPath(path);
  const settings = { ...options, path: temporary, format };
  try {
    await makeFolders(dirname(path));
    const encoder = backend === "png" ? undefined : await fileEncoder(settings, backend);
    if (encoder !== undefined) return { encoder, result: path, temporary };
    const { dir, name } = parse(path);
    const folder = join(dir, `${name}_frames`);
    logger.warn(`no video encoder was found, so PNG pictures are written to ${folder}/; ${HOW_TO_GET_A_BACKEND}`);
    await refuseForeignFiles(folder);
    const part = temporaryPath(folder);
    return { encoder: new PictureFolderEncoder({ ...settings, path: part }), result: folder, temporary: part };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof UserError ? error : writeError(path, error);
  }
}

/** The first available encoder; undefined when `auto` finds none. */
async function fileEncoder(settings: EncoderOptions, backend: VideoBackend): Promise<PictureEncoder | undefined> {
  const av = await nodeAvFor(backend);
  if (av !== undefined && (backend === "node-av" || canEncode(av, settings.format)))
    return new NodeAvEncoder(av, settings);
  const program = await findProgram("ffmpeg");
  if (program !== undefined) return new FfmpegEncoder(program, settings);
  if (backend === "ffmpeg") throw noBackend();
  return undefined;
}

/** A folder that an earlier run filled is replaced; any other file in it is the user's and is kept. */
async function refuseForeignFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const foreign = names.find((name) => !/^\d{5,}\.png$/.test(name));
  if (foreign !== undefined)
    throw new UserError("video/output-folder", {
      what: `the folder ${folder} would be replaced, but it holds other files`,
      got: foreign,
      todo: "move them elsewhere or choose another output name",
    });
}

/** Writes 00000.png, 00001.png, … into a folder; needs no encoder. */
class PictureFolderEncoder implements PictureEncoder {
  private readonly options: EncoderOptions;
  private count = 0;

  constructor(options: EncoderOptions) {
    this.options = options;
  }

  async encode(rgb: Uint8Array): Promise<void> {
    const { path, width, height } = this.options;
    await makeFolders(path);
    const name = `${String(this.count++).padStart(5, "0")}.png`;
    const png = sharp(rgb, { raw: { width, height, channels: 3 } }).png();
    await writeFile(join(path, name), await png.toBuffer());
  }

  async end(): Promise<void> {
    await makeFolders(this.options.path);
  }

  async cancel(): Promise<void> {}
}

class Writer implements VideoWriter {
  readonly path: string;
  private readonly temporary: string;
  private readonly encoder: PictureEncoder;
  private readonly options: VideoWriterOptions;
  private readonly tickRate: number;
  private count = 0;
  private lastTick = -1;
  private state: "writing" | "finished" | "aborted" = "writing";

  constructor(path: string, temporary: string, encoder: PictureEncoder, options: VideoWriterOptions, tickRate: number) {
    this.path = path;
    this.temporary = temporary;
    this.encoder = encoder;
    this.options = options;
    this.tickRate = tickRate;
  }

  async write(rgb: Uint8Array): Promise<void> {
    const { width, height } = this.options;
    if (this.state !== "writing") throw internal(`a picture for ${this.path}, which is ${this.state}`);
    if (this.count >= (this.options.timesSec?.length ?? Infinity))
      throw internal(`more pictures than times for ${this.path}`);
    if (rgb.length !== width * height * 3)
      throw internal(`a picture of ${rgb.length} bytes for ${this.path}, which is ${width}x${height}`);
    await this.orAbort(async () => this.encodeNext(rgb));
  }

  async finish(): Promise<void> {
    if (this.state !== "writing") throw internal(`${this.path} is ${this.state} already`);
    if (this.count === 0) {
      await this.abort();
      throw internal(`${this.path} was given no picture`);
    }
    await this.orAbort(async () => {
      await this.encoder.end();
      await syncToDisk(this.temporary);
      await this.replace();
    });
    this.state = "finished";
  }

  /** A file is replaced in one step; an old folder of pictures (see `refuseForeignFiles`) is removed first. */
  private async replace(): Promise<void> {
    if ((await stat(this.temporary)).isDirectory()) await rm(this.path, { recursive: true, force: true });
    await rename(this.temporary, this.path);
  }

  async abort(): Promise<void> {
    if (this.state !== "writing") return;
    this.state = "aborted";
    await this.encoder.cancel();
    await rm(this.temporary, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  /** Two frames never share a tick: containers would drop one, and the frame count must not change. */
  private tickOf(index: number, before: number): number {
    const { timesSec, fps } = this.options;
    // A clock that begins below zero is shifted to begin at zero.
    const seconds = timesSec === undefined ? index / fps : timesSec[index] - Math.min(0, timesSec[0]);
    return Math.max(before + 1, Math.round(seconds * this.tickRate));
  }

  private async encodeNext(rgb: Uint8Array): Promise<void> {
    const { timesSec, fps } = this.options;
    const tick = this.tickOf(this.count, this.lastTick);
    const isLast = timesSec !== undefined && this.count + 1 >= timesSec.length;
    const duration = isLast ? Math.max(1, Math.round(this.tickRate / fps)) : this.tickOf(this.count + 1, tick) - tick;
    this.lastTick = tick;
    this.count++;
    await this.encoder.encode(rgb, tick, duration);
  }

  private async orAbort(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.abort();
      throw writeError(this.path, error);
    }
  }
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
