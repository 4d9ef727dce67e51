/** @file `tsumugi ablate`: does each part of the method help? */
import { Command, InvalidArgumentError } from "commander";
import { UserError } from "../../core/errors.ts";
import { ABLATION_ROWS, VARIANTS } from "../../tasks/choices.ts";
import { namesAmong, repeated, wholeNumber } from "../optionParsers.ts";
import { type Given, type NamedTask, perform, renamed } from "../perform.ts";
import { cacheOption, maskTrackingOptions, threadsOption } from "../sharedOptions.ts";
import { configKeys } from "../trainingKeys.ts";

const EXAMPLES = `
Rows: ${ABLATION_ROWS.slice(0, 8).join(", ")},
${ABLATION_ROWS.slice(8).join(", ")}.
Every row is trained on the same footage with the same steps and seeds, and scored on the annotated sequences. DIR gets a
folder for each run, ablation.md (tables), ablation.json (all values), ablation.svg|png and gains.svg|png. If interrupted,
run the same command again to resume; with further sets or --jhmdb it adds their columns without training again. Sequences
are also grouped by what makes them hard (fast motion, small objects, …), measured from their masks.

Examples:
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 2000 --seeds 1,2 --out results/ablation
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 500 --variant nano --rows reconstruction,mee --out results/mee
  $ tsumugi ablate footage/ --data DAVIS --split val.txt --steps 2000 --jhmdb DATA --also alike=CDnet:240p:cars.txt --out results/ablation
`;

/** The command. */
export function ablateCommand(): Command {
  const command = new Command("ablate")
    .description("Trains with and without each part of the method and scores how much it helps.")
    .argument("[footage...]", "videos, image folders, or folders of both")
    .optionsGroup("What is compared:")
    .requiredOption("--out <dir>", "folder for the runs and the report")
    .requiredOption("--data <root>", "annotated sequences in DAVIS layout")
    .requiredOption("--split <file>", "which of them, one name per line")
    .requiredOption("--steps <n>", "training steps of each row", wholeNumber(1))
    .option("--seeds <list>", "train every row with each of these seeds (default: 1,2)", seeds)
    .option("--rows <list>", "which rows (default: all)", namesAmong(ABLATION_ROWS, "Rows"))
    .optionsGroup("Scores:")
    .option("--res <name>", "resolution folder of the annotated sequences", "480p")
    .option("--frames <n>", "score only this many frames of each sequence", wholeNumber(3))
    .option("--also <set>", "a further set, in a column of its own: NAME=ROOT:RES:SPLIT; repeatable", furtherSet)
    .option(
      "--jhmdb <root>",
      "also score joints of people, in two columns of PCK: the folder that holds keypoints/JHMDB",
    )
    .option("--jhmdb-split <file>", "only these clips of JHMDB, one name per line");
  trainingOptions(command);
  return maskTrackingOptions(command)
    .optionsGroup("Machine:")
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((footage: string[]) => perform(command, (given) => taskOf(footage, given)));
}

function trainingOptions(command: Command): Command {
  return command
    .optionsGroup("Training:")
    .option("--variant <name>", `encoder: ${VARIANTS.join(", ")}`, "small")
    .option("--config <file>", "JSON file with keys of the training configuration for all rows")
    .option("--set <key=value>", "one such key; repeatable", repeated(String))
    .addOption(cacheOption());
}

async function taskOf(
  footage: readonly string[],
  { config, set, jhmdb, jhmdbSplit, ...given }: Given,
): Promise<NamedTask> {
  const keys = await configKeys(config as string | undefined, (set ?? []) as readonly string[]);
  return {
    task: "ablate",
    footage,
    ...renamed(given, { res: "resolution" }),
    config: keys,
    ...jointsOf(jhmdb, jhmdbSplit),
  };
}

/** @throws UserError `ablate/jhmdb` */
function jointsOf(root: unknown, split: unknown): Given {
  if (root !== undefined) return { jhmdb: { root, ...(split !== undefined && { split }) } };
  if (split === undefined) return {};
  throw new UserError("ablate/jhmdb", {
    what: "--jhmdb-split without --jhmdb",
    todo: "give the data folder too",
  });
}

/** `--also` as given. */
interface FurtherSet {
  readonly name: string;
  readonly root: string;
  readonly resolution: string;
  readonly split: string;
}

/** Names of columns that every table has. */
const TAKEN = new Set(["row", "J&F", "J", "F", "gain"]);

function furtherSet(text: string, all: readonly FurtherSet[] = []): FurtherSet[] {
  const match = /^([\w-]+)=(.+):([^:]+):([^:]+)$/u.exec(text);
  if (match === null)
    throw new InvalidArgumentError("Expected NAME=ROOT:RES:SPLIT, for example alike=CDnet:240p:cars.txt.");
  const [, name, root, resolution, split] = match;
  if (TAKEN.has(name) || all.some((one) => one.name === name))
    throw new InvalidArgumentError(`The name ${name} is taken.`);
  return [...all, { name, root, resolution, split }];
}

function seeds(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(0)(part));
}
