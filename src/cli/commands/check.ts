/** @file `tsumugi check`: is footage good enough to be tracked? */
import { Command, Option } from "commander";
import { LANGUAGES } from "../../tasks/choices.ts";
import { perform } from "../perform.ts";
import { threadsOption } from "../sharedOptions.ts";

const EXAMPLES = `
Every clip is read once: frames and time, exposure, flicker, sharpness, noise, compression, motion, camera, colour. Each
number is judged good, usable or poor, with a sentence and with what to change at the camera. DIR gets check.html and
check.json. The exit status is 0 whatever the verdict.

Examples:
  $ tsumugi check clip.mp4 --out check
  $ tsumugi check footage/ --out check --language ja
  $ tsumugi check clip.mp4 --out check --json > check.json

What is measured, and where the limits come from: docs/check.md.`;

/** The command. */
export function checkCommand(): Command {
  const command = new Command("check")
    .description("Says whether footage is good enough to be tracked, and what to change at the camera.")
    .argument("<clips...>", "video files, folders of images, or folders of both")
    .requiredOption("--out <dir>", "folder for check.json and check.html")
    .addOption(new Option("--language <tag>", "language of the sentences").choices(LANGUAGES).default("en"))
    .option("--json", "print the check as JSON", false);
  return command
    .optionsGroup("Machine:")
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((clips: string[]) => perform(command, (given) => ({ task: "check", clips, ...given })));
}
