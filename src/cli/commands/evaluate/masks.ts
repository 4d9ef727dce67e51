/** @file The benchmarks of masks and labels: options and examples. */
import { Command } from "commander";
import { wholeNumber } from "../../optionParsers.ts";
import {
  encoderOptions,
  maskTrackingOptions,
  modeOption,
  motionOptions,
  protocolOptions,
  voidOption,
  weightsOption,
} from "../../sharedOptions.ts";

/** Examples of `davis`. */
export const DAVIS = `
ROOT is laid out as DAVIS: JPEGImages/480p/SEQUENCE/00000.jpg and Annotations/480p/SEQUENCE/00000.png. The first mask
of each sequence is given to the tracker; the masks of DIR/SEQUENCE are scored without the first and the last frame.
DIR also gets SEQUENCE.png, a strip of frames with their masks, and SEQUENCE.svg, J and F over the frames.
If interrupted, run the same command again: complete sequences of the same settings are kept (DIR/settings.json).

Examples:
  $ tsumugi evaluate davis --data DAVIS --split DAVIS/ImageSets/2017/val.txt --out results/crw --protocol crw
  $ tsumugi evaluate davis --data DAVIS --split val.txt --weights run/weights.safetensors --out results/mine --json mine.json
  $ tsumugi evaluate davis --data DAVIS --split val.txt --out results/floor --baseline copy-first
`;

/** `davis`. */
export function davisCommand(): Command {
  return davisOptions(
    new Command("davis").description("J and F of the DAVIS benchmark, 2016 or 2017, from the first frame's masks"),
  );
}

/** Adds the options of benchmarks of any set laid out as DAVIS. */
function davisOptions(command: Command): Command {
  command
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "folder of the data set")
    .requiredOption("--split <file>", "the sequences, one name per line")
    .requiredOption("--out <dir>", "folder for the masks, DIR/SEQUENCE/00000.png and so on")
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .addOption(voidOption())
    .option("--json <file>", "write all values, including every scored frame's");
  return maskTrackingOptions(encoderOptions(command));
}

/** Examples of `drift`. */
export const DRIFT = `
ROOT is laid out as DAVIS; the first mask of each sequence is given. Each is tracked twice: as tsumugi evaluate davis does
(free), and with the true mask put in place of every tracked one before the next frame (forced: the error of one step).
ceiling: J of the true masks as feature cells show them. late: mean J of the last quarter of the free run. eaten, leaked: what
masks of the free run miss and add farther than 8 px (at 480 rows) from the true border, as parts of the object's area.
DIR gets the masks, curves and strips of the free run, forced/SEQUENCE.json, and drift.svg|png, the means of J as bars.

Examples:
  $ tsumugi evaluate drift --data DAVIS --split three.txt --out results/drift --short-side 240 --mode fast
  $ tsumugi evaluate drift --data DAVIS --split val.txt --out results/davis --json drift.json
`;

/** `drift`: what is lost because masks are fed back? */
export function driftCommand(): Command {
  return davisOptions(
    new Command("drift").description("how much J is lost because masks are fed back: ceiling, one step, whole run"),
  );
}

/** Options of a benchmark whose data come with a list of sequences. @param json what its `--json` does */
function withOwnSplit(command: Command, resolution: string, json: string): Command {
  command
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "folder of the data")
    .requiredOption("--out <dir>", "folder for the masks, DIR/SEQUENCE/00000.png and so on")
    .option("--split <file>", `the sequences, one name per line (default: ImageSets/${resolution}/dev.txt of the data)`)
    .option("--json <file>", json);
  return maskTrackingOptions(encoderOptions(command));
}

/** Examples of `cdnet`. */
export const CDNET = `
ROOT holds segmentation/CDnet, laid out as DAVIS (240p). J and F are DAVIS's, averaged over all objects; the masks' unknown borders
(255) are not scored. Cars that enter after the first frame are background in the truth.

Examples:
  $ tsumugi evaluate cdnet --data DATA --out results/cdnet
  $ tsumugi evaluate cdnet --data DATA --out results/floor --baseline copy-first
`;

/** `cdnet`: similar cars on a highway. */
export function cdnetCommand(): Command {
  const command = new Command("cdnet").description(
    "J and F of the highway sequences of CDnet, from the first frame's masks",
  );
  return withOwnSplit(command, "240p", "write all values, including every scored frame's");
}

/** Examples of `camvid`. */
export const CAMVID = `
ROOT holds segmentation/CamVid, laid out as DAVIS (360p, labels 1 to 11, 255 = void). The labels of the first frame are given;
the score is the mean IoU over the classes and all pixels of the other frames, as for VIP (tsumugi score miou --help).

Examples:
  $ tsumugi evaluate camvid --data DATA --out results/camvid
  $ tsumugi evaluate camvid --data DATA --out results/floor --baseline copy-first
`;

/** `camvid`: semantic labels of a street. */
export function camVidCommand(): Command {
  const command = new Command("camvid").description(
    "mean IoU of semantic labels of CamVid, from those of the first frame",
  );
  return withOwnSplit(command, "360p", "write all values");
}

/** Examples of `lines`. */
export const LINES = `
Each line is rendered, with its truth: parts of one kind in two lanes, some of them touching, come in, pass beneath a gantry and
leave; the belt stops twice. The first part is labelled where it is whole; all others are arrivals (like:any). error is the
number of tracks less that of parts. DIR gets the scores of each line, which the same command reuses.

Examples:
  $ tsumugi evaluate lines --out results/lines
  $ tsumugi evaluate lines --out results/live --mode live --seeds 4 --parts 20
`;

/** `lines`: things that come in. */
export function linesCommand(): Command {
  const command = new Command("lines")
    .description("HOTA, IDF1 and errors of counting on rendered lines on which parts keep coming, from one label")
    .optionsGroup("Data and results:")
    .requiredOption("--out <dir>", "folder for the scores")
    .option("--seeds <n>", "the number of lines", wholeNumber(1, 1000), 10)
    .option("--parts <n>", "parts on each line", wholeNumber(1, 254), 50)
    .option("--json <file>", "write all values");
  return motionOptions(protocolOptions(encoderOptions(command)).addOption(modeOption()));
}

/** Examples of `clicks`. */
export const CLICKS = `
ROOT is laid out as DAVIS. In the first labelled frame of each sequence every object is clicked in the middle of its mask; each
further click lies in the middle of the largest part that is still wrong. IoU with the true mask after each click.

Examples:
  $ tsumugi evaluate clicks --data DAVIS --split val.txt
`;

/** `clicks`: regions that grow from clicks. */
export function clicksCommand(): Command {
  return new Command("clicks")
    .description("IoU of regions that grow from clicks (the studio's smart click), after each click")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "folder of the data set")
    .requiredOption("--split <file>", "the sequences, one name per line")
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .option("--clicks <count>", "clicks in each object", wholeNumber(1), 3)
    .option("--json <file>", "write all values")
    .addOption(weightsOption());
}

/** Examples of `discover`. */
export const DISCOVER = `
ROOT is laid out as DAVIS; no mask is given. In every sequence the thing that moves most is found (tsumugi discover --most 1), by
its own score alone, and tracked forward and back; it is scored as the benchmark scores, against the mask of the object.

Examples:
  $ tsumugi evaluate discover --data DAVIS --split val.txt --out results/discover --short-side 240 --mode fast
`;

/** `discover`: masks without any label. */
export function discoverCommand(): Command {
  const command = new Command("discover")
    .description("J and F of what is found without any label, by DAVIS's task without labels")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "folder of the data set")
    .requiredOption("--split <file>", "the sequences, one name per line")
    .requiredOption("--out <dir>", "folder for the results, DIR/SEQUENCE")
    .option("--res <name>", "the resolution's folder in JPEGImages and in the annotations", "480p")
    .option("--annotations <name>", "the folder of the annotations in ROOT", "Annotations")
    .option("--json <file>", "write all values, including every scored frame's")
    .addOption(weightsOption());
  return maskTrackingOptions(command);
}
