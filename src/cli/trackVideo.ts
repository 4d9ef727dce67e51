/** @file `tsumugi track` on footage that lies there whole: a session in the folder of the results. */
import { basename, join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import type { FeatureExtractor } from "../method/features.ts";
import type { DeviceKind } from "../tensor/index.ts";
import { DirectMatching } from "../tracking/points/directMatching.ts";
import { trackPointsClip } from "../tasks/track/trackPointsClip.ts";
import { type ModeName, nameOfMode } from "../tracking/modes.ts";
import type { Protocol } from "../tracking/protocols.ts";
import { SessionFolder } from "../tracking/session/folder.ts";
import type { FrameLabels } from "../tracking/session/keyFrame.ts";
import type { Direction } from "../tracking/session/plan.ts";
import { trackClip, type TrackResult } from "../tasks/track/trackClip.ts";
import type { FrameSource } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { type EncoderFlags, openFlaggedEncoder, sha256 } from "./encoderChoice.ts";
import type { PointMethodFlags } from "./pointMethod.ts";
import { type ModeFlags, modeNameOf, modeOf, type ProtocolFlags, protocolOf } from "./protocolOptions.ts";
import { print, terminalLogger } from "./terminal.ts";
import { type LabelFlags, readLabels } from "./trackLabels.ts";

/** The flags that count here. */
export interface VideoFlags
  extends ProtocolFlags, ModeFlags, PointMethodFlags, LabelFlags, Pick<EncoderFlags, "ensemble"> {
  readonly out: string;
  readonly weights?: string;
  readonly direction: Direction;
  readonly range?: { readonly start?: number; readonly end?: number };
  readonly overlay: boolean;
  readonly pictures: boolean;
  readonly scale?: number;
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
  const protocol = protocolOf(flags);
  const labels = await readLabels(flags);
  const logger = terminalLogger();
  await using source = await openFrameSource(video, { logger });
  await using encoder = await openFlaggedEncoder(flags);
  const work = { source, encoder, protocol, flags, logger, signal };
  if (flags.method === "direct") await trackDirectly(work, labels);
  else reportSession(await trackInSession(work, labels), flags.out);
}

/** What both ways to track have in common. */
function commonOptions({ out, overlay, pictures, scale }: VideoFlags) {
  return { out, overlay, pictures, ...(scale !== undefined && { mmPerPx: scale }) };
}

async function trackInSession({ flags, ...work }: Work, labels: readonly FrameLabels[]): Promise<TrackResult> {
  const { weights = DEFAULT_WEIGHTS, device, threads, protocol: protocolName, motion, camera = null, ensemble } = flags;
  const modeName = await modeNameFor(flags, labels);
  return trackClip({
    ...work,
    ...commonOptions(flags),
    labels,
    weights,
    device,
    protocolName,
    modeName,
    mode: modeOf(flags, modeName),
    direction: flags.direction,
    identity: { weights: await sha256(weights), device, motion, camera, ...(ensemble && { ensemble }) },
    ...(flags.range !== undefined && { range: flags.range }),
    ...(threads !== undefined && { threads }),
  });
}

/** The mode asked for; else that of the session which is gone on with, so that labels of another kind can be added to it; else the usual one. */
async function modeNameFor(flags: VideoFlags, labels: readonly FrameLabels[]): Promise<ModeName> {
  const session = flags.mode === undefined ? await new SessionFolder(flags.out).readSession() : undefined;
  const hasPoints = labels.some(({ points = [] }) => points.length > 0);
  return nameOfMode(session?.settings["mode"]) ?? modeNameOf(flags, hasPoints);
}

/** Points of one frame by direct matching. @throws UserError `track/direct` for anything else */
async function trackDirectly({ flags, protocol, ...work }: Work, labels: readonly FrameLabels[]): Promise<void> {
  const { weights = DEFAULT_WEIGHTS, device, threads = null, method, direction, range, end, candidates } = flags;
  const [{ frame: start, points = [], boxes = [], name = "the points" }, ...others] = labels;
  const elsewhere = direction !== "forward" || [range, end, candidates].some((flag) => flag !== undefined);
  if (others.length > 0 || points.length === 0 || boxes.length > 0 || elsewhere)
    throw new UserError("track/direct", {
      what: "--method direct follows points of one frame, forward to the end, looking everywhere around them",
      todo: "choose the frame with --start, or leave --method out",
    });
  const result = await trackPointsClip({
    ...work,
    ...commonOptions(flags),
    points,
    pointsName: name,
    follower: new DirectMatching(),
    inputSize: protocol.shortSide,
    start,
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
  const { summary } = result;
  reportPace({ ...summary, tracked: summary.frameCount });
  reportFiles({ ...result, masks: null }, flags.out);
  if (!summary.complete) reportStop("run the same command again to track the whole clip");
}

function reportSession(result: TrackResult, out: string): void {
  const { summary, tracked } = result;
  if (tracked > 0) reportPace({ ...summary, tracked });
  else print(`nothing to do: all ${summary.frameCount} frames are tracked already with these labels`);
  reportFiles(result, out);
  if (!summary.complete) reportStop("run the same command again to go on");
}

function reportFiles(
  { masks, overlay, tables, pictures }: Omit<TrackResult, "summary" | "tracked">,
  out: string,
): void {
  if (masks !== null) print(`masks: ${masks}`);
  for (const path of tables) print(`${basename(path).replace(/\..*$/u, "")}: ${path}`);
  if (overlay !== null) print(`overlay: ${overlay}`);
  for (const path of pictures.filter((name) => name.endsWith(".png"))) print(`${basename(path, ".png")}: ${path}`);
  print(`summary: ${join(out, "summary.json")}`);
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
