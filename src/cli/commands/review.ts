/** @file `tsumugi review`: which frames of a tracked clip to look at first. */
import { Command } from "commander";
import { wholeNumber } from "../optionParsers.ts";
import { perform } from "../perform.ts";

const EXAMPLES = `
DIR is the folder that tsumugi track wrote. Where confidence falls, a mask grows or shrinks at once, things touch, disappear or
appear, or the camera cuts, there is an entry, one for a stretch of frames, the most doubtful first, with pictures and the
commands that correct it. Nothing is tracked, and nothing but the page is written.

Examples:
  $ tsumugi review result
  $ tsumugi review result --out review/monday.html --most 50
  $ tsumugi review result --video moved/clip.mp4

How to read it: docs/review.md.`;

/** The command. */
export function reviewCommand(): Command {
  const command = new Command("review")
    .description("Lists the frames of a tracked clip to look at first, with pictures and commands that correct them.")
    .argument("<dir>", "folder of the results of tsumugi track")
    .option("--out <file>", "path of the page (default: review.html in DIR)")
    .option("--video <path>", "the clip, if it is not where it was")
    .option("--most <n>", "the largest number of places", wholeNumber(1, 1000), 20);
  return command
    .addHelpText("after", EXAMPLES)
    .action((folder: string) => perform(command, (given) => ({ task: "review", folder, ...given })));
}
