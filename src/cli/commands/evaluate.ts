/** @file `tsumugi evaluate`: runs a benchmark, tracking and scoring. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { messageOf, UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import type { VoidHandling } from "../../evaluation/davis.ts";
import { copyFirstMask, evaluateDavis, type MaskMethod } from "../../evaluation/davisBenchmark.ts";
import { readSplit } from "../../evaluation/davisSplit.ts";
import { davisTable } from "../../evaluation/davisTable.ts";
import { trackedMasks } from "../../evaluation/trackedMasks.ts";
import { encoderVariants } from "../../method/encoder.ts";
import { openEncoderThread } from "../../method/encoderThread.ts";
import { DEFAULT_WEIGHTS, untrainedWeights } from "../../method/encoderWeights.ts";
import type { DeviceKind } from "../../tensor/index.ts";
import { deviceOption, interruptSignal, threadsOption } from "../options.ts";
import { modeOf, type ProtocolFlags, protocolOf, protocolOptions } from "../protocolOptions.ts";
import { print, terminalLogger } from "../terminal.ts";
import { voidOption } from "./score.ts";

interface DavisOptions extends ProtocolFlags {
  readonly data: string;
  readonly split: string;
  readonly out: string;
  readonly weights: string;
  readonly variant?: string;
  readonly baseline?: "copy-first" | "untrained";
  readonly device: DeviceKind;
  readonly threads?: number;
  readonly res: string;
  readonly annotations: string;
  readonly void: VoidHandling;
  readonly json?: string;
}

/** `tsumugi evaluate BENCHMARK`. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("run a benchmark: track its sequences and score them")
    .addCommand(davisCommand())
    .addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
ROOT is laid out as DAVIS: JPEGImages/480p/SEQUENCE/00000.jpg and Annotations/480p/SEQUENCE/00000.png. The first mask
of each sequence is given to the tracker; the masks of DIR/SEQUENCE are scored without the first and the last frame.
Beside them lie SEQUENCE.png, a strip of frames with their masks, and SEQUENCE.svg, J and F over the frames.
Interrupted, the same command goes on: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/crw --protocol crw
  $ tsumugi evaluate davis --data DAVIS --split val.txt --weights run/weights.safetensors --out results/mine --json mine.json
  $ tsumugi evaluate davis --data DAVIS --split val.txt --out results/floor --baseline copy-first
`;

function davisCommand(): Command {
  const command = new Command("davis")
    .description("J and F of the DAVIS benchmark, 2016 or 2017, from the first frame's masks")
    .requiredOption("--data <root>", "the data set")
    .requiredOption("--split <file>", "the sequences, a name a line")
    .requiredOption("--out <dir>", "gets DIR/SEQUENCE/00000.png and so on")
    .addOption(
      new Option("--weights <file>", "safetensors or a PyTorch checkpoint").default(
        DEFAULT_WEIGHTS,
        "those of the package",
      ),
    )
    .addOption(
      new Option("--variant <name>", "the encoder (default: what the weights say; untrained: small)").choices(
        Object.keys(encoderVariants),
      ),
    )
    .addOption(
      new Option(
        "--baseline <name>",
        "a floor instead of the weights: copy-first repeats the first mask, untrained tracks with a random encoder",
      ).choices(["copy-first", "untrained"]),
    );
  return protocolOptions(command)
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .addOption(voidOption())
    .option("--json <file>", "write all values, of every scored frame too")
    .addHelpText("after", EXAMPLES)
    .action(evaluateDavisBenchmark);
}

async function evaluateDavisBenchmark(options: DavisOptions): Promise<void> {
  const interrupt = interruptSignal();
  try {
    await evaluateUntil(interrupt.signal, options);
  } finally {
    interrupt.dispose();
  }
}

async function evaluateUntil(signal: AbortSignal, options: DavisOptions): Promise<void> {
  const { data, out, split, res: resolution, annotations, json, void: voidHandling } = options;
  const sequences = await readSplit(split);
  await using chosen = await openMethod(options);
  const masks = { ...chosen.identity, data: resolve(data), resolution, annotations };
  const { score, frames, seconds, kept } = await evaluateDavis(
    { root: data, sequences, resolution, annotations },
    chosen.method,
    {
      out,
      identity: masks,
      settings: { ...masks, ...chosen.notes, split: resolve(split), void: voidHandling },
      voidHandling,
      logger: terminalLogger(),
      signal,
    },
  );
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  print(`${davisTable(score)}\n${speedLine(frames, seconds, kept.length)}`);
}

function speedLine(frames: number, seconds: number, kept: number): string {
  const speed =
    frames === 0 ? "nothing was left to track" : `${frames} frames, ${(frames / seconds).toFixed(2)} frames/s`;
  return kept === 0 ? speed : `${speed}; masks of ${kept} ${kept === 1 ? "sequence" : "sequences"} kept from before`;
}

/** What makes the masks. */
interface ChosenMethod extends AsyncDisposable {
  readonly method: MaskMethod;
  /** All that the masks depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting. */
  readonly notes: Readonly<Record<string, unknown>>;
}

async function openMethod(options: DavisOptions): Promise<ChosenMethod> {
  const { baseline, device, threads, weights } = options;
  if (baseline === "copy-first")
    return { method: copyFirstMask, identity: { method: baseline }, notes: {}, [Symbol.asyncDispose]: async () => {} };
  const protocol = protocolOf(options);
  const mode = modeOf(options);
  const variant = options.variant ?? (baseline === "untrained" ? "small" : undefined);
  const digest = baseline === "untrained" ? "untrained, seed 1" : await sha256(weights);
  const encoder = await openEncoderThread({
    weights: baseline === "untrained" ? untrainedWeights(variant ?? "small") : weights,
    ...(variant !== undefined && { variant }),
    device,
    ...(threads !== undefined && { threads }),
  });
  return {
    method: trackedMasks({ encoder, protocol, mode, ...(threads !== undefined && { threads }) }),
    identity: { method: "propagation", encoder: encoder.name, weights: digest, device, protocol, mode },
    notes: {
      protocolName: options.protocol,
      modeName: options.mode,
      ...(baseline === undefined && { weightsFile: resolve(weights) }),
    },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}

/** So that a file overwritten by further training is not taken for the old one. */
async function sha256(path: string): Promise<string> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    throw new UserError(
      "weights/missing",
      {
        what: `cannot read the weights ${path}: ${messageOf(error)}`,
        todo: "check the path, or look at a floor with --baseline copy-first",
      },
      error,
    );
  }
}
