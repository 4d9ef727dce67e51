/** @file The benchmarks of points: options and examples. */
import { Command } from "commander";
import { encoderOptions, pointTrackingOptions } from "../../sharedOptions.ts";

/** Examples of `jhmdb`. */
export const JHMDB = `
ROOT holds keypoints/JHMDB/SEQUENCE.json (15 joints a frame) and segmentation/JHMDB/JPEGImages/240p/SEQUENCE/00000.jpg. The joints of
the first frame are given; all other frames are scored (tsumugi score pck --help has the rule). Frames are squashed to 320 x 320
for the encoder, as published; --short-side keeps their proportions instead.
DIR gets SEQUENCE.csv and SEQUENCE.png, a strip of frames with the joints.

Examples:
  $ tsumugi evaluate jhmdb --data DATA --out results/jhmdb
  $ tsumugi evaluate jhmdb --data DATA --out results/direct --method direct --json scores.json
  $ tsumugi evaluate jhmdb --data DATA --out results/floor --baseline copy-first
`;

/** `jhmdb`: joints of people. */
export function jhmdbCommand(): Command {
  const command = new Command("jhmdb").description("PCK of the 15 joints of JHMDB, from those of the first frame");
  return pointOptions(command, "write all values, including every joint's");
}

/** Examples of `badja`. */
export const BADJA = `
ROOT holds keypoints/BADJA/SEQUENCE.json and, as the frames are those of DAVIS, segmentation/DAVIS/JPEGImages/480p/SEQUENCE and
segmentation/DAVIS/Annotations/480p/SEQUENCE. Each joint is given where it is first annotated and scored in the annotated frames
after that: PCK is the share of visible joints within 0.2 x the square root of the animal's area, the rest is as in TAP-Vid.
Frames are resized to 320 rows for the encoder; --short-side changes that.

Examples:
  $ tsumugi evaluate badja --data DATA --out results/badja
  $ tsumugi evaluate badja --data DATA --out results/direct --method direct --json scores.json
`;

/** `badja`: joints of animals. */
export function badjaCommand(): Command {
  const command = new Command("badja").description("joints of animals on DAVIS clips: PCK and the scores of TAP-Vid");
  return pointOptions(command, "write all values");
}

function pointOptions(command: Command, json: string): Command {
  command
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "folder of the data")
    .requiredOption("--out <dir>", "folder for the tracks")
    .option("--split <file>", "only these sequences, one name per line (default: all that have joints)")
    .option("--json <file>", json);
  return pointTrackingOptions(encoderOptions(command));
}
