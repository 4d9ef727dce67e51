/** @file `tsumugi track` on footage that lies there whole: a session in the folder of the results. */
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { openEncoderThread } from "../method/encoderThread.ts";
import { DEFAULT_WEIGHTS } from "../method/encoderWeights.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { DeviceKind } from "../tensor/index.ts";
import { trackPointsClip } from "../tracking/points/trackPointsClip.ts";
import type { Protocol } from "../tracking/protocols.ts";
import type { FrameLabels } from "../tracking/session/keyFrame.ts";
import type { Direction } from "../tracking/session/plan.ts";
import { trackClip, type TrackResult } from "../tracking/trackClip.ts";
import type { FrameSource } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { sha256 } from "./encoderChoice.ts";
import { followerOf, type PointMethodFlags } from "./pointMethod.ts";
import { type ModeFlags, modeOf, type ProtocolFlags, protocolOf } from "./protocolOptions.ts";
import { print, terminalLogger } from "./terminal.ts";
import { type LabelFlags, readLabels } from "./trackLabels.ts";

/** The flags that count here. */
export interface VideoFlags extends ProtocolFlags, ModeFlags, PointMethodFlags, LabelFlags {
  readonly out: string;
  readonly weights?: string;
  readonly direction: Direction;
  readonly range?: { readonly start?: number; readonly end?: number };
  readonly overlay: boolean;
  readonly threads?: number;
  readonly device: DeviceKind;
}

/** All that labels are tracked with. */
interface Work {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly flags: VideoFlags;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** @throws UserError those of the labels, of `openFrameSource`, `trackClip` and `trackPointsClip` */
export async function trackVideo(video: string, flags: VideoFlags, signal: AbortSignal): Promise<void> {
  const { weights = DEFAULT_WEIGHTS, device, threads, motion } = flags;
  const protocol = protocolOf(flags);
  const labels = await readLabels(flags);
  const logger = terminalLogger();
  await using source = await openFrameSource(video, { logger });
  const processors = threads === undefined ? {} : { threads };
  await using encoder = await openEncoderThread({ weights, device, motion, ...processors });
  const work = { source, encoder, protocol, flags, logger, signal };
  if (flags.method === "direct") await trackDirectly(work, labels);
  else reportSession(await trackInSession(work, labels), flags.out);
}

async function trackInSession({ flags, ...work }: Work, labels: readonly FrameLabels[]): Promise<TrackResult> {
  const { out, weights = DEFAULT_WEIGHTS, device, overlay, threads, protocol: protocolName, motion } = flags;
  return trackClip({
    ...work,
    labels,
    out,
    weights,
    device,
    overlay,
    protocolName,
    modeName: flags.mode,
    mode: modeOf(flags),
    direction: flags.direction,
    identity: { weights: await sha256(weights), device, motion },
    ...(flags.range !== undefined && { range: flags.range }),
    ...(threads !== undefined && { threads }),
  });
}

/** Points of one frame by direct matching. @throws UserError `track/direct` for anything else */
async function trackDirectly({ flags, protocol, ...work }: Work, labels: readonly FrameLabels[]): Promise<void> {
  const { out, weights = DEFAULT_WEIGHTS, device, overlay, threads = null, method, direction, range, end } = flags;
  const [{ frame: start, points = [], boxes = [], name = "the points" }, ...others] = labels;
  const elsewhere = direction !== "forward" || range !== undefined || end !== undefined;
  if (others.length > 0 || points.length === 0 || boxes.length > 0 || elsewhere)
    throw new UserError("track/direct", {
      what: "--method direct follows points of one frame, forward to the end",
      todo: "choose the frame with --start, or leave --method out",
    });
  const { tracks, overlay: video } = await trackPointsClip({
    ...work,
    points,
    pointsName: name,
    follower: followerOf(method, protocol, flags.threads)(),
    inputSize: protocol.shortSide,
    start,
    out,
    overlay,
    settings: {
      labels: name,
      method,
      protocolName: flags.protocol,
      protocol,
      encoder: work.encoder.name,
      weights,
      device,
      threads,
    },
  });
  reportPace({ ...tracks, tracked: tracks.frames.length });
  print(`points: ${join(out, "points.csv")}`);
  if (video !== null) print(`overlay: ${video}`);
  print(`tracks: ${join(out, "tracks.json")}`);
  if (!tracks.complete) reportStop("run the same command again to track the whole clip");
}

function reportSession({ summary, tracked, frames, overlay, files }: TrackResult, out: string): void {
  if (tracked > 0) reportPace({ ...summary, tracked });
  else print(`nothing to do: all ${frames} frames are tracked already with these labels`);
  if (files.summary !== undefined) print(`masks: ${join(out, "masks")}`);
  if (overlay !== null) print(`overlay: ${overlay}`);
  for (const [what, path] of Object.entries(files)) print(`${what}: ${path}`);
  if (!summary.complete) reportStop("run the same command again to go on");
}

interface Pace {
  readonly tracked: number;
  readonly framesPerSecond: number;
  readonly complete: boolean;
  readonly peakRssMb: number;
}

function reportPace({ tracked, framesPerSecond, complete, peakRssMb }: Pace): void {
  const pace = `${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB`;
  print(`${complete ? "tracked" : "stopped after"} ${tracked} frames (${pace})`);
}

function reportStop(todo: string): void {
  print(`what is written so far is kept; ${todo}`);
  process.exitCode = 130;
}
