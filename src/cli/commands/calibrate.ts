/** @file `tsumugi calibrate`: fits the confidence of masks and points to footage without labels. */
import { Command } from "commander";
import { wholeNumber } from "../optionParsers.ts";
import { perform } from "../perform.ts";
import { encoderOptions, machineOptions, modeOption, motionOptions, protocolOptions } from "../sharedOptions.ts";

const EXAMPLES = `
Patches cut out of some of the footage are pasted over the rest. They move, turn, grow, change their outline, pass behind
one another and leave the picture, and their places are known exactly. The patches are tracked, and a model is fitted that
predicts from the signals of tracking how often masks and points are right. DIR gets calibration.json, the observations and
the curve of the present coefficients. The package's own coefficients (src/tracking/confidence) were made by this command.

Examples:
  $ tsumugi calibrate footage/ --out calibration --visibility always --mode fast
`;

/** The command. */
export function calibrateCommand(): Command {
  const command = new Command("calibrate")
    .description("Fits the tracker's confidence to how often it is right, without labels.")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .requiredOption("--out <dir>", "folder for calibration.json and the observations")
    .option("--clips <n>", "number of clips to make", wholeNumber(1, 1000), 40)
    .option("--frames <n>", "frames of each clip", wholeNumber(10, 1000), 30);
  return machineOptions(motionOptions(protocolOptions(encoderOptions(command)).addOption(modeOption())))
    .addHelpText("after", EXAMPLES)
    .action((footage: string[]) => perform(command, (given) => ({ task: "calibrate", footage, ...given })));
}
