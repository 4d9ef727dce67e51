/** @file `tsumugi snapshot`: one frame as a picture, to be labelled. */
import { Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../optionParsers.ts";
import { perform, renamed } from "../perform.ts";

const EXAMPLES = `
Examples:
  $ tsumugi snapshot rtsp://camera/line-3 --out first.png
      the first frame that comes; label it, then track the stream with --labels-frame first.png
  $ tsumugi snapshot clip.mp4 --out frame-120.png --frame 120
  $ tsumugi snapshot clip.mp4 --out later.png --time 4.5 --overwrite
  $ ffmpeg … -f mpegts - | tsumugi snapshot - --out first.png`;

/** The command. */
export function snapshotCommand(): Command {
  const command = new Command("snapshot")
    .description("Writes one frame of a clip, a camera or a stream as a picture, to be labelled.")
    .argument("<video>", "a video file, a folder of images, - (a stream on stdin), or an address (rtsp://…)")
    .requiredOption("--out <file>", "the picture, a .png file")
    .option("--frame <n>", "index of the frame, from 0 (default: the first one)", wholeNumber(0))
    .option("--time <s>", "or its time in seconds", seconds)
    .option("--follow", "the video is a file that is still being written")
    .option("--overwrite", "replace the picture if it is there already");
  return command
    .addHelpText("after", EXAMPLES)
    .action((video: string) =>
      perform(command, (given) => ({ task: "snapshot", video, ...renamed(given, { time: "timeSec" }) })),
    );
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected seconds from 0, such as 4.5.");
}
