/** @file `tsumugi score davis`: holds existing masks against the truth. */
import { resolve } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import type { VoidHandling } from "../../../metrics/davis.ts";
import { scoreDavisFolders } from "../../../evaluation/benchmarks/davisFolders.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { davisTable } from "../../../evaluation/benchmarks/davisTable.ts";
import { voidOption } from "../../options.ts";
import { print, terminalLogger } from "../../terminal.ts";

interface DavisOptions {
  readonly pred: string;
  readonly truth: string;
  readonly split?: string;
  readonly void: VoidHandling;
  readonly json?: string;
}

const EXAMPLES = `
The truth is a folder of sequences (Annotations/480p): DAVIS 2016 masks (0 and 255) or DAVIS 2017 masks (object ids).
The first and the last frame of each sequence are left out, as in the official tool.

Examples:
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p --split val.txt --json scores.json
`;

/** The command. */
export function davisCommand(): Command {
  return new Command("davis")
    .description("region similarity J and boundary accuracy F of the DAVIS benchmark")
    .requiredOption("--pred <dir>", "predicted masks: DIR/SEQUENCE/00000.png and so on")
    .requiredOption("--truth <dir>", "true masks, laid out and named alike")
    .option("--split <file>", "score only the sequences named in this file, one a line (default: all in --pred)")
    .addOption(voidOption())
    .option("--json <file>", "write all values, of every scored frame too")
    .addHelpText("after", EXAMPLES)
    .action(scoreDavisMasks);
}

async function scoreDavisMasks({ pred, truth, split, void: voidHandling, json }: DavisOptions): Promise<void> {
  const log = terminalLogger();
  const score = await scoreDavisFolders(
    {
      prediction: pred,
      truth,
      voidHandling,
      ...(split !== undefined && { sequences: await readSplit(split) }),
      onSequence: (name, index, count) => log.progress(`scoring ${name} (${index + 1} of ${count})`),
    },
    { prediction: resolve(pred), truth: resolve(truth), void: voidHandling },
  );
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(score, undefined, 1)}\n`);
  print(davisTable(score));
}
