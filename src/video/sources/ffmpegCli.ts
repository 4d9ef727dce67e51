/**
 * @file Video files through the programs ffmpeg and ffprobe. ffprobe decodes the file once for the timestamp table;
 * ffmpeg pipes raw RGB pictures. Access to a later frame seeks to between it and the frame before, and is proved by the
 * timestamp that ffmpeg reports for the first picture; when that fails it decodes from the start and counts.
 */
import { z } from "zod";
import type { Logger } from "../../core/log.ts";
import { BT601, chromaPlace, isKnownMatrix, warnOfMatrix } from "./colourTags.ts";
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import { checkFrameIndex, resolveRange } from "./frameRange.ts";
import { lostPictures } from "./lostPictures.ts";
import { Program, runProgram } from "../backends/program.ts";
import { buildTimestampTable, frameNames, type TimestampTable } from "./timestampTable.ts";
import { TimedSource } from "./timedSource.ts";
import { changed, closed, noFrames, noVideo, unreadable, warnIfIncomplete, warnOfTracks } from "./videoErrors.ts";

/** Full paths. */
export interface FfmpegPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/**
 * Opens a video file.
 * @throws UserError `video/unreadable`, `video/no-video`, `video/no-frames`
 */
export async function openFfmpegSource(path: string, programs: FfmpegPrograms, logger: Logger): Promise<FrameSource> {
  return new FfmpegSource(path, programs.ffmpeg, await probe(path, programs.ffprobe, logger));
}

/** The part of ffprobe's answer that we use; its numbers are strings, "N/A" or missing. */
const probeSchema = z.object({
  packets_and_frames: z
    .array(
      z.discriminatedUnion("type", [
        z.object({ type: z.literal("packet"), pts_time: z.string().optional(), flags: z.string().default("") }),
        z.object({
          type: z.literal("frame"),
          best_effort_timestamp_time: z.string().optional(),
          // The newer of FFmpeg's names, and the one up to 5.1.
          duration_time: z.string().optional(),
          pkt_duration_time: z.string().optional(),
          interlaced_frame: z.number().optional(),
        }),
      ]),
    )
    .default([]),
  streams: z
    .array(
      z.object({
        codec_name: z.string().optional(),
        color_space: z.string().optional(),
        pix_fmt: z.string().optional(),
        chroma_location: z.string().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        avg_frame_rate: z.string().optional(),
        r_frame_rate: z.string().optional(),
        duration: z.string().optional(),
        side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
      }),
    )
    .default([]),
  format: z.object({ start_time: z.string().optional(), format_name: z.string().optional() }).default({}),
});

type Probe = z.infer<typeof probeSchema>;
type ProbedStream = Probe["streams"][number];
type ProbedPacket = Extract<Probe["packets_and_frames"][number], { type: "packet" }>;
type ProbedFrame = Extract<Probe["packets_and_frames"][number], { type: "frame" }>;

/** What the first pass finds out. */
interface Probed {
  readonly table: TimestampTable;
  /** After turning. */
  readonly width: number;
  readonly height: number;
  /** Where the container's clock begins; ffmpeg counts seeking from here. */
  readonly startSec: number;
  readonly seekable: boolean;
  /** Filters that convert the pictures, by what colourTags.ts leaves of their tags. */
  readonly toRgb: string;
}

const PROBE_ENTRIES = [
  "format=start_time,format_name",
  "stream=codec_name,color_space,pix_fmt,chroma_location,width,height,avg_frame_rate,r_frame_rate,duration",
  "stream_side_data=rotation",
  "packet=pts_time,flags",
  "frame=best_effort_timestamp_time,duration_time,pkt_duration_time,interlaced_frame",
].join(":");

async function probe(path: string, ffprobe: string, logger: Logger): Promise<Probed> {
  const args = ["-v", "error", "-select_streams", "V:0", "-show_entries", PROBE_ENTRIES, "-of", "json", fileUrl(path)];
  const run = await runProgram(ffprobe, args);
  const answer = parseAnswer(run.stdout);
  const frames = answer?.packets_and_frames.filter((entry) => entry.type === "frame") ?? [];
  if (answer === undefined || (run.status !== 0 && frames.length === 0)) throw unreadable(path, run.complaint);
  const { streams, format } = answer;
  const stream = streams[0];
  if (stream?.width === undefined || stream.height === undefined) throw noVideo(path);
  if (frames.length === 0) throw noFrames(path);
  const stepSec = nominalStepSec(stream);
  const table = buildTimestampTable(
    frames.map((frame) => Number(frame.best_effort_timestamp_time)),
    stepSec,
  );
  const packets = answer.packets_and_frames.filter((entry) => entry.type === "packet");
  const lastSec = Math.max(shownSec(frames[frames.length - 1]), 2 * stepSec);
  const { timesSec } = table;
  const lostSec = lostOf(stream, packets, frames);
  const pass = { damaged: run.complaints, lostSec, statedSec: Number(stream.duration), timesSec, lastSec };
  warnIfIncomplete(path, pass, logger);
  warnOfTracks(path, await trackCount(path, ffprobe), logger);
  warnOfMatrix(path, stream.color_space, logger);
  const turned = stream.side_data_list.some(({ rotation }) => Math.abs(rotation ?? 0) % 180 === 90);
  const startSec = Number(format.start_time);
  return {
    table,
    width: turned ? stream.height : stream.width,
    height: turned ? stream.width : stream.height,
    startSec: Number.isNaN(startSec) ? 0 : startSec,
    seekable: table.exact && format.format_name !== "gif" && !isOldColourCoding(stream),
    toRgb: toRgb(stream),
  };
}

function toRgb({ color_space: matrix, pix_fmt = "", chroma_location }: ProbedStream): string {
  const stated = isKnownMatrix(matrix) ? "" : `:colorspace=${BT601.name}`;
  const tags = `setparams=field_mode=prog:color_primaries=unknown:color_trc=unknown${stated}`;
  const place = chromaPlace(pix_fmt, chroma_location);
  const scale = place === undefined ? "" : `,scale=in_h_chr_pos=${place.x}:in_v_chr_pos=${place.y}`;
  return `${tags}${scale},format=rgb24`;
}

function lostOf(
  { codec_name: codec = "" }: ProbedStream,
  packets: readonly ProbedPacket[],
  frames: readonly ProbedFrame[],
): number[] {
  return lostPictures({
    codec,
    interlaced: frames.some(({ interlaced_frame }) => interlaced_frame === 1),
    packetSec: packets.filter(({ flags }) => !flags.includes("D")).map(({ pts_time }) => Number(pts_time)),
    pictureSec: frames.map(({ best_effort_timestamp_time }) => Number(best_effort_timestamp_time)),
  });
}

/** How long a frame is shown, seconds; 0 when the container does not say. */
function shownSec({ duration_time, pkt_duration_time }: ProbedFrame): number {
  return Number(duration_time ?? pkt_duration_time ?? 0) || 0;
}

/** Video tracks in the file, cover pictures left out. */
async function trackCount(path: string, ffprobe: string): Promise<number> {
  const args = [
    "-v",
    "error",
    "-select_streams",
    "V",
    "-show_entries",
    "stream=index",
    "-of",
    "csv=p=0",
    fileUrl(path),
  ];
  const { stdout } = await runProgram(ffprobe, args);
  // Programs of a transport stream list their streams once more.
  return new Set(stdout.split("\n").filter((line) => line.trim() !== "")).size;
}

function parseAnswer(text: string): Probe | undefined {
  try {
    return probeSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * H.264 with full colour resolution: x264 before build 151 wrote it in a way of its own, and ffmpeg, which learns that from the first packet,
 * gets green pictures after a seek.
 */
function isOldColourCoding({ codec_name, pix_fmt }: ProbedStream): boolean {
  return codec_name === "h264" && pix_fmt?.startsWith("yuv444") === true;
}

function nominalStepSec(stream: ProbedStream): number {
  for (const rate of [stream.avg_frame_rate, stream.r_frame_rate]) {
    const [num, den] = (rate ?? "0/0").split("/").map(Number);
    if (num > 0 && den > 0) return den / num;
  }
  return 1 / 25;
}

/** So that neither a colon nor a leading dash in the name is taken for something else. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

class FfmpegSource extends TimedSource {
  private readonly ffmpeg: string;
  private readonly probed: Probed;
  private readonly running = new Set<Program>();
  private closed = false;

  constructor(path: string, ffmpeg: string, probed: Probed) {
    const { width, height, table } = probed;
    super({ path, width, height, timesSec: table.timesSec, names: frameNames(table.timesSec.length) });
    this.ffmpeg = ffmpeg;
    this.probed = probed;
  }

  async *frames(range?: FrameRange): AsyncGenerator<Frame> {
    const { start, end } = resolveRange(this, range);
    if (start >= end) return;
    const { width, height } = this;
    let index = start;
    for await (const data of this.pictures(start, end - start)) {
      // A picture may have been read before the source was closed.
      if (this.closed) break;
      yield this.framed(index++, { width, height, data });
    }
    if (index < end) throw this.closed ? closed(this.path) : changed(this.path);
  }

  async frame(index: number): Promise<Frame> {
    checkFrameIndex(this, index);
    const { width, height } = this;
    for await (const data of this.pictures(index, 1)) return this.framed(index, { width, height, data });
    throw changed(this.path);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.running].map(async (program) => program.kill()));
  }

  /** `count` pictures from frame `start` on: by seeking when that provably lands there, else by counting. */
  private async *pictures(start: number, count: number): AsyncGenerator<Uint8Array> {
    if (start > 0 && this.probed.seekable) {
      const run = this.startSeeking(start, count);
      try {
        if (await run.landed) {
          yield* this.read(run.program);
          return;
        }
      } finally {
        await this.stop(run.program);
      }
    }
    const program = this.start([], `select=gte(n\\,${start})`, count);
    try {
      yield* this.read(program);
    } finally {
      await this.stop(program);
    }
  }

  /** Seeks to the middle between the frame wanted and the one before, and watches where ffmpeg lands. */
  private startSeeking(start: number, count: number): { program: Program; landed: Promise<boolean> } {
    const { timesSec, probed } = this;
    const seekSec = (timesSec[start - 1] + timesSec[start]) / 2 - probed.startSec;
    const toleranceSec = (timesSec[start] - timesSec[start - 1]) / 2;
    let report: (timeSec: number) => void;
    const first = new Promise<number>((resolve) => (report = resolve));
    const program = this.start(
      ["-ss", seekSec.toFixed(6), "-copyts"],
      "showinfo=checksum=0",
      count,
      firstTimeReporter((timeSec) => report(timeSec)),
    );
    const landed = Promise.race([first, program.ended.then(() => Number.NaN)]).then(
      (timeSec) => Math.abs(timeSec - timesSec[start]) < toleranceSec,
    );
    return { program, landed };
  }

  private start(
    inputOptions: readonly string[],
    filter: string,
    count: number,
    onLine?: (line: string) => void,
  ): Program {
    if (this.closed) throw closed(this.path);
    const level = onLine === undefined ? "error" : "info";
    const input = [...inputOptions, "-i", fileUrl(this.path), "-map", "0:V:0", "-vf", `${filter},${this.probed.toRgb}`];
    const output = ["-frames:v", String(count), "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
    const program = new Program(
      this.ffmpeg,
      ["-hide_banner", "-nostdin", "-nostats", "-v", level, ...input, ...output],
      onLine,
    );
    this.running.add(program);
    return program;
  }

  private async stop(program: Program): Promise<void> {
    await program.kill();
    this.running.delete(program);
  }

  /** Cuts ffmpeg's output into pictures; each has memory of its own. */
  private async *read(program: Program): AsyncGenerator<Uint8Array> {
    const size = this.width * this.height * 3;
    let picture = new Uint8Array(size);
    let filled = 0;
    for await (const chunk of program.output())
      for (let used = 0; used < chunk.length;) {
        const part = chunk.subarray(used, used + size - filled);
        picture.set(part, filled);
        filled += part.length;
        used += part.length;
        if (filled < size) continue;
        yield picture;
        picture = new Uint8Array(size);
        filled = 0;
      }
  }
}

/** Finds the time of the first picture in what the filter showinfo prints: integer ticks and their unit; NaN without. */
function firstTimeReporter(report: (timeSec: number) => void): (line: string) => void {
  let unitSec = Number.NaN;
  return (line) => {
    const unit = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (unit !== null) unitSec = Number(unit[1]) / Number(unit[2]);
    // A picture without a time must be reported too: ffmpeg waits until it is read.
    const first = /showinfo.*\bn: *0 +pts: *(\S+)/.exec(line);
    if (first !== null) report(Number(first[1]) * unitSec);
  };
}
