/** @file `tsumugi score miou`: mean IoU of semantic labels. */
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { scoreLabelFolders } from "../../../evaluation/benchmarks/labelFolders.ts";
import { iouTable } from "../../../evaluation/benchmarks/pointTables.ts";
import { labelList } from "../../options.ts";
import { print, terminalLogger } from "../../terminal.ts";

interface MiouFlags {
  readonly pred: string;
  readonly truth: string;
  readonly classes?: readonly number[];
  readonly json?: string;
}

const EXAMPLES = `
All pixels of all frames count together, as in VIP's evaluation; the first frame of each sequence was given and is not scored,
pixels whose truth is 255 (void) do not count.

Examples:
  $ tsumugi score miou --pred results --truth CamVid/Annotations/360p --classes 1-11
  $ tsumugi score miou --pred results --truth VIP/Annotations --json scores.json
`;

/** The command. */
export function miouCommand(): Command {
  return new Command("miou")
    .description("mean IoU of semantic labels, as VIP and CamVid are scored")
    .requiredOption("--pred <dir>", "predicted labels: DIR/SEQUENCE/00000.png and so on")
    .requiredOption("--truth <dir>", "true labels, laid out and named alike")
    .option("--classes <list>", "labels to average, for example 1-11 or 0,3,7 (default: all in the truth)", labelList)
    .option("--json <file>", "write all values")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run({ pred, truth, classes, json }: MiouFlags): Promise<void> {
  const log = terminalLogger();
  const score = await scoreLabelFolders({
    prediction: pred,
    truth,
    ...(classes !== undefined && { classes }),
    onSequence: (name, index, count) => log.progress(`scoring ${name} (${index + 1} of ${count})`),
  });
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  print(iouTable(score));
}
