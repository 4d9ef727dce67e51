/**
 * @file `tsumugi evaluate`: runs a benchmark, tracking and scoring; `evaluate/` has the options and examples of each.
 */
import { Command } from "commander";
import { perform, renamed } from "../perform.ts";
import { machineOptions } from "../sharedOptions.ts";
import {
  absenceCommand,
  ABSENCE,
  cutsCommand,
  confidenceCommand,
  CONFIDENCE,
  cycleCommand,
  CYCLE,
  madeCommand,
} from "./evaluate/judgements.ts";
import {
  adaptationCommand,
  DEGRADED,
  degradedCommand,
  measuresCommand,
  monitorBenchmarkCommand,
} from "./evaluate/footage.ts";
import {
  camVidCommand,
  CAMVID,
  cdnetCommand,
  CDNET,
  CLICKS,
  clicksCommand,
  davisCommand,
  DAVIS,
  DISCOVER,
  discoverCommand,
  driftCommand,
  DRIFT,
  LINES,
  linesCommand,
} from "./evaluate/masks.ts";
import { soundCommand } from "./evaluate/cues.ts";
import { badjaCommand, BADJA, jhmdbCommand, JHMDB } from "./evaluate/points.ts";

const EXAMPLES = `
If interrupted, run the same command again: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/davis
  $ tsumugi evaluate drift --data DAVIS --split three.txt --out results/drift
  $ tsumugi evaluate jhmdb --data DATA --out results/jhmdb
  $ tsumugi evaluate badja --data DATA --out results/badja
  $ tsumugi evaluate cdnet --data DATA --out results/cdnet
  $ tsumugi evaluate camvid --data DATA --out results/camvid
  $ tsumugi evaluate confidence --data DATA --out results/confidence
  $ tsumugi evaluate absence --data DATA --out results/absence
  $ tsumugi evaluate cuts footage/
  $ tsumugi evaluate cycle --data DAVIS --split five.txt --out results/cycle
  $ tsumugi evaluate made footage/ --out results/made
  $ tsumugi evaluate degraded --data DAVIS --split three.txt --out results/degraded
  $ tsumugi evaluate measures footage/ --out results/measures
  $ tsumugi evaluate discover --data DAVIS --split val.txt --out results/discover
  $ tsumugi evaluate lines --out results/lines
  $ tsumugi evaluate monitor --out results/monitor
  $ tsumugi evaluate sound --out results/sound
  $ tsumugi evaluate adaptation --out results/adaptation
  $ tsumugi evaluate clicks --data DAVIS --split val.txt

Options and more examples of a benchmark: tsumugi evaluate BENCHMARK --help`;

/** `tsumugi evaluate BENCHMARK`. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Runs a benchmark: tracks its sequences and scores them.")
    .addCommand(benchmarkCommand(davisCommand(), DAVIS))
    .addCommand(benchmarkCommand(driftCommand(), DRIFT))
    .addCommand(benchmarkCommand(jhmdbCommand(), JHMDB))
    .addCommand(benchmarkCommand(badjaCommand(), BADJA))
    .addCommand(benchmarkCommand(cdnetCommand(), CDNET))
    .addCommand(benchmarkCommand(camVidCommand(), CAMVID))
    .addCommand(benchmarkCommand(confidenceCommand(), CONFIDENCE))
    .addCommand(benchmarkCommand(absenceCommand(), ABSENCE))
    .addCommand(benchmarkCommand(cycleCommand(), CYCLE))
    .addCommand(madeCommand())
    .addCommand(cutsCommand())
    .addCommand(benchmarkCommand(degradedCommand(), DEGRADED))
    .addCommand(measuresCommand())
    .addCommand(benchmarkCommand(discoverCommand(), DISCOVER))
    .addCommand(benchmarkCommand(linesCommand(), LINES))
    .addCommand(monitorBenchmarkCommand())
    .addCommand(soundCommand())
    .addCommand(adaptationCommand())
    .addCommand(benchmarkCommand(clicksCommand(), CLICKS))
    .addHelpText("after", EXAMPLES);
}

/** Completes a benchmark's command, which has the benchmark's name. */
function benchmarkCommand(command: Command, examples: string): Command {
  return machineOptions(command)
    .addHelpText("after", examples)
    .action(() =>
      perform(command, (given) => ({
        task: "evaluate",
        benchmark: command.name(),
        ...renamed(given, { res: "resolution" }),
      })),
    );
}
