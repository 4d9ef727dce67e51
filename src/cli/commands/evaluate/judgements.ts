/**
 * @file The benchmarks of the tracker's own judgements (confidence, cycle score, cuts), and of clips made of footage:
 * options and examples.
 */
import { Command } from "commander";
import { wholeNumber } from "../../optionParsers.ts";
import { perform } from "../../perform.ts";
import {
  encoderOptions,
  machineOptions,
  maskTrackingOptions,
  modeOption,
  motionOptions,
  pointTrackingOptions,
  protocolOptions,
} from "../../sharedOptions.ts";

/** Examples of `confidence`. */
export const CONFIDENCE = `
ROOT holds segmentation/DAVIS and segmentation/CDnet. Their dev sequences (ImageSets/RESOLUTION/dev.txt) are tracked from
the first mask. A mask is right if its IoU is 0.5 or more; in every frame each object's confidence is compared with that.
DIR gets reliability.svg|png and .json, and each sequence's observations, which the same command reuses.
With --points: the joints of keypoints/JHMDB instead, as in tsumugi evaluate jhmdb; a joint is right within 0.2 of the box
(PCK@0.2).

Examples:
  $ tsumugi evaluate confidence --data DATA --out results/confidence --short-side 240 --mode fast
  $ tsumugi evaluate confidence --data DATA --out results/always --short-side 240 --mode fast --visibility always
  $ tsumugi evaluate confidence --points --data DATA --split third.txt --out results/points
`;

/** `confidence`: does the confidence tell when the tracker is wrong? */
export function confidenceCommand(): Command {
  const command = new Command("confidence")
    .description("how well the confidence separates right masks from wrong ones, on DAVIS and CDnet")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "folder for the curve, the numbers and the observations")
    .option("--points", "judge the joints of JHMDB instead of masks", false)
    .option("--split <file>", "with --points: only these sequences, one name per line");
  return pointTrackingOptions(encoderOptions(command));
}

/** Examples of `absence`. */
export const ABSENCE = `
ROOT holds segmentation/DAVIS. Of every dev sequence clips of 60 frames are made, 240 pixels high: its object moves over the
footage of another one, leaves the picture and comes back, passes behind something, is followed by something that looks like
it, or crosses that; another shot is cut in, also into the sequence as it is. The clip of the demo is among them.
An object is found again if its IoU is 0.5 or more within 10 frames after half of it is back. DIR gets absence.json, the
curve of the confidence, and each clip's observations and picture; the same command reuses them.

Examples:
  $ tsumugi evaluate absence --data DATA --out results/absence --mode fast
`;

/** `absence`: does the tracker know when a thing is out of sight? */
export function absenceCommand(): Command {
  const command = new Command("absence")
    .description("whether things that are out of sight are said to be, are found again, and are not taken for others")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "the data")
    .requiredOption("--out <dir>", "folder for the numbers, the curve, the observations and the pictures")
    .option("--split <file>", "only these sequences, one name per line");
  return motionOptions(protocolOptions(encoderOptions(command)).addOption(modeOption()));
}

/** Examples of `cycle`. */
export const CYCLE = `
Each sequence is tracked to its last frame and back with eight settings: default, untrained, radius-3, temperature-0.5,
top-1, last-frame-only, first-frame-only, dino. The cycle score is the IoU, in the first frame, of the labels that come back
with the given ones. It is compared with the true J&F of the forward pass (Spearman's rank correlation), over settings and
over sequences. DIR gets cycle.json and a file for each pair, which the same command reuses.

Examples:
  $ tsumugi evaluate cycle --data DAVIS --split five.txt --frames 25 --mode fast --out results/cycle
`;

/** `cycle`: does a score without labels rank settings like the truth? */
export function cycleCommand(): Command {
  const command = new Command("cycle")
    .description("how well a score without labels (tracking there and back) ranks settings and sequences")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "annotated sequences in DAVIS layout")
    .requiredOption("--split <file>", "which of them, one name per line")
    .requiredOption("--out <dir>", "folder for the numbers")
    .option("--res <name>", "the resolution's folder", "480p")
    .option("--frames <n>", "frames of each sequence", wholeNumber(4), 25)
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192), 240)
    .option("--grid", "also carry a grid of squares instead of the labels", false);
  return encoderOptions(command).addOption(modeOption("exact"));
}

const MADE = `
Patches cut out of some of the footage move over the rest, turn, grow, change their outline, pass behind one another; one clip
in three is grey. Their places are known exactly, and the same footage always gives the same clips. They are tracked from the
first mask. late is the mean J of the last quarter of the frames: it compares settings and weights without labels. DIR gets
made.json, and each clip's numbers, which the same command reuses.

Examples:
  $ tsumugi evaluate made footage/ --out results/made --mode fast
  $ tsumugi evaluate made footage/ --out results/mine --mode fast --weights run/weights.safetensors
`;

/** `made`: J on clips made of footage. */
export function madeCommand(): Command {
  const command = new Command("made")
    .description("J, and J late in a clip, on clips with exact truth made of footage without labels")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .optionsGroup("Data and results:")
    .requiredOption("--out <dir>", "folder for the numbers")
    .option("--clips <n>", "number of clips to make", wholeNumber(1, 1000), 40)
    .option("--frames <n>", "frames of each clip, no more than its footage has", wholeNumber(10, 1000), 60);
  return machineOptions(maskTrackingOptions(encoderOptions(command)))
    .addHelpText("after", MADE)
    .action((footage: string[]) =>
      perform(command, (given) => ({ task: "evaluate", benchmark: "made", footage, ...given })),
    );
}

const CUTS = `
Each clip should be a single shot: a cut within one counts as a false alarm. The clips are played one after another in the
order of their names; a border between two without a cut counts as missed (between clips of one place that may be correct).

Examples:
  $ tsumugi evaluate cuts footage/
`;

/** `cuts`: false alarms and misses of the cut detector. */
export function cutsCommand(): Command {
  const command = new Command("cuts")
    .description("false alarms and misses of the cut detector on clips of one shot each")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .option("--frames <n>", "at most this many frames of each clip", wholeNumber(2), 100)
    .addHelpText("after", CUTS);
  return command.action((footage: string[]) =>
    perform(command, (given) => ({ task: "evaluate", benchmark: "cuts", footage, ...given })),
  );
}
