/** @file `tsumugi evaluate`: runs a benchmark, tracking and scoring; one file per benchmark in `evaluate/`. */
import { Command } from "commander";
import { badjaCommand } from "./evaluate/badja.ts";
import { camVidCommand } from "./evaluate/camVid.ts";
import { cdnetCommand } from "./evaluate/cdnet.ts";
import { confidenceCommand } from "./evaluate/confidence.ts";
import { cutsCommand } from "./evaluate/cuts.ts";
import { cycleCommand } from "./evaluate/cycle.ts";
import { davisCommand } from "./evaluate/davis.ts";
import { jhmdbCommand } from "./evaluate/jhmdb.ts";

const EXAMPLES = `
Interrupted, the same command goes on: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/davis
  $ tsumugi evaluate jhmdb --data DATA --out results/jhmdb
  $ tsumugi evaluate badja --data DATA --out results/badja
  $ tsumugi evaluate cdnet --data DATA --out results/cdnet
  $ tsumugi evaluate camvid --data DATA --out results/camvid
  $ tsumugi evaluate confidence --data DATA --out results/confidence
  $ tsumugi evaluate cuts footage/
  $ tsumugi evaluate cycle --data DAVIS --split five.txt --out results/cycle

Options and more examples of a benchmark: tsumugi evaluate BENCHMARK --help`;

/** `tsumugi evaluate BENCHMARK`. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("run a benchmark: track its sequences and score them")
    .addCommand(davisCommand())
    .addCommand(jhmdbCommand())
    .addCommand(badjaCommand())
    .addCommand(cdnetCommand())
    .addCommand(camVidCommand())
    .addCommand(confidenceCommand())
    .addCommand(cycleCommand())
    .addCommand(cutsCommand())
    .addHelpText("after", EXAMPLES);
}
