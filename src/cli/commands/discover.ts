/** @file `tsumugi discover`: what moves in a clip, without any label. */
import { Command } from "commander";
import { wholeNumber } from "../optionParsers.ts";
import { perform } from "../perform.ts";
import { machineOptions, maskTrackingOptions, weightsOption } from "../sharedOptions.ts";

const EXAMPLES = `
What moves on its own (the camera's motion taken off) is followed through the clip; each thing is outlined in the frame that
shows it best, and carried from there forward and back by the tracker. DIR gets found.json (id, score, frame, box),
found/NAME.png (masks of these frames, to be used or corrected as labels), and all that track writes.

Examples:
  $ tsumugi discover clip.mp4 --out discovered
  $ tsumugi discover belt.mp4 --out discovered --camera still --most 10
  $ tsumugi discover clip.mp4 --out discovered --no-track
      only the masks to start from

How well it does: docs/discover.md.`;

/** The command. */
export function discoverCommand(): Command {
  const command = new Command("discover")
    .description("Finds what moves in a clip, without any label, and carries it through the clip.")
    .argument("<clip>", "a video file or a folder of images")
    .requiredOption("--out <dir>", "folder for what was found and the results of tracking it")
    .option("--most <n>", "the most things, those that move most", wholeNumber(1, 50), 5)
    .option("--no-track", "only find: write the masks to start from")
    .addOption(weightsOption());
  return machineOptions(maskTrackingOptions(command))
    .optionsGroup("Results:")
    .option("--no-overlay", "write no video of the results")
    .option("--no-pictures", "write no pictures of trajectories, speeds and a heat map")
    .addHelpText("after", EXAMPLES)
    .action((clip: string) => perform(command, (given) => ({ task: "discover", clip, ...given })));
}
