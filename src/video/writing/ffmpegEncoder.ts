/** @file Encoding by the ffmpeg program: pictures and their times are sent through a pipe. */
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import {
  padToEven,
  evenUp,
  PALETTE_FILTERS,
  recipeOf,
  KEY_FRAME_INTERVAL,
  SOUND_BIT_RATE,
  SOUND_ENCODER,
  ticksPerSecond,
  type EncoderOptions,
  type PictureEncoder,
} from "./pictureEncoder.ts";
import { Program } from "../backends/program.ts";
import { matroskaHeader, matroskaPicture } from "./rawMatroska.ts";

export class FfmpegEncoder implements PictureEncoder {
  private readonly options: EncoderOptions;
  private readonly program: Program;
  private begun = false;

  constructor(ffmpeg: string, options: EncoderOptions) {
    this.options = options;
    // ffmpeg takes one pipe, and that is for the pictures.
    if (options.sound !== undefined) writeFileSync(soundPath(options), options.sound.samples);
    this.program = new Program(ffmpeg, encodeArguments(options));
    // Nothing is expected on stdout, but a full pipe must not stop it.
    this.program.child.stdout.resume();
  }

  async encode(rgb: Uint8Array, ticks: number, durationTicks: number): Promise<void> {
    const { width, height, format } = this.options;
    const even = format !== "gif";
    if (!this.begun) await this.send(matroskaHeader(even ? evenUp(width) : width, even ? evenUp(height) : height));
    this.begun = true;
    const [begin, end] = [ticks, ticks + durationTicks].map((t) => Math.round((t * 1e6) / ticksPerSecond[format]));
    await this.send(matroskaPicture(even ? padToEven(rgb, width, height) : rgb, begin, end - begin));
  }

  async end(): Promise<void> {
    this.program.child.stdin.end();
    const status = await this.program.ended;
    await this.removeSound();
    if (status !== 0) throw this.failure();
  }

  async cancel(): Promise<void> {
    await this.program.kill();
    await this.removeSound();
  }

  private async removeSound(): Promise<void> {
    if (this.options.sound !== undefined) await rm(soundPath(this.options), { force: true });
  }

  private async send(bytes: Uint8Array): Promise<void> {
    if (await this.program.write(bytes)) return;
    await this.program.ended;
    throw this.failure();
  }

  private failure(): Error {
    const error = new Error(`ffmpeg failed: ${this.program.complaint}`);
    return this.program.sawFullDisk ? Object.assign(error, { code: "ENOSPC" }) : error;
  }
}

const soundPath = ({ path }: EncoderOptions): string => `${path}.f32`;

/** The sound's input and how it is coded; nothing without sound. */
function soundArguments(options: EncoderOptions): { input: string[]; coding: string[] } {
  const { sound } = options;
  if (sound === undefined) return { input: [], coding: [] };
  const input = ["-f", "f32le", "-ar", String(sound.rate), "-ac", "1", "-i", `file:${soundPath(options)}`];
  const coding = ["-map", "0:v", "-map", "1:a", "-c:a", SOUND_ENCODER, "-b:a", String(SOUND_BIT_RATE)];
  return { input, coding };
}

function encodeArguments(options: EncoderOptions): string[] {
  const { path, format, fps, effort } = options;
  const sound = soundArguments(options);
  const { encoder, settings } = recipeOf({ format, effort });
  const planes = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";
  const colours = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"];
  const filters = format === "gif" ? ["-filter_complex", PALETTE_FILTERS] : ["-vf", planes, ...colours];
  const times = ["-fps_mode", "passthrough", "-enc_time_base", `1:${ticksPerSecond[format]}`];
  const settingArguments = Object.entries(settings).flatMap(([key, value]) => [`-${key}`, value]);
  const coding = ["-c:v", encoder, ...settingArguments, "-g", String(KEY_FRAME_INTERVAL)];
  // Without a duration the last packet would have length 0, and players would skip it.
  const lastFrame = ["-bsf:v", `setts=pts=PTS:dts=DTS:duration=max(DURATION\\,1/(${fps}*TB))`];
  const container = [...lastFrame, "-video_track_timescale", String(ticksPerSecond.mp4), "-movflags", "+faststart"];
  const input = [
    "-hide_banner",
    "-nostats",
    "-v",
    "error",
    "-y",
    "-copyts",
    "-f",
    "matroska",
    "-i",
    "pipe:0",
    ...sound.input,
  ];
  const output = [...(format === "mp4" ? container : []), "-f", format, `file:${path}`];
  return [...input, ...filters, ...times, ...coding, ...sound.coding, ...output];
}
