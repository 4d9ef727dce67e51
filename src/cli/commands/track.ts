/** @file `tsumugi track`: carries the objects of one labelled frame through a clip. */
import { join } from "node:path";
import { Command } from "commander";
import { openEncoderThread } from "../../method/encoderThread.ts";
import { DEFAULT_WEIGHTS } from "../../method/encoderWeights.ts";
import type { DeviceKind } from "../../tensor/index.ts";
import { trackClip, type TrackResult } from "../../tracking/trackClip.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { deviceOption, interruptSignal, threadsOption, wholeNumber } from "../options.ts";
import { type ProtocolFlags, protocolOf, protocolOptions } from "../protocolOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

interface TrackFlags extends ProtocolFlags {
  readonly labels: string;
  readonly out: string;
  readonly weights?: string;
  readonly start: number;
  readonly overlay: boolean;
  readonly threads?: number;
  readonly device: DeviceKind;
}

const EXAMPLES = `
The labels are a PNG of the video's size: pixel value 0 = background, 1..254 = objects (palette or grey). 255 counts as
background, unless 0 and 255 are the only values: then 255 is object 1. One mask is written per frame, as it is found.

Examples:
  $ tsumugi track clip.mp4 --labels first.png --out result
  $ tsumugi track frames/ --labels 00010.png --start 10 --out result --protocol crw
  $ tsumugi track clip.mp4 --labels first.png --out result --memory 4 --radius 8 --top-k 5
      faster: fewer memory frames, a smaller search
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors

Protocols, their values and what they cost: docs/tracking.md.`;

/** The command. */
export function trackCommand(): Command {
  const command = new Command("track")
    .description("Carries the objects of one labelled frame through a video or a folder of images.")
    .argument("<video>", "a video file or a folder of images")
    .requiredOption("--labels <png>", "mask of the labelled frame")
    .requiredOption("--out <dir>", "folder for masks/NAME.png, overlay.mp4 and summary.json")
    .option("--weights <file>", "encoder weights, for example of tsumugi train (default: those of the package)")
    .option("--start <n>", "index of the labelled frame", wholeNumber(0), 0);
  return protocolOptions(command)
    .option("--no-overlay", "masks and summary only")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(video: string, flags: TrackFlags): Promise<void> {
  const { labels, out, weights = DEFAULT_WEIGHTS, start, overlay, device } = flags;
  const protocol = protocolOf(flags);
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const logger = terminalLogger();
  const interrupt = interruptSignal();
  try {
    await using source = await openFrameSource(video, { logger });
    await using encoder = await openEncoderThread({ weights, device, motion: flags.motion, ...threads });
    const result = await trackClip({
      source,
      encoder,
      labels,
      out,
      protocol,
      weights,
      device,
      start,
      overlay,
      logger,
      ...threads,
      protocolName: flags.protocol,
      signal: interrupt.signal,
    });
    report(result, out);
  } finally {
    interrupt.dispose();
  }
}

function report({ summary, overlay }: TrackResult, out: string): void {
  const { frames, framesPerSecond, complete, peakRssMb } = summary;
  const pace = `${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB`;
  print(`${complete ? "tracked" : "stopped after"} ${frames.length} frames (${pace})`);
  print(`masks: ${join(out, "masks")}`);
  if (overlay !== null) print(`overlay: ${overlay}`);
  print(`summary: ${join(out, "summary.json")}`);
  if (complete) return;
  print("the masks written so far are kept; run the same command again to track the whole clip");
  process.exitCode = 130;
}
