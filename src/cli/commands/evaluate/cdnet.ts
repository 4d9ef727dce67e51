/** @file `tsumugi evaluate cdnet`: cars that look alike on a highway. */
import { join } from "node:path";
import { Command } from "commander";
import { type EncoderFlags, encoderOptions, machineOptions } from "../../encoderChoice.ts";
import { untilInterrupted } from "../../options.ts";
import { type ModeFlags, maskOptions, type ProtocolFlags, protocolOptions } from "../../protocolOptions.ts";
import { evaluateMasks } from "./davis.ts";

interface CdnetFlags extends ProtocolFlags, ModeFlags, EncoderFlags {
  readonly data: string;
  readonly split?: string;
  readonly out: string;
  readonly json?: string;
}

const EXAMPLES = `
ROOT holds segmentation/CDnet, laid out as DAVIS (240p). J and F are DAVIS's, averaged over all objects; the masks' unknown borders
(255) are left out of the score. Cars that enter after the first frame are background in the truth.

Examples:
  $ tsumugi evaluate cdnet --data DATA --out results/cdnet
  $ tsumugi evaluate cdnet --data DATA --out results/floor --baseline copy-first
`;

/** The command. */
export function cdnetCommand(): Command {
  const command = new Command("cdnet")
    .description("J and F of the highway sequences of CDnet, from the first frame's masks")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "gets DIR/SEQUENCE/00000.png and so on")
    .option("--split <file>", "the sequences, a name a line (default: ImageSets/240p/dev.txt of the data)");
  return machineOptions(maskOptions(protocolOptions(encoderOptions(command))))
    .option("--json <file>", "write all values, of every scored frame too")
    .addHelpText("after", EXAMPLES)
    .action((flags: CdnetFlags) => untilInterrupted((signal) => evaluate(flags, signal)));
}

async function evaluate(flags: CdnetFlags, signal: AbortSignal): Promise<void> {
  const data = join(flags.data, "segmentation/CDnet");
  const { split = join(data, "ImageSets/240p/dev.txt") } = flags;
  await evaluateMasks({ ...flags, data, split, res: "240p", annotations: "Annotations", void: "ignore" }, signal);
}
