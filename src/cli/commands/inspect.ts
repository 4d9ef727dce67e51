/** @file `tsumugi inspect`: what the method sees in a clip, as pictures and a video. */
import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../../core/errors.ts";
import { type Inspection, inspectClip } from "../../inspection/inspectClip.ts";
import { openEncoderThread } from "../../method/node/encoderThread.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../../method/node/weightsFile.ts";
import type { DeviceKind } from "../../tensor/index.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { Point } from "../../video/point.ts";
import { deviceOption, untilInterrupted, threadsOption, wholeNumber } from "../options.ts";
import { type ProtocolFlags, protocolOf, protocolOptions } from "../protocolOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

interface InspectFlags extends ProtocolFlags {
  readonly out: string;
  readonly weights: string;
  readonly frames?: number[];
  readonly every?: number;
  readonly pixel: readonly Point[];
  readonly gap: number;
  readonly video: boolean;
  readonly threads?: number;
  readonly device: DeviceKind;
}

const EXAMPLES = `
DIR gets index.html, which shows and explains everything; sheet.png; inspect.mp4, from the first to the last frame shown; and
for each frame shown motion-NAME.png, value-NAME.png (weights with a value extraction network), outlines-NAME.png,
regions-NAME.png, features-NAME.png, and for each pixel candidates-NAME-xX-yY.png and affinity-NAME-xX-yY.png.

Examples:
  $ tsumugi inspect clip.mp4 --out look
      five frames of the first 120; in each the two places that move most
  $ tsumugi inspect clip.mp4 --out look --frames 10,40 --pixel 320,200 --pixel 100,80 --no-video
  $ tsumugi inspect frames/ --out look --every 10 --weights runs/line-3/weights.safetensors
  $ tsumugi inspect belt.mp4 --out look --camera still
      the belt fills the picture and would be taken for the camera's motion

How to read the pictures: docs/inspect.md.`;

/** The command. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("Shows what the method sees in a clip: motion, value, clusters, candidates, affinity, features.")
    .argument("<clip>", "a video file or a folder of images")
    .requiredOption("--out <dir>", "folder for the pictures")
    .option("--weights <file>", "encoder weights (default: those of the package)", DEFAULT_WEIGHTS)
    .option("--frames <list>", "indices of the frames to show, such as 10,40 (default: five, spread)", frameList)
    .option("--every <n>", "show every n-th frame", wholeNumber(1))
    .option("--pixel <x,y>", "a pixel to follow up, repeatable (default: what moves most)", pixel, [])
    .option("--gap <n>", "frames back to the reference of candidates and value", wholeNumber(1, 256), 5)
    .option("--no-video", "pictures only, and only of the frames shown");
  return protocolOptions(command)
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((clip: string, flags: InspectFlags) => untilInterrupted((signal) => run(clip, flags, signal)));
}

function frameList(text: string): number[] {
  const frames = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (frames.every((frame) => Number.isInteger(frame) && frame >= 0)) return frames;
  throw new InvalidArgumentError("Expected frame indices from 0 such as 10,40.");
}

function pixel(text: string, before: readonly Point[]): Point[] {
  const [, x, y] = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/u.exec(text) ?? [];
  if (x === undefined) throw new InvalidArgumentError("Expected x,y in whole pixels such as 320,200.");
  return [...before, { x: Number(x), y: Number(y) }];
}

async function run(clip: string, flags: InspectFlags, signal: AbortSignal): Promise<void> {
  const { frames, every, gap, video, out, device } = flags;
  if (frames !== undefined && every !== undefined)
    throw new UserError("inspect/frames", {
      what: "--frames and --every both say which frames to show",
      expected: "one of them",
    });
  const protocol = protocolOf(flags);
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const logger = terminalLogger();
  await using source = await openFrameSource(clip, { logger });
  const weights = await readEncoderWeights(flags.weights);
  const camera = flags.camera === undefined ? {} : { camera: flags.camera };
  await using encoder = await openEncoderThread({ weights, device, motion: flags.motion, ...camera, ...threads });
  const inspection = await inspectClip({
    source,
    encoder,
    weights,
    out,
    gap,
    video,
    protocol,
    logger,
    ...(frames === undefined ? {} : { frames }),
    ...(every === undefined ? {} : { every }),
    ...(flags.pixel.length === 0 ? {} : { pixels: flags.pixel }),
    ...camera,
    ...threads,
    signal,
  });
  report(inspection);
}

function report({ frames, page, sheet, video }: Inspection): void {
  print(`looked at frame${frames.length === 1 ? "" : "s"} ${frames.join(", ")}`);
  print(`page: ${page}`);
  print(`sheet: ${sheet}`);
  if (video !== undefined) print(`video: ${video}`);
}
