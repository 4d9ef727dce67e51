/** @file `tsumugi score pck`: percentage of correct key points, by JHMDB's rule. */
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { scorePckFiles } from "../../../evaluation/benchmarks/pointFiles.ts";
import { pckTable } from "../../../evaluation/benchmarks/pointTables.ts";
import { print } from "../../terminal.ts";

const EXAMPLES = `
A joint is correct at t if it lies within t x 0.6 x the diagonal of the bounding box of the true joints. The first frame of the
truth was given and is not scored. Each joint is averaged over all frames of all clips, then the joints are averaged.

Predictions: .csv or .json with frame, name, x, y (docs/keypoints.md), in pixels with the origin at the corner of the first
pixel. Truth: the same, or joint annotations of JHMDB or BADJA. Two files, or two folders with files of the same names.

Examples:
  $ tsumugi score pck --pred results --truth keypoints/JHMDB
  $ tsumugi score pck --pred result/points.csv --truth truth.csv --json scores.json
`;

/** The command. */
export function pckCommand(): Command {
  return new Command("pck")
    .description("PCK@0.1 to PCK@0.5 of key points, by the rule for JHMDB")
    .requiredOption("--pred <path>", "predicted points: a file, or a folder of files")
    .requiredOption("--truth <path>", "true points: a file, or a folder of files named alike")
    .option("--json <file>", "write all values, of every joint too")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: { readonly pred: string; readonly truth: string; readonly json?: string }): Promise<void> {
  const scores = await scorePckFiles({ prediction: flags.pred, truth: flags.truth });
  if (flags.json !== undefined) await writeFileAtomic(flags.json, `${JSON.stringify(scores, undefined, 1)}\n`);
  print(pckTable(scores));
}
