/** @file `tsumugi inspect`: what the method sees in a clip, as pictures and a video. */
import { Command } from "commander";
import { frameIndices, pixel, repeated, wholeNumber } from "../optionParsers.ts";
import { perform, renamed } from "../perform.ts";
import { machineOptions, motionOptions, protocolOptions, weightsOption } from "../sharedOptions.ts";

const EXAMPLES = `
DIR gets index.html, which shows and explains everything; sheet.png; inspect.mp4, from the first to the last frame shown;
for each frame shown, motion-NAME.png, value-NAME.png (weights with a value extraction network), outlines-NAME.png,
regions-NAME.png, features-NAME.png, and for each pixel, candidates-NAME-xX-yY.png and affinity-NAME-xX-yY.png.

Examples:
  $ tsumugi inspect clip.mp4 --out inspection
      five frames among the first 120, in each the two places that move most
  $ tsumugi inspect clip.mp4 --out inspection --frames 10,40 --pixel 320,200 --pixel 100,80 --no-video
  $ tsumugi inspect frames/ --out inspection --every 10 --weights runs/line-3/weights.safetensors
  $ tsumugi inspect belt.mp4 --out inspection --camera still
      a belt that fills the picture would be mistaken for a moving camera

How to read the pictures: docs/inspect.md.`;

/** The command. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("Shows what the method sees in a clip: motion, value, clusters, candidates, affinity, features.")
    .argument("<clip>", "a video file or a folder of images")
    .requiredOption("--out <dir>", "folder for the pictures and the page")
    .addOption(weightsOption())
    .option("--frames <list>", "frames to show, such as 10,40 (default: five, spread evenly)", frameIndices)
    .option("--every <n>", "show every n-th frame", wholeNumber(1))
    .option("--pixel <x,y>", "a pixel to explain; repeatable (default: the two places that move most)", repeated(pixel))
    .option("--gap <n>", "frames from a frame back to its reference for candidates and value", wholeNumber(1, 256), 5)
    .option("--no-video", "write no video, only pictures of the chosen frames");
  return machineOptions(motionOptions(protocolOptions(command)))
    .addHelpText("after", EXAMPLES)
    .action((clip: string) =>
      perform(command, (given) => ({ task: "inspect", clip, ...renamed(given, { pixel: "pixels" }) })),
    );
}
