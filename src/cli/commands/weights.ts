/** @file `tsumugi weights`: looks into a weights file and converts it. */
import { Command, InvalidArgumentError, Option } from "commander";
import { encoderVariants } from "../../method/encoder.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import { averageWeights } from "../../method/weightAverage.ts";
import { writeSafetensors } from "../../weights/safetensors.ts";
import { print } from "../terminal.ts";

interface WeightsFlags {
  readonly variant?: string;
  readonly out?: string;
  readonly dtype: "F16" | "F32";
  readonly average?: string;
  readonly share: number;
}

const EXAMPLES = `
Reads safetensors and PyTorch checkpoints (.pth, .pt; nothing in them is executed), strips known prefixes and checks every
parameter. Layouts that are understood: docs/weights.md.

Examples:
  $ tsumugi weights runs/line-3/weights.safetensors
  $ tsumugi weights runs/line-3/weights.safetensors --out line-3.safetensors --dtype F16
      half the size, for sharing
  $ tsumugi weights resnet18.pth --variant crw --out resnet18-crw.safetensors
  $ tsumugi weights base.safetensors --average runs/site/weights.safetensors --share 0.5 --out mean.safetensors
      the mean of weights and of those that were learned from them: often better than either`;

/** The command. */
export function weightsCommand(): Command {
  return new Command("weights")
    .description("Shows what a weights file holds, and converts it to safetensors.")
    .argument("<file>", "safetensors or a PyTorch checkpoint")
    .addOption(
      new Option("--variant <name>", "the encoder they are for (default: what the file says, or what fits)").choices(
        Object.keys(encoderVariants),
      ),
    )
    .option("--out <file>", "write them as safetensors")
    .option("--average <file>", "mix them with these weights of the same variant, learned from them")
    .option("--share <part>", "share of the other weights in the mix, 0 to 1", shareOf, 0.5)
    .addOption(new Option("--dtype <kind>", "how numbers are written").choices(["F16", "F32"]).default("F32"))
    .addHelpText("after", EXAMPLES)
    .action(run);
}

function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}

async function run(file: string, { variant, out, dtype, average, share }: WeightsFlags): Promise<void> {
  const own = await readEncoderWeights(file, variant);
  const weights =
    average === undefined ? own : averageWeights(own, await readEncoderWeights(average, own.variant), share);
  const count = [...weights.values.values()].reduce((sum, { data }) => sum + data.length, 0);
  print(`${file}: ${weights.variant}, ${weights.values.size} tensors, ${(count / 1e6).toFixed(2)} M numbers`);
  for (const [key, value] of Object.entries(weights.metadata)) print(`  ${key}: ${value}`);
  if (out === undefined) return;
  const metadata = { ...weights.metadata, variant: weights.variant };
  await writeSafetensors(out, new Map(weights.values), { dtype, metadata });
  print(`written as ${dtype}: ${out}`);
}
