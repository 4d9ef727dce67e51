/** @file `tsumugi weights`: shows what a weights file holds and converts it. */
import { Command, Option } from "commander";
import { VARIANTS, WEIGHT_TYPES } from "../../tasks/choices.ts";
import { share } from "../optionParsers.ts";
import { perform } from "../perform.ts";

const EXAMPLES = `
Reads safetensors and PyTorch checkpoints (.pth, .pt; nothing in them is executed), strips known prefixes and checks every
parameter. Supported layouts: docs/weights.md.

Examples:
  $ tsumugi weights runs/line-3/weights.safetensors
  $ tsumugi weights runs/line-3/weights.safetensors --out line-3.safetensors --dtype F16
      half the size, for sharing
  $ tsumugi weights resnet18.pth --variant crw --out resnet18-crw.safetensors
  $ tsumugi weights base.safetensors --average runs/site/weights.safetensors --share 0.5 --out mean.safetensors
      the average of weights and others learned from them is often better than either`;

/** The command. */
export function weightsCommand(): Command {
  const command = new Command("weights")
    .description("Shows what a weights file holds, and converts it to safetensors.")
    .argument("<file>", "safetensors or a PyTorch checkpoint")
    .addOption(
      new Option(
        "--variant <name>",
        "the encoder that they are for (default: as the file says, else the one that fits)",
      ).choices(VARIANTS),
    )
    .option("--out <file>", "write the weights as safetensors")
    .option("--average <file>", "average with these weights of the same variant, which were learned from them")
    .option("--share <part>", "share of the other weights in the average, 0 to 1", share, 0.5)
    .addOption(new Option("--dtype <kind>", "number format of the file").choices(WEIGHT_TYPES).default("F32"))
    .addHelpText("after", EXAMPLES);
  return command.action((file: string) => perform(command, (given) => ({ task: "weights", file, ...given })));
}
