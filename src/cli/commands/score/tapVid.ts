/** @file `tsumugi score tapvid`: the scores of TAP-Vid. */
import { Command, InvalidArgumentError, Option } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import { scoreTapVidFiles } from "../../../evaluation/benchmarks/pointFiles.ts";
import { tapVidTable } from "../../../evaluation/benchmarks/pointTables.ts";
import type { QueryMode } from "../../../metrics/tapVid.ts";
import { print } from "../../terminal.ts";

interface TapVidFlags {
  readonly pred: string;
  readonly truth: string;
  readonly mode: QueryMode;
  readonly size?: { readonly width: number; readonly height: number };
  readonly json?: string;
}

const EXAMPLES = `
AJ: average Jaccard of position and visibility; δ_avg: share of the visible points within 1, 2, 4, 8 and 16 pixels of a
256 x 256 frame; OA: share of frames in which visibility is right.

Either tapnet's arrays as JSON: query_points, gt_tracks, gt_occluded in --truth, pred_tracks, pred_occluded in --pred (one
file may hold all), in pixels of 256 x 256; or points as .csv or .json (docs/keypoints.md) with the size of the clip, mode
first only. Two files, or two folders with files of the same names; the scores of several clips are averaged.

Examples:
  $ tsumugi score tapvid --pred arrays.json --truth arrays.json --mode strided
  $ tsumugi score tapvid --pred result/points.csv --truth truth.csv --size 854x480
`;

/** The command. */
export function tapVidCommand(): Command {
  return new Command("tapvid")
    .description("AJ, δ_avg and OA of tracked points, as TAP-Vid")
    .requiredOption("--pred <path>", "predictions: a file, or a folder of files")
    .requiredOption("--truth <path>", "truth: a file, or a folder of files named alike")
    .addOption(new Option("--mode <mode>", "which frames are queried").choices(["first", "strided"]).default("first"))
    .option("--size <WxH>", "size of the clip's frames, for files of points", frameSize)
    .option("--json <file>", "write all values")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

function frameSize(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d+)x(\d+)$/u.exec(text) ?? [];
  if (!(Number(width) > 0 && Number(height) > 0)) throw new InvalidArgumentError("Expected a size such as 854x480.");
  return { width: Number(width), height: Number(height) };
}

async function run({ pred, truth, json, ...rest }: TapVidFlags): Promise<void> {
  const scores = await scoreTapVidFiles({ prediction: pred, truth, ...rest });
  if (json !== undefined) await writeFileAtomic(json, `${JSON.stringify(scores, undefined, 1)}\n`);
  print(tapVidTable(scores));
}
