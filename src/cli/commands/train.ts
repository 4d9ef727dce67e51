/** @file `tsumugi train`: footage in, an encoder out. */
import Table from "cli-table3";
import { Command } from "commander";
import { UserError } from "../../core/errors.ts";
import { scoreDavis } from "../../evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { trackedMasks } from "../../evaluation/benchmarks/trackedMasks.ts";
import { encoderVariants } from "../../method/encoder.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import type { DeviceKind, OpTime } from "../../tensor/index.ts";
import { trainingConfig } from "../../training/config.ts";
import { resumeTraining, startTraining, type TrainOptions } from "../../training/trainer.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import {
  defaultCache,
  deviceOption,
  positiveNumber,
  threadsOption,
  untilInterrupted,
  wholeNumber,
} from "../options.ts";
import { print, terminalLogger } from "../terminal.ts";
import { configKeys } from "../trainingKeys.ts";

interface TrainFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly minutes?: number;
  readonly steps?: number;
  readonly variant?: string;
  readonly init?: string;
  readonly seed?: number;
  readonly config?: string;
  readonly set: readonly string[];
  readonly cache: string;
  readonly device: DeviceKind;
  readonly threads?: number;
  readonly profile?: boolean;
  readonly scoreData?: string;
  readonly scoreSplit?: string;
  readonly scoreRes: string;
  readonly scoreFrames?: number;
}

const EXAMPLES = `
Examples:
  $ tsumugi train footage/ --out runs/line-3 --minutes 60
      learn for an hour from every video and image folder under footage/
  $ tsumugi train cam1.mp4 cam2.mp4 --out runs/quick --steps 500 --variant nano
  $ tsumugi train --resume runs/line-3
      go on after Ctrl-C, a crash or a restart
  $ tsumugi train footage/ --out runs/site --minutes 20 --init weights/default.safetensors
      go on from weights that are there
  $ tsumugi train footage/ --out runs/x --minutes 60 --set references=2 --set crop.kind=squash
  $ tsumugi train footage/ --out runs/x --minutes 60 --score-data DAVIS --score-split val.txt --score-frames 25
      score the weights every few minutes and keep the best
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors

The run folder holds config.json (every key), metrics.jsonl, curves.png, samples/*.png (the same samples every time:
reference | target | rebuilt | error | value map | motion, the last two with the parts that have them),
weights.safetensors and the checkpoint to resume from.
Every key of the configuration and its default: docs/training.md.`;

/** The command. */
export function trainCommand(): Command {
  return new Command("train")
    .description("Learns an encoder from unlabelled videos and image folders.")
    .argument("[footage...]", "videos, image folders, or folders of both")
    .option("--out <dir>", "folder of the new run")
    .option("--resume <dir>", "go on with the run in this folder")
    .option("--minutes <n>", "how long to train", positiveNumber)
    .option("--steps <n>", "how many steps to train", wholeNumber(1))
    .option("--variant <name>", `encoder: ${Object.keys(encoderVariants).join(", ")} (default: small)`)
    .option("--init <file>", "weights to begin with (default: random ones)")
    .option("--seed <n>", "seed of weights and batches (default: 1)", wholeNumber(0))
    .option("--config <file>", "JSON file with keys of the configuration")
    .option(
      "--set <key=value>",
      "one key of the configuration, repeatable",
      (pair: string, before: readonly string[]) => [...before, pair],
      [],
    )
    .option("--cache <dir>", "where decoded footage is kept", defaultCache())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option("--profile", "print the time per op type at the end")
    .option("--score-data <root>", "annotated sequences in DAVIS layout to score the weights on now and then")
    .option("--score-split <file>", "which of them, a name a line")
    .option("--score-res <name>", "resolution folder of the annotated sequences", "480p")
    .option("--score-frames <n>", "only so many frames of each sequence", wholeNumber(3))
    .addHelpText("after", EXAMPLES)
    .action((footage: string[], flags: TrainFlags) => untilInterrupted((signal) => run(footage, flags, signal)));
}

async function run(footage: readonly string[], flags: TrainFlags, signal: AbortSignal): Promise<void> {
  const folder = flags.resume ?? flags.out;
  if (folder === undefined)
    throw new UserError("train/out", { what: "no run folder", expected: "--out DIR for a new run, or --resume DIR" });
  if (flags.resume !== undefined) refuseSettings(footage, flags);
  const options: TrainOptions = {
    folder,
    cache: flags.cache,
    device: flags.device,
    logger: terminalLogger(),
    signal,
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    ...(await scoring(flags, signal)),
  };
  const result =
    flags.resume === undefined
      ? await startTraining(await configOf(flags), checked(footage), options)
      : await resumeTraining(options);
  if (result.profile !== undefined) print(profileTable(result.profile));
  print(`${result.finished ? "done" : "stopped"} after ${result.step} steps: ${result.weights}`);
  if (!result.finished) process.exitCode = 130;
}

/** A resumed run keeps its footage and configuration: what is given beside would have no effect. */
function refuseSettings(
  footage: readonly string[],
  { out, minutes, steps, variant, init, seed, config, set }: TrainFlags,
): void {
  const given = Object.entries({ out, minutes, steps, variant, init, seed, config }).filter(
    ([, value]) => value !== undefined,
  );
  const names = [...given.map(([name]) => `--${name}`), ...(set.length > 0 ? ["--set"] : []), ...footage];
  if (names.length === 0) return;
  throw new UserError("train/resume", {
    what: "--resume goes on with a run as it was configured",
    got: names.join(", "),
    expected: "no footage and no settings",
    todo: "leave them out, or start a new run with --out",
  });
}

function checked(footage: readonly string[]): readonly string[] {
  if (footage.length > 0) return footage;
  throw new UserError("train/footage", {
    what: "no footage",
    expected: "videos, image folders, or folders of both",
    todo: "for example: tsumugi train footage/ --out runs/one --minutes 60",
  });
}

/** J&F on annotated sequences, tracked with the default protocol; nothing when none are named. */
async function scoring(
  { scoreData, scoreSplit, scoreRes, scoreFrames, device, threads }: TrainFlags,
  signal: AbortSignal,
): Promise<Pick<TrainOptions, "score">> {
  if (scoreData === undefined && scoreSplit === undefined) return {};
  if (scoreData === undefined || scoreSplit === undefined) {
    throw new UserError("train/score", {
      what: "only one of --score-data and --score-split is given",
      expected: "both, or none",
    });
  }
  const benchmark = { root: scoreData, sequences: await readSplit(scoreSplit), resolution: scoreRes };
  const runtime = { device, ...(threads === undefined ? {} : { threads }) };
  const limits = { signal, ...(scoreFrames === undefined ? {} : { maxFrames: scoreFrames }) };
  return {
    score: async (weights) => {
      await using encoder = await openEncoder({ weights, ...runtime });
      const method = trackedMasks({ encoder, protocol: resolveProtocol("default"), ...runtime });
      return (await scoreDavis(benchmark, method, limits)).JF_mean;
    },
  };
}

/** The configuration file, then `--set`, then the flags of their own. */
async function configOf({ config, set, minutes, steps, variant, init, seed }: TrainFlags) {
  const given = await configKeys(config, set);
  return trainingConfig({ ...given, ...withoutUndefined({ minutes, steps, variant, init, seed }) });
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function profileTable(times: readonly OpTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const table = new Table({ head: ["op", "runs", "ms", "share"], colAligns: ["left", "right", "right", "right"] });
  for (const { type, count, ms } of times)
    table.push([type, count, ms.toFixed(1), `${((100 * ms) / total).toFixed(1)} %`]);
  return table.toString();
}
