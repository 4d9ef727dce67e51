/** @file `tsumugi weights`: looks into a weights file and converts it. */
import { Command, Option } from "commander";
import { encoderVariants } from "../../method/encoder.ts";
import { readEncoderWeights } from "../../method/encoderWeights.ts";
import { writeSafetensors } from "../../weights/safetensors.ts";
import { print } from "../terminal.ts";

interface WeightsFlags {
  readonly variant?: string;
  readonly out?: string;
  readonly dtype: "F16" | "F32";
}

const EXAMPLES = `
Reads safetensors and PyTorch checkpoints (.pth, .pt; nothing in them is executed), strips known prefixes and checks every
parameter. Layouts that are understood: docs/weights.md.

Examples:
  $ tsumugi weights runs/line-3/weights.safetensors
  $ tsumugi weights runs/line-3/weights.safetensors --out line-3.safetensors --dtype F16
      half the size, for sharing
  $ tsumugi weights resnet18.pth --variant crw --out resnet18-crw.safetensors`;

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
    .addOption(new Option("--dtype <kind>", "how numbers are written").choices(["F16", "F32"]).default("F32"))
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(file: string, { variant, out, dtype }: WeightsFlags): Promise<void> {
  const weights = await readEncoderWeights(file, variant);
  const count = [...weights.values.values()].reduce((sum, { data }) => sum + data.length, 0);
  print(`${file}: ${weights.variant}, ${weights.values.size} tensors, ${(count / 1e6).toFixed(2)} M numbers`);
  for (const [key, value] of Object.entries(weights.metadata)) print(`  ${key}: ${value}`);
  if (out === undefined) return;
  const metadata = { ...weights.metadata, variant: weights.variant };
  await writeSafetensors(out, new Map(weights.values), { dtype, metadata });
  print(`written as ${dtype}: ${out}`);
}
