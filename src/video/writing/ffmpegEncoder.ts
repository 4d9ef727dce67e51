/** @file Encoding by the ffmpeg program: pictures and their times are sent through a pipe. */
import {
  padToEven,
  evenUp,
  PALETTE_FILTERS,
  recipeOf,
  KEY_FRAME_INTERVAL,
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
    if ((await this.program.ended) !== 0) throw this.failure();
  }

  async cancel(): Promise<void> {
    await this.program.kill();
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

function encodeArguments({ path, format, fps, effort }: EncoderOptions): string[] {
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
  const input = ["-hide_banner", "-nostats", "-v", "error", "-y", "-copyts", "-f", "matroska", "-i", "pipe:0"];
  const output = [...(format === "mp4" ? container : []), "-f", format, `file:${path}`];
  return [...input, ...filters, ...times, ...coding, ...output];
}
