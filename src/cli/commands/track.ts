/** @file `tsumugi track`: carries the objects of one labelled frame through a clip. */
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { openEncoder } from "../../method/encoderSession.ts";
import { DEFAULT_WEIGHTS } from "../../method/encoderWeights.ts";
import type { DeviceKind } from "../../tensor/index.ts";
import { presets, resolveProtocol, type Protocol, type ProtocolOverrides } from "../../tracking/protocols.ts";
import { trackClip, type TrackResult } from "../../tracking/trackClip.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { deviceOption, interruptSignal, positiveNumber, threadsOption, wholeNumber } from "../options.ts";
import { terminalLogger } from "../terminal.ts";

/** The flags that choose a protocol, see `protocolOptions`. */
export interface ProtocolFlags {
  readonly protocol: string;
  readonly topK?: number | "all";
  readonly radius?: number;
  readonly temperature?: number;
  readonly memory?: number | number[];
  readonly first?: Protocol["memory"]["first"];
  readonly shortSide?: number;
}

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

/** Adds `--protocol` and the options that override it one by one; shared by all commands that track. */
export function protocolOptions(command: Command): Command {
  return command
    .option("--protocol <name>", `how labels are carried: ${Object.keys(presets).join(", ")}`, "default")
    .option("--top-k <n>", "candidates kept for each cell, or all", topK)
    .option("--radius <cells>", "search radius in feature cells", positiveNumber)
    .option("--temperature <t>", "divides the similarities before the softmax", positiveNumber)
    .option("--memory <frames>", "recent frames: how many (7), or which, counted back (1,3,5)", memory)
    .addOption(
      new Option("--first <how>", "the labelled frame in the memory").choices(["unrestricted", "windowed", "none"]),
    )
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192));
}

function topK(text: string): number | "all" {
  return text === "all" ? "all" : wholeNumber(1)(text);
}

function memory(text: string): number | number[] {
  const numbers = text.split(",").map((part) => wholeNumber(0, 256)(part));
  if (text.includes(",") && numbers.includes(0)) throw new InvalidArgumentError("Distances count from 1.");
  return text.includes(",") ? numbers : numbers[0];
}

/** The protocol that the flags choose. @throws UserError `protocol/unknown`, `protocol/invalid` */
export function protocolOf(flags: ProtocolFlags): Protocol {
  const { temperature, shortSide, radius, memory: recent, first } = flags;
  const overrides: ProtocolOverrides = {
    ...(flags.topK !== undefined && { topK: flags.topK === "all" ? null : flags.topK }),
    ...(temperature !== undefined && { temperature }),
    ...(shortSide !== undefined && { shortSide }),
    ...(radius !== undefined && { radius: { cells: radius } }),
    memory: { ...(recent !== undefined && { recent }), ...(first !== undefined && { first }) },
  };
  return resolveProtocol(flags.protocol, overrides);
}

async function run(video: string, flags: TrackFlags): Promise<void> {
  const { labels, out, weights = DEFAULT_WEIGHTS, start, overlay, device } = flags;
  const protocol = protocolOf(flags);
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const logger = terminalLogger();
  const interrupt = interruptSignal();
  try {
    await using source = await openFrameSource(video, { logger });
    await using encoder = await openEncoder({ weights, device, ...threads });
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
  process.stdout.write(`${complete ? "tracked" : "stopped after"} ${frames.length} frames (${pace})\n`);
  process.stdout.write(`masks: ${join(out, "masks")}\n${overlay === null ? "" : `overlay: ${overlay}\n`}`);
  process.stdout.write(`summary: ${join(out, "summary.json")}\n`);
  if (complete) return;
  process.stdout.write("the masks written so far are kept; run the same command again to track the whole clip\n");
  process.exitCode = 130;
}
