/**
 * @file Frames of a live source: a camera (rtsp), a pipe (stdin) or a growing file, decoded by ffmpeg as they
 * arrive. A consumer slower than the source gets the newest frame; those in between are dropped and counted, never
 * queued, except for a few while it catches up.
 */
import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { messageOf, UserError } from "../../core/errors.ts";
import { publicAddress, withoutSecrets } from "../../core/publicAddress.ts";
import { findProgram } from "../backends/backend.ts";
import type { Frame } from "../frame.ts";
import { Program } from "../backends/program.ts";
import { videoBytes } from "./streamBytes.ts";

/** The source to read. */
export type LiveInput =
  /** An address that ffmpeg understands, for example `rtsp://camera/stream`. */
  | { readonly url: string }
  /** A stream container (MPEG-TS, Matroska, …) as bytes, for example `process.stdin`. */
  | { readonly bytes: AsyncIterable<Uint8Array> }
  /** A file in a stream container that another program is still writing; it is followed until `close`. */
  | { readonly growingFile: string };

/** Frames as they arrive. `index` counts dropped frames too; `timeSec` is the time of arrival since the first frame. */
export interface LiveFrames extends AsyncIterable<Frame>, AsyncDisposable {
  /** Frames that arrived while an older one was in use, and were replaced by a newer one. */
  readonly dropped: number;
  /**
   * For a consumer whose next frame takes long: of those that come meanwhile some are kept, evenly spaced, so that things
   * do not jump; one less with every frame that is taken, until only the newest is kept again.
   */
  catchUp(): void;
  /** Seconds since this frame arrived; asked after it has been processed, this is its latency. */
  age(frame: Frame): number;
  /** Ends the iteration after the current frame. */
  close(): Promise<void>;
}

/**
 * Starts reading. The frames can be iterated only once.
 * @throws UserError `video/no-backend` without the ffmpeg program; while iterating `video/not-video` when the bytes are
 * something else, `video/live` when nothing can be decoded
 */
export async function openLiveFrames(input: LiveInput): Promise<LiveFrames> {
  const ffmpeg = await findProgram("ffmpeg");
  if (ffmpeg === undefined) throw noProgram();
  const quick = ["-flags", "low_delay", "-analyzeduration", "200000"];
  const output = [
    "-map",
    "0:V:0",
    "-fps_mode",
    "passthrough",
    "-flush_packets",
    "1",
    "-f",
    "image2pipe",
    "-c:v",
    "ppm",
    "-",
  ];
  const program = new Program(ffmpeg, ["-hide_banner", "-v", "error", ...quick, ...inputOptions(input), ...output]);
  return new PipedFrames(program, input, feed(program, bytesOf(input, program)));
}

function noProgram(): UserError {
  return new UserError("video/no-backend", {
    what: "live sources need the ffmpeg program, which is not there (node-av does not read them)",
    todo: "install FFmpeg 5.1 or later, on the PATH or with FFMPEG_PATH set to it",
  });
}

function inputOptions(input: LiveInput): string[] {
  if (!("url" in input)) return ["-i", "pipe:0"];
  // TCP loses no packets; for cameras that only send by UDP, ffmpeg falls back to it.
  const transport = /^rtsps?:/.test(input.url) ? ["-rtsp_flags", "prefer_tcp"] : [];
  return ["-nostdin", ...transport, "-i", input.url];
}

function nameOf(input: LiveInput): string {
  if ("bytes" in input) return "the piped video";
  return "url" in input ? publicAddress(input.url) : input.growingFile;
}

function bytesOf(input: LiveInput, program: Program): AsyncIterable<Uint8Array> | undefined {
  if ("bytes" in input) return videoBytes(input.bytes, nameOf(input));
  return "growingFile" in input ? followed(input.growingFile, program) : undefined;
}

/** @returns why nothing was read, where that is the user's error. */
async function feed(program: Program, bytes: AsyncIterable<Uint8Array> | undefined): Promise<UserError | undefined> {
  if (bytes === undefined) return undefined;
  try {
    for await (const chunk of bytes) if (!(await program.write(chunk))) break;
    return undefined;
  } catch (error) {
    // A stream that breaks off has ended; the reader of the frames notices if there was none.
    return error instanceof UserError ? error : undefined;
  } finally {
    program.child.stdin.end();
  }
}

/** How often a growing file is checked for more bytes, ms. */
const POLL_MS = 40;

/** The bytes of a file, including those appended later, until the program ends. */
async function* followed(path: string, program: Program): AsyncGenerator<Uint8Array, void, void> {
  const state = { running: true };
  void program.ended.then(() => (state.running = false));
  await using file = await open(path, "r").catch((error: unknown) => {
    void program.kill();
    throw new UserError("video/live", { what: `cannot open ${path}`, got: messageOf(error), todo: "check the path" });
  });
  while (state.running) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(1 << 16));
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    else await setTimeout(POLL_MS);
  }
}

/** Frames that are kept for a consumer that catches up. */
const CAUGHT_UP_BY = 12;

class PipedFrames implements LiveFrames {
  dropped = 0;
  private readonly program: Program;
  private readonly input: LiveInput;
  /** Settled when all bytes are read, see `feed`. */
  private readonly fed: Promise<UserError | undefined>;
  private readonly parser = new PpmParser();
  private begin = Number.NaN;
  private count = 0;
  /** Frames that have not been consumed yet, the newest last. */
  private readonly waiting: Frame[] = [];
  /** The most frames that wait. */
  private room = 1;
  /** Index of the latest consumed frame. */
  private used = -1;
  private ended = false;
  private wake: () => void = () => {};

  constructor(program: Program, input: LiveInput, fed: Promise<UserError | undefined>) {
    this.program = program;
    this.input = input;
    this.fed = fed;
    program.child.stdout.on("data", (chunk: Buffer) => this.parser.push(chunk, (picture) => this.arrived(picture)));
    void program.ended.then(() => {
      this.ended = true;
      this.wake();
    });
  }

  /** No generator: `return` must end it while a frame is awaited from a camera that has stalled. */
  [Symbol.asyncIterator](): AsyncIterator<Frame, undefined> {
    return {
      next: () => this.next(),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  catchUp(): void {
    this.room = CAUGHT_UP_BY;
  }

  age({ timeSec }: Frame): number {
    return (performance.now() - this.begin) / 1000 - timeSec;
  }

  async close(): Promise<void> {
    await this.program.kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async next(): Promise<IteratorResult<Frame, undefined>> {
    while (this.waiting.length === 0 && !this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
    const value = this.waiting.shift();
    if (value !== undefined) return { done: false, value: this.taken(value) };
    if (this.count > 0) return { done: true, value: undefined };
    // Bytes of a pipe that stays open are never all read.
    const refused = await Promise.race([this.fed, setTimeout(0)]);
    if (refused !== undefined) throw refused;
    throw new UserError("video/live", {
      what: `${nameOf(this.input)} gave no frame`,
      got: this.complaint || "nothing",
      todo: "check the address, and that the video is in a container that can be read as it arrives (mpegts, matroska)",
    });
  }

  /** The program may repeat the address, with its password. */
  private get complaint(): string {
    const { complaint } = this.program;
    return "url" in this.input ? withoutSecrets(complaint, this.input.url) : complaint;
  }

  private taken(frame: Frame): Frame {
    this.room = Math.max(1, this.room - 1);
    this.used = frame.index;
    return frame;
  }

  private arrived({ width, height, data }: PpmPicture): void {
    if (this.count === 0) this.begin = performance.now();
    const index = this.count++;
    const timeSec = (performance.now() - this.begin) / 1000;
    this.waiting.push({ index, timeSec, name: String(index).padStart(5, "0"), width, height, data });
    while (this.waiting.length > this.room) {
      this.waiting.splice(leastMissed(this.waiting, this.used), 1);
      this.dropped++;
    }
    this.wake();
  }
}

/**
 * Where the frame stands without which the gap is smallest; never the newest.
 * @param frames two or more
 * @param used index of the frame before them
 */
function leastMissed(frames: readonly Frame[], used: number): number {
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < frames.length; i++) {
    const gap = frames[i + 1].index - (i === 0 ? used : frames[i - 1].index);
    if (gap < smallest) [best, smallest] = [i, gap];
  }
  return best;
}

interface PpmPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Cuts a stream of binary PPM pictures (`P6 width height 255`, then the pixels) into pictures with their own memory.
 */
class PpmParser {
  private header = "";
  private picture: PpmPicture | undefined;
  private filled = 0;

  push(chunk: Buffer, found: (picture: PpmPicture) => void): void {
    for (let at = 0; at < chunk.length;) {
      if (this.picture === undefined) {
        this.header += String.fromCharCode(chunk[at++]);
        this.picture = pictureOf(this.header);
        continue;
      }
      const part = chunk.subarray(at, at + this.picture.data.length - this.filled);
      this.picture.data.set(part, this.filled);
      at += part.length;
      this.filled += part.length;
      if (this.filled < this.picture.data.length) continue;
      found(this.picture);
      this.header = "";
      this.picture = undefined;
      this.filled = 0;
    }
  }
}

/** An empty picture for a complete header; undefined until then. */
function pictureOf(header: string): PpmPicture | undefined {
  const parts = /^P6\s+(\d+)\s+(\d+)\s+255\s$/.exec(header);
  if (parts === null) return undefined;
  const [width, height] = [Number(parts[1]), Number(parts[2])];
  return { width, height, data: new Uint8Array(width * height * 3) };
}
