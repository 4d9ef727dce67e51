/** @file `tsumugi score`: existing masks, points or tracks against the truth. */
import { Command, Option } from "commander";
import { OVERLAPS, QUERY_MODES } from "../../tasks/choices.ts";
import { frameSize, labelList } from "../optionParsers.ts";
import { perform } from "../perform.ts";
import { voidOption } from "../sharedOptions.ts";

const EXAMPLES = `
Examples:
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p
  $ tsumugi score pck --pred results --truth keypoints/JHMDB
  $ tsumugi score tapvid --pred result/points.csv --truth truth.csv --size 854x480
  $ tsumugi score miou --pred results --truth CamVid/Annotations/360p --classes 1-11
  $ tsumugi score mot --pred result --truth gt/gt.txt

Options and more examples of a score: tsumugi score SCORE --help`;

/** `tsumugi score METRIC`. */
export function scoreCommand(): Command {
  return new Command("score")
    .description("Scores existing masks, points or tracks.")
    .addCommand(metricCommand(davisCommand(), DAVIS))
    .addCommand(metricCommand(pckCommand(), PCK))
    .addCommand(metricCommand(tapVidCommand(), TAPVID))
    .addCommand(metricCommand(miouCommand(), MIOU))
    .addCommand(metricCommand(motCommand(), MOT))
    .addHelpText("after", EXAMPLES);
}

/** Completes a metric's command, which has the metric's name. */
function metricCommand(command: Command, examples: string): Command {
  return command
    .addHelpText("after", examples)
    .action(() => perform(command, (given) => ({ task: "score", metric: command.name(), ...given })));
}

const DAVIS = `
The truth is a folder of sequences (Annotations/480p): DAVIS 2016 masks (0 and 255) or DAVIS 2017 masks (object ids).
The first and the last frame of each sequence are left out, as in the official tool.

Examples:
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p --split val.txt --json scores.json
`;

function davisCommand(): Command {
  return new Command("davis")
    .description("region similarity J and boundary accuracy F of the DAVIS benchmark")
    .requiredOption("--pred <dir>", "predicted masks: DIR/SEQUENCE/00000.png and so on")
    .requiredOption("--truth <dir>", "true masks, laid out and named in the same way")
    .option("--split <file>", "score only the sequences named in this file, one per line (default: all in --pred)")
    .addOption(voidOption())
    .option("--json <file>", "write all values, including every scored frame's");
}

const MIOU = `
All pixels of all frames count together, as in VIP's evaluation; the first frame of each sequence was given and is not scored,
pixels whose truth is 255 (void) do not count.

Examples:
  $ tsumugi score miou --pred results --truth CamVid/Annotations/360p --classes 1-11
  $ tsumugi score miou --pred results --truth VIP/Annotations --json scores.json
`;

function miouCommand(): Command {
  return new Command("miou")
    .description("mean IoU of semantic labels, as VIP and CamVid are scored")
    .requiredOption("--pred <dir>", "predicted labels: DIR/SEQUENCE/00000.png and so on")
    .requiredOption("--truth <dir>", "true labels, laid out and named in the same way")
    .option("--classes <list>", "labels to average, for example 1-11 or 0,3,7 (default: all in the truth)", labelList)
    .option("--json <file>", "write all values");
}

const PCK = `
A joint is correct at t if it lies within t x 0.6 x the diagonal of the bounding box of the true joints. The first frame of the
truth was given and is not scored. Each joint is averaged over all frames of all clips, then the joints are averaged.

Predictions: .csv or .json with frame, name, x, y (docs/keypoints.md), in pixels with the origin at the corner of the first
pixel. Truth: the same, or joint annotations of JHMDB or BADJA. Two files, or two folders with files of the same names.

Examples:
  $ tsumugi score pck --pred results --truth keypoints/JHMDB
  $ tsumugi score pck --pred result/points.csv --truth truth.csv --json scores.json
`;

/** `--encoding`, of files of points. */
function encodingOption(): Option {
  return new Option(
    "--encoding <name>",
    "encoding of files that are not UTF-8, for example shift_jis (default: detected)",
  );
}

function pckCommand(): Command {
  return new Command("pck")
    .description("PCK@0.1 to PCK@0.5 of keypoints, by the rule for JHMDB")
    .requiredOption("--pred <path>", "predicted points: a file, or a folder of files")
    .requiredOption("--truth <path>", "true points: a file, or a folder of files with the same names")
    .addOption(encodingOption())
    .option("--json <file>", "write all values, including every joint's");
}

const TAPVID = `
AJ: average Jaccard of position and visibility; δ_avg: share of the visible points within 1, 2, 4, 8 and 16 pixels of a
256 x 256 frame; OA: share of frames in which visibility is right.

Either tapnet's arrays as JSON or .npz: query_points, gt_tracks, gt_occluded in --truth, pred_tracks, pred_occluded in
--pred (one file may hold all), in pixels of 256 x 256; or points as .csv or .json (docs/keypoints.md) with the size of the
clip, or TAP-Vid's own .pkl or .npz, mode first only. Two files, or two folders with files of the same names, or a .pkl of
many clips as the truth of a folder with files named as its clips; the scores of several clips are averaged.

Examples:
  $ tsumugi score tapvid --pred arrays.json --truth arrays.json --mode strided
  $ tsumugi score tapvid --pred result/points.csv --truth truth.csv --size 854x480
`;

function tapVidCommand(): Command {
  return new Command("tapvid")
    .description("AJ, δ_avg and OA of tracked points, as in TAP-Vid")
    .requiredOption("--pred <path>", "predictions: a file, or a folder of files")
    .requiredOption("--truth <path>", "truth: a file, or a folder of files with the same names")
    .addOption(encodingOption())
    .addOption(new Option("--mode <mode>", "which frames points are queried in").choices(QUERY_MODES).default("first"))
    .option("--size <WxH>", "size of the clip's frames, for point files", frameSize)
    .option("--json <file>", "write all values");
}

const MOT = `
HOTA: how well things are found (DetA) and kept apart over time (AssA), averaged over overlaps of 0.05 to 0.95, with the
mean overlap (LocA). MOTA, MOTP, switches, fragments and IDF1, IDP, IDR count an overlap of 0.5. Then the numbers of true
things and tracks, and the error of counting them. The definitions are TrackEval's (docs/evaluation.md).

Both sides in any format that convert reads (docs/formats.md); tracks also as the folder that track left. With --split,
both are folders with a folder or file for each of its names.

Examples:
  $ tsumugi score mot --pred result --truth gt/gt.txt
  $ tsumugi score mot --pred results --truth MOT17/train --split seqs.txt --class pedestrian --json scores.json
`;

function motCommand(): Command {
  return new Command("mot")
    .description("HOTA, MOTA, IDF1 and errors of counting of several tracked things")
    .requiredOption("--pred <path>", "tracks: a file or folder of any format, or what track left")
    .requiredOption("--truth <path>", "truth: a file or folder of any format")
    .option("--split <file>", "names of sequences below both, one per line (default: one clip)")
    .addOption(
      new Option("--overlap <what>", "what overlaps: boxes, or masks where both sides have them")
        .choices(OVERLAPS)
        .default("auto"),
    )
    .option("--class <name>", "score only things of this class")
    .option("--labelled-only", "score only frames that the truth annotates", false)
    .option("--size <WxH>", "size of the frames, where labels are shares of it", frameSize)
    .addOption(encodingOption())
    .option("--json <file>", "write all values, including every clip's");
}
