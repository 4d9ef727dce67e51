/** @file `tsumugi weights`: looks into a weights file and converts it. */
import { Command, Option } from "commander";
import { VARIANTS, WEIGHT_TYPES } from "../../tasks/choices.ts";
import { share } from "../optionParsers.ts";
import { perform } from "../perform.ts";

const EXAMPLES = `
Reads safetensors and PyTorch checkpoints (.pth, .pt; nothing in them is executed), strips known prefixes and checks every
parameter. Layouts that are understood: docs/weights.md.

Examples:
  $ tsumugi weights runs/line-3/weights.safetensors
  $ tsumugi weights runs/line-3/weights.safetensors --out line-3.safetensors --dtype F16
      half the size, for sharing
  $ tsumugi weights resnet18.pth --variant crw --out resnet18-crw.safetensors
  $ tsumugi weights base.safetensors --average runs/site/weights.safetensors --share 0.5 --out mean.safetensors
      average weights with others learned from them; often better than either`;

/** The command. */
export function weightsCommand(): Command {
  const command = new Command("weights")
    .description("Shows what a weights file holds, and converts it to safetensors.")
    .argument("<file>", "safetensors or a PyTorch checkpoint")
    .addOption(
      new Option("--variant <name>", "the encoder they are for (default: what the file says, or what fits)").choices(
        VARIANTS,
      ),
    )
    .option("--out <file>", "write them as safetensors")
    .option("--average <file>", "mix them with these weights of the same variant, learned from them")
    .option("--share <part>", "share of the other weights in the mix, 0 to 1", share, 0.5)
    .addOption(new Option("--dtype <kind>", "how numbers are written").choices(WEIGHT_TYPES).default("F32"))
    .addHelpText("after", EXAMPLES);
  return command.action((file: string) => perform(command, (given) => ({ task: "weights", file, ...given })));
}
