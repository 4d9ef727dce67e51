/** @file `tsumugi score`: holds what is there already against the truth; one file per score in `score/`. */
import { Command } from "commander";
import { davisCommand } from "./score/davis.ts";
import { miouCommand } from "./score/miou.ts";
import { pckCommand } from "./score/pck.ts";
import { tapVidCommand } from "./score/tapVid.ts";

const EXAMPLES = `
Examples:
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p
  $ tsumugi score pck --pred results --truth keypoints/JHMDB
  $ tsumugi score tapvid --pred result/points.csv --truth truth.csv --size 854x480
  $ tsumugi score miou --pred results --truth CamVid/Annotations/360p --classes 1-11

Options and more examples of a score: tsumugi score SCORE --help`;

/** `tsumugi score SCORE`. */
export function scoreCommand(): Command {
  return new Command("score")
    .description("score masks or points that are there already")
    .addCommand(davisCommand())
    .addCommand(pckCommand())
    .addCommand(tapVidCommand())
    .addCommand(miouCommand())
    .addHelpText("after", EXAMPLES);
}
