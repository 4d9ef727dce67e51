/** @file `tsumugi track`: carries the masks, boxes or points of one labelled frame through a clip. */
import { basename, extname, join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { type PointLabels, readPointLabels } from "../../formats/pointLabels.ts";
import { openEncoderThread } from "../../method/encoderThread.ts";
import { DEFAULT_WEIGHTS } from "../../method/encoderWeights.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { DeviceKind } from "../../tensor/index.ts";
import { boxMask } from "../../tracking/boxLabels.ts";
import { type PointTrackResult, trackPointsClip } from "../../tracking/points/trackPointsClip.ts";
import type { Protocol } from "../../tracking/protocols.ts";
import { trackClip, type TrackResult } from "../../tracking/trackClip.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { deviceOption, threadsOption, untilInterrupted, wholeNumber } from "../options.ts";
import { followerOf, type PointMethodFlags, pointMethodOption } from "../pointMethod.ts";
import {
  type ModeFlags,
  modeOf,
  maskOptions,
  type ProtocolFlags,
  protocolOf,
  protocolOptions,
} from "../protocolOptions.ts";
import { scaleOption } from "../scaleOption.ts";
import { print, terminalLogger } from "../terminal.ts";

interface TrackFlags extends ProtocolFlags, ModeFlags, PointMethodFlags {
  readonly labels: string;
  readonly out: string;
  readonly weights?: string;
  readonly start?: number;
  readonly overlay: boolean;
  readonly pictures: boolean;
  readonly scale?: number;
  readonly threads?: number;
  readonly device: DeviceKind;
}

const EXAMPLES = `
Masks: a PNG of the video's size, pixel value 0 = background, 1..254 = objects (palette or grey). 255 counts as background, unless
0 and 255 are the only values: then 255 is object 1. One mask is written per frame, as it is found.

Points: .json or .csv with frame, name, x, y (and visible) in pixels; every frame gets x, y, visible and confidence of each point.
Boxes: the same files with width and height, x and y being the top left corner; a box is tracked as the mask of its rectangle.
Every kind gets tracks.csv, a row for each frame and object with place, box, area, speed and confidence (docs/results.md).
Without --start, tracking starts at the first frame that has labels in the file.

Examples:
  $ tsumugi track clip.mp4 --labels first.png --out result
  $ tsumugi track clip.mp4 --labels points.csv --out result
  $ tsumugi track clip.mp4 --labels boxes.json --out result
  $ tsumugi track clip.mp4 --labels first.png --out result --scale 320px=500mm
      speeds in mm/s too
  $ tsumugi track frames/ --labels 00010.png --start 10 --out result --protocol crw
  $ tsumugi track clip.mp4 --labels first.png --out result --memory 4 --radius 8 --top-k 5
      fewer memory frames, a smaller search
  $ tsumugi track clip.mp4 --labels first.png --out result --mode live
      fastest; --mode fast keeps the resolution and searches less
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors

Protocols and modes, their values and what they cost: docs/tracking.md. Points and boxes: docs/keypoints.md. Results: docs/results.md.`;

/** The command. */
export function trackCommand(): Command {
  const command = new Command("track")
    .description("Carries the masks, boxes or points of one labelled frame through a video or a folder of images.")
    .argument("<video>", "a video file or a folder of images")
    .requiredOption("--labels <file>", "mask (.png), points or boxes (.json, .csv) of the labelled frame")
    .requiredOption(
      "--out <dir>",
      "folder for masks/NAME.png, or points.csv; tracks.csv, tracks.jsonl, summary.json, overlay.mp4",
    )
    .option("--weights <file>", "encoder weights, for example of tsumugi train (default: those of the package)")
    .option(
      "--start <n>",
      "index of the labelled frame (default: 0, or the first with points or boxes)",
      wholeNumber(0),
    );
  return maskOptions(pointMethodOption(protocolOptions(command)))
    .addOption(scaleOption())
    .option("--no-overlay", "no video of the results")
    .option("--no-pictures", "no pictures of trajectories, speed and heat map")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((video: string, flags: TrackFlags) => untilInterrupted((signal) => run(video, flags, signal)));
}

/** All that every kind of labels is tracked with. */
interface Work {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly flags: TrackFlags;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

async function run(video: string, flags: TrackFlags, signal: AbortSignal): Promise<void> {
  const { labels: path, weights = DEFAULT_WEIGHTS, device, threads } = flags;
  const protocol = protocolOf(flags);
  const labels = /\.(?:json|csv)$/iu.test(extname(path)) ? await labelsOf(path, flags.start) : undefined;
  const logger = terminalLogger();
  await using source = await openFrameSource(video, { logger });
  await using encoder = await openEncoderThread({
    weights,
    device,
    motion: flags.motion,
    ...(flags.camera !== undefined && { camera: flags.camera }),
    ...(threads !== undefined && { threads }),
  });
  const work = { source, encoder, protocol, flags, logger, signal };
  if (labels === undefined) report(await trackMasks(work, flags.start ?? 0), flags.out);
  else if (labels.points.length > 0) {
    requireNoCandidates(flags);
    report(await trackPoints(work, labels), flags.out);
  } else report(await trackBoxes(work, labels), flags.out);
}

/** @throws UserError `track/candidates` */
function requireNoCandidates({ candidates, labels }: TrackFlags): void {
  if (candidates === undefined) return;
  throw new UserError("track/candidates", {
    what: `--candidates ${candidates} is for masks and boxes, but ${labels} holds points`,
    todo: "leave --candidates out",
  });
}

/** Labels of one frame. */
interface FrameLabels extends PointLabels {
  readonly start: number;
}

/** The labels of the frame that tracking starts from. @throws UserError `labels/mixed`, `labels/start` and those of the file */
async function labelsOf(path: string, wanted: number | undefined): Promise<FrameLabels> {
  const { points, boxes } = await readPointLabels(path);
  const frames = [...points.filter(({ visible }) => visible), ...boxes].map(({ frame }) => frame);
  const start = wanted ?? frames.reduce((least, frame) => Math.min(least, frame), Infinity);
  const here = {
    start,
    points: points.filter(({ frame, visible }) => visible && frame === start),
    boxes: boxes.filter(({ frame }) => frame === start),
  };
  if (here.points.length + here.boxes.length === 0)
    throw new UserError("labels/start", {
      what: `${path} has no visible point and no box in the frame to start from`,
      got:
        frames.length === 0
          ? "nothing visible in any frame"
          : `labels in frame ${[...new Set(frames)].slice(0, 5).join(", ")}`,
      expected: `some in ${Number.isFinite(start) ? `frame ${start}` : "one frame"}`,
      todo: "choose the labelled frame with --start, counted from 0",
    });
  if (here.points.length > 0 && here.boxes.length > 0)
    throw new UserError("labels/mixed", {
      what: `${path} has points and boxes in frame ${start}`,
      todo: "put them into two files and track each",
    });
  return here;
}

/** Settings of the flags that masks and points have in common. */
function commonOptions({ out, overlay, pictures, scale }: TrackFlags) {
  return { out, overlay, pictures, ...(scale !== undefined && { mmPerPx: scale }) };
}

/** Boxes that masks stand for. */
interface MaskOfBoxes {
  readonly first: LabelMap;
  readonly boxNames: ReadonlyMap<number, string>;
}

function trackMasks({ flags, ...work }: Work, start: number, ofBoxes?: MaskOfBoxes): Promise<TrackResult> {
  const { labels, weights = DEFAULT_WEIGHTS, device, threads, protocol: protocolName } = flags;
  return trackClip({
    ...work,
    ...commonOptions(flags),
    ...ofBoxes,
    labels,
    weights,
    device,
    start,
    protocolName,
    modeName: flags.mode,
    mode: modeOf(flags),
    ...(threads !== undefined && { threads }),
  });
}

function trackPoints({ flags, protocol, ...work }: Work, { points, start }: FrameLabels): Promise<PointTrackResult> {
  const { labels, weights = DEFAULT_WEIGHTS, device, threads = null, method } = flags;
  const { shortSide: inputSize } = protocol;
  const encoder = work.encoder.name;
  return trackPointsClip({
    ...work,
    ...commonOptions(flags),
    points,
    pointsName: labels,
    follower: followerOf(method, protocol, flags.threads)(),
    inputSize,
    start,
    settings: {
      labels,
      method,
      protocolName: flags.protocol,
      protocol,
      encoder,
      weights,
      device,
      threads,
    },
  });
}

/** Boxes are tracked as masks. */
function trackBoxes(work: Work, { boxes, start }: FrameLabels): Promise<TrackResult> {
  const first = boxMask(boxes, work.source, work.flags.labels);
  return trackMasks(work, start, { first, boxNames: new Map(boxes.map(({ name }, i) => [i + 1, name])) });
}

function report({ summary, overlay, tables, pictures }: TrackResult | PointTrackResult, out: string): void {
  const { complete, frameCount, framesPerSecond, peakRssMb } = summary;
  const pace = `${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB`;
  print(`${complete ? "tracked" : "stopped after"} ${frameCount} frames (${pace})`);
  if ("labels" in summary) print(`masks: ${join(out, "masks")}`);
  for (const path of tables) print(`${basename(path).replace(/\..*$/u, "")}: ${path}`);
  if (overlay !== null) print(`overlay: ${overlay}`);
  for (const path of pictures.filter((name) => name.endsWith(".png"))) print(`${basename(path, ".png")}: ${path}`);
  print(`summary: ${join(out, "summary.json")}`);
  if (complete) return;
  print("what is written so far is kept; run the same command again to track the whole clip");
  process.exitCode = 130;
}
