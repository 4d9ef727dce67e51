/** @file `tsumugi demo`: tracking on a rendered clip whose exact truth is known. */
import { Command } from "commander";
import { wholeNumber } from "../optionParsers.ts";
import { perform } from "../perform.ts";
import { threadsOption } from "../sharedOptions.ts";

const EXAMPLES = `
DIR gets clip/ (the frames), first.png (the mask that is given), truth/, all results of tsumugi track (docs/results.md) and
contact.png. The clip is a conveyor with four textured parts that pass under a gantry; the camera shakes, its exposure
drifts. Every seed makes a different clip.

Examples:
  $ tsumugi demo
  $ tsumugi demo --out /tmp/demo --seed 7
  $ tsumugi demo --site
      from a folder of footage to a verdict
  $ tsumugi demo --weights runs/mine/weights.safetensors
`;

/** The command. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .description(
      "Renders a production line, tracks its parts from the first mask and scores them against the exact truth.",
    )
    .option("--out <dir>", "folder for everything (default: tsumugi-demo, with --site tsumugi-site-demo)")
    .option(
      "--site",
      "a whole site instead: check, plan, learn, tune, track and report on rendered clips, some minutes",
    )
    .option("--seed <n>", "which clip to render", wholeNumber(0), 1)
    .option("--weights <file>", "weights of the encoder (default: those of the package)")
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES);
  return command.action(() => perform(command, (given) => ({ task: "demo", ...given })));
}
