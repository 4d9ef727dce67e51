/**
 * @file The sound of a video file as mono samples on the clock of its frames, decoded by whichever backend is there.
 * Both give the samples to the same filter, so that they agree.
 */
import { type Logger, silent } from "../../core/log.ts";
import { findProgram, noBackend, nodeAvFor, type VideoBackend } from "../backends/backend.ts";
import { isFootageFolder } from "../frameSource.ts";
import { ffmpegSound } from "./ffmpegSound.ts";
import { nodeAvSound } from "./nodeAvSound.ts";
import { SOUND_RATE } from "./rate.ts";
import { noSound } from "./soundErrors.ts";

/** What part of the sound is read, and how. */
export interface SoundOptions {
  /** Time of the first sample and of the last one, seconds on the clock of the frames. */
  readonly startSec: number;
  readonly endSec: number;
  /** Default `auto`: node-av if it loads, else ffmpeg. */
  readonly backend?: VideoBackend;
  /** Told of sound that is longer or shorter than asked for. Default: silent. */
  readonly logger?: Logger | undefined;
}

/** By how much sound may be longer or shorter than the pictures before that is said, seconds. */
const TOLERANCE_SEC = 0.5;

/**
 * Decodes the first sound track, mixed to one channel, from `startSec` to `endSec`: where it begins later or has gaps there are
 * zeros, and what lies outside is left out.
 * @returns pieces of any length, float32 in about -1..1, `SOUND_RATE` samples a second; after its end fewer than asked for
 * @throws UserError `sound/missing`, `video/missing`, `video/unreadable`, `video/no-backend`
 */
export async function* readSound(path: string, options: SoundOptions): AsyncGenerator<Float32Array, void, void> {
  const { startSec, endSec, backend = "auto", logger = silent } = options;
  if (await isFootageFolder(path)) throw noSound(path, "a folder of images");
  const wanted = Math.max(0, Math.round((endSec - startSec) * SOUND_RATE));
  let read = 0;
  for await (const piece of await decoded(path, filterOf(startSec), backend)) {
    const left = wanted - read;
    read += piece.length;
    if (left > 0) yield piece.length > left ? piece.subarray(0, left) : piece;
    if (read > wanted + TOLERANCE_SEC * SOUND_RATE) {
      logger.warn(`the sound of ${path} goes on after its last picture; what comes then is left out`);
      return;
    }
  }
  if (read === 0) throw noSound(path, "a sound track without sound");
  const missingSec = (wanted - read) / SOUND_RATE;
  if (missingSec > TOLERANCE_SEC)
    logger.warn(`the sound of ${path} ends ${missingSec.toFixed(1)} s before its last picture`);
}

/** Resamples to mono, then puts the samples on the clock: from this time on, with zeros where there is no sound. */
function filterOf(startSec: number): string {
  // `first_pts` counts samples of the rate that comes in, whatever FFmpeg's page says; so the rate is changed before.
  const clock = `aresample=async=1:first_pts=${Math.round(startSec * SOUND_RATE)}`;
  return `aresample=${SOUND_RATE},aformat=sample_fmts=flt:channel_layouts=mono,${clock}`;
}

async function decoded(path: string, filter: string, backend: VideoBackend): Promise<AsyncIterable<Float32Array>> {
  const av = await nodeAvFor(backend);
  if (av !== undefined) return nodeAvSound(path, av, filter);
  const [ffmpeg, ffprobe] = await Promise.all([findProgram("ffmpeg"), findProgram("ffprobe")]);
  if (ffmpeg === undefined || ffprobe === undefined) throw noBackend();
  return ffmpegSound(path, { ffmpeg, ffprobe }, filter);
}
