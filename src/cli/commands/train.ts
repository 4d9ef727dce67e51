/** @file `tsumugi train`: footage in, an encoder out. */
import { Command } from "commander";
import { UserError } from "../../core/errors.ts";
import { VARIANTS } from "../../tasks/choices.ts";
import { positiveNumber, repeated, wholeNumber } from "../optionParsers.ts";
import { type Given, type NamedTask, perform } from "../perform.ts";
import { cacheOption, machineOptions } from "../sharedOptions.ts";
import { configKeys } from "../trainingKeys.ts";

const EXAMPLES = `
Examples:
  $ tsumugi train footage/ --out runs/line-3 --minutes 60
      begins with the weights of the package, and learns for an hour from every video and image folder under footage/
  $ tsumugi train cam1.mp4 cam2.mp4 --out runs/quick --steps 500 --variant nano --init none
      a smaller encoder, from random weights
  $ tsumugi train --resume runs/line-3
      resume after Ctrl-C, a crash or a restart
  $ tsumugi train footage/ --out runs/site --minutes 20 --init runs/line-3/weights.safetensors
      begins with the weights of an earlier run
  $ tsumugi train footage/ --out runs/x --minutes 60 --set references=2 --set crop.kind=squash
  $ tsumugi train footage/ --out runs/x --minutes 60 --score-data DAVIS --score-split val.txt --score-frames 25
      score the weights every few minutes, and keep the best
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors

The run folder holds config.json (every key), metrics.jsonl, curves.png, samples/*.png (the same samples every time:
reference | target | rebuilt | error | value map | motion, the last two with the parts that have them),
weights.safetensors and the checkpoint to resume from.
Every key of the configuration and its default: docs/training.md.`;

/** The command. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("Learns an encoder from unlabelled videos and image folders.")
    .argument("[footage...]", "videos, image folders, or folders of both")
    .optionsGroup("The run:")
    .option("--out <dir>", "folder for the new run")
    .option("--resume <dir>", "resume the run in this folder")
    .option("--minutes <n>", "how long to train", positiveNumber)
    .option("--steps <n>", "how many steps to train", wholeNumber(1))
    .option(
      "--init <weights>",
      "initial weights: default (those of the package), none (random) or a file (default: default)",
    )
    .optionsGroup("Configuration:")
    .option("--variant <name>", `encoder: ${VARIANTS.join(", ")} (default: small)`)
    .option("--seed <n>", "seed of weights and batches (default: 1)", wholeNumber(0))
    .option("--config <file>", "JSON file with keys of the configuration")
    .option("--set <key=value>", "one key of the configuration; repeatable", repeated(String))
    .addOption(cacheOption())
    .optionsGroup("Scores while training:")
    .option("--score-data <root>", "annotated sequences in DAVIS layout to score the weights on every few minutes")
    .option("--score-split <file>", "which of them, one name per line")
    .option("--score-res <name>", "resolution folder of the annotated sequences", "480p")
    .option("--score-frames <n>", "only this many frames of each sequence", wholeNumber(3))
    .option("--score-on <clips...>", "instead: clips without labels, over which a grid is carried forward and back");
  return machineOptions(command)
    .option("--profile", "print the time of each type of operation at the end")
    .addHelpText("after", EXAMPLES)
    .action((footage: string[]) => perform(command, (given) => taskOf(footage, given)));
}

async function taskOf(footage: readonly string[], given: Given): Promise<NamedTask> {
  const { out, resume, cache, profile, scoreOn, ...rest } = given;
  if (out === undefined && resume === undefined)
    throw new UserError("train/out", { what: "no run folder", expected: "--out DIR for a new run, or --resume DIR" });
  const { score, settings } = splitScore(rest);
  const shared = { ...defined({ cache, profile, scoreOn }), ...score };
  if (resume === undefined) return { task: "train", footage, out, config: await configOf(settings), ...shared };
  refuseSettings(footage, defined({ out, ...settings }));
  return { task: "resume", run: resume, ...shared };
}

/** The configuration file, overridden by `--set`, then by the dedicated options. */
async function configOf({ config, set, ...own }: Given): Promise<Given> {
  return { ...(await configKeys(config as string | undefined, (set ?? []) as readonly string[])), ...own };
}

/** The score options as one key, and the other options. @throws UserError `train/score` */
function splitScore({ scoreData, scoreSplit, scoreRes, scoreFrames, ...settings }: Given) {
  if (scoreData === undefined && scoreSplit === undefined) return { score: {}, settings };
  if (scoreData !== undefined && scoreSplit !== undefined) {
    const keys = { data: scoreData, split: scoreSplit, resolution: scoreRes, frames: scoreFrames };
    return { score: { score: defined(keys) }, settings };
  }
  throw new UserError("train/score", {
    what: "only one of --score-data and --score-split is given",
    expected: "both or neither",
  });
}

/**
 * A resumed run keeps its footage and configuration: other settings would have no effect.
 * @throws UserError `train/resume`
 */
function refuseSettings(footage: readonly string[], settings: Given): void {
  const names = [...Object.keys(settings).map((name) => `--${name}`), ...footage];
  if (names.length === 0) return;
  throw new UserError("train/resume", {
    what: "--resume continues a run as it was configured",
    got: names.join(", "),
    expected: "no footage and no settings",
    todo: "leave them out, or start a new run with --out",
  });
}

function defined(record: Given): Given {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
