/** @file The task `track` on a complete clip: a session in the folder of the results, or points by direct matching. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Bone } from "../../annotations/skeleton.ts";
import { UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { DEFAULT_WEIGHTS } from "../../method/node/weightsFile.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { ModeName } from "../../tracking/modes.ts";
import { nameOfMode } from "../../tracking/session/keptMode.ts";
import { DirectMatching } from "../../tracking/points/directMatching.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { SessionFolder } from "../../tracking/session/folder.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";
import { openDepthFolder } from "../../video/depth/depthFolder.ts";
import type { FrameSource } from "../../video/frame.ts";
import { isFootageFolder, openFrameSource } from "../../video/frameSource.ts";
import { openWeights, weightsIdentity } from "../settings/encoder.ts";
import { modeNameOf, modeOf, protocolOf } from "../settings/protocol.ts";
import { requireOtherFolder } from "../settings/resultsFolder.ts";
import type { RunContext } from "../task.ts";
import { trackClip, type TrackResult } from "./trackClip.ts";
import { placeLabels } from "./placeLabels.ts";
import { keepSkeleton, skeletonFor } from "./skeletonFile.ts";
import { readLabels } from "./trackLabels.ts";
import { type PointTrackResult, trackPointsClip } from "./trackPointsClip.ts";
import { trackSchema, type TrackSettings } from "./trackSchema.ts";
import { requireNoStream } from "./usedFolder.ts";

/** A clip was tracked: in a session, or its points by direct matching. */
export type ClipOutcome =
  | { readonly kind: "session"; readonly out: string; readonly result: TrackResult }
  | { readonly kind: "direct"; readonly out: string; readonly result: PointTrackResult };

/** All that labels are tracked with. */
interface Work {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly task: TrackSettings;
  readonly skeleton: readonly Bone[];
  readonly context: RunContext;
}

/** @throws UserError `track/used`, those of the labels, of `openFrameSource`, `trackClip` and `trackPointsClip` */
export async function trackVideo(task: TrackSettings, context: RunContext): Promise<ClipOutcome> {
  const { video, out, method } = task;
  const protocol = protocolOf(task);
  const { logger } = context;
  requireOtherFolder(video, out);
  requireDepthUse(task, protocol);
  await requireNoStream(out);
  // Before anything is said of the labels.
  await isFootageFolder(video);
  const given = await readLabels(task, logger);
  await using source = await openFrameSource(video, {
    logger,
    notFrames: [...task.labels.map(({ path }) => path), ...(task.depth === undefined ? [] : [task.depth])],
  });
  const labels = placeLabels(given, source, logger);
  const skeleton = await skeletonFor(out, given);
  await using encoder = await openWeights(task, context.machine);
  const work = { source, encoder, protocol, task, skeleton, context };
  if (method === "direct") return { kind: "direct", out, result: await trackDirectly(work, labels) };
  return { kind: "session", out, result: await trackInSession(work, labels) };
}

/** What both ways to track have in common. */
function commonOptions({ source, encoder, protocol, task, skeleton, context: { logger, signal } }: Work) {
  const { out, overlay, pictures, mmPerPx } = task;
  const results = { out, overlay, pictures, mmPerPx, skeleton };
  return { source, encoder, protocol, logger, signal, ...results };
}

async function trackInSession(work: Work, labels: readonly FrameLabels[]): Promise<TrackResult> {
  const { task, context } = work;
  const { machine } = context;
  const { weights = DEFAULT_WEIGHTS, protocol: protocolName, boxes, direction, range, arrivals } = task;
  const modeName = await modeNameFor(task, labels);
  const depth = task.depth === undefined ? undefined : await openDepthFolder(task.depth, work.source);
  const result = await trackClip({
    ...commonOptions(work),
    ...machine,
    labels,
    boxes,
    depth,
    arrivals: arrivals === undefined ? undefined : { what: arrivals },
    weights,
    protocolName,
    modeName,
    mode: modeOf(task, modeName),
    direction,
    identity: await weightsIdentity(task, machine),
    range,
  });
  await keepTask(task);
  await keepSkeleton(task.out, work.skeleton);
  return result;
}

/** Depth is for target models. @throws UserError `depth/unused` */
function requireDepthUse({ depth, method, arrivals }: TrackSettings, { target }: Protocol): void {
  const why =
    (target === "none" && "with --target none") ||
    (method === "direct" && "with --method direct") ||
    (arrivals !== undefined && "with --arrivals");
  if (depth === undefined || why === false) return;
  throw new UserError("depth/unused", {
    what: `--depth has no use ${why}: it is what target models go by`,
    expected: "masks or boxes, with --target motion or model",
    todo: "leave one of them out",
  });
}

/** Writes `task.json`, the task without what its defaults say: with it a correction is tracked in the same way. */
function keepTask(task: TrackSettings): Promise<void> {
  const { video, labels, out } = task;
  const plain: Readonly<Record<string, unknown>> = trackSchema.parse({ video, labels, out });
  const own = Object.entries(task).filter(([key, value]) => !isDeepStrictEqual(value, plain[key]));
  const kept = { task: "track", video, labels, out, ...Object.fromEntries(own) };
  return writeFileAtomic(join(out, "task.json"), `${JSON.stringify(kept, undefined, 1)}\n`);
}

/**
 * The mode asked for; else that of the session that resumes, so that labels of another kind can join it; else the usual
 * one.
 */
async function modeNameFor(task: TrackSettings, labels: readonly FrameLabels[]): Promise<ModeName> {
  const session = task.mode === undefined ? await new SessionFolder(task.out).readSession() : undefined;
  const hasPoints = labels.some(({ points = [] }) => points.length > 0);
  return nameOfMode(session?.settings["mode"]) ?? modeNameOf(task, hasPoints);
}

/** Points of one frame by direct matching. @throws UserError `track/direct` for anything else */
async function trackDirectly(work: Work, labels: readonly FrameLabels[]): Promise<PointTrackResult> {
  const { task, protocol, encoder, context } = work;
  requirePointsOfOneFrame(task, labels);
  const { weights = DEFAULT_WEIGHTS, method } = task;
  const { device, threads = null } = context.machine;
  const [{ frame: start, points = [], name = "the points" }] = labels;
  return trackPointsClip({
    ...commonOptions(work),
    points,
    pointsName: name,
    follower: new DirectMatching(),
    start,
    settings: {
      labels: name,
      method,
      protocolName: task.protocol,
      protocol,
      encoder: encoder.name,
      weights,
      device,
      threads,
    },
  });
}

function requirePointsOfOneFrame(task: TrackSettings, labels: readonly FrameLabels[]): void {
  const { direction, range, ends, candidates, arrivals } = task;
  const [{ points = [], boxes = [] }, ...others] = labels;
  const elsewhere = direction !== "forward" || [range, ends, candidates, arrivals].some((key) => key !== undefined);
  if (others.length === 0 && points.length > 0 && boxes.length === 0 && !elsewhere) return;
  throw new UserError("track/direct", {
    what: "--method direct follows points of one frame, forward to the end, looking everywhere around them",
    todo: "choose the frame with --start, or leave --method out",
  });
}
