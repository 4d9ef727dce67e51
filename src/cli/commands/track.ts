/** @file `tsumugi track`: carries masks, boxes and points of labelled frames through a clip or a live source. */
import { Command, Option } from "commander";
import { UserError } from "../../core/errors.ts";
import { ensembleOption } from "../encoderChoice.ts";
import { deviceOption, threadsOption, untilInterrupted, wholeNumber } from "../options.ts";
import { pointMethodOption } from "../pointMethod.ts";
import { maskOptions, protocolOptions } from "../protocolOptions.ts";
import { scaleOption } from "../scaleOption.ts";
import { endFlags, frameRange, labelFiles } from "../trackLabels.ts";
import { isStream, type StreamFlags, trackStream } from "../trackStream.ts";
import { trackVideo, type VideoFlags } from "../trackVideo.ts";

type TrackFlags = StreamFlags & VideoFlags;

const EXAMPLES = `
Masks: a PNG of the video's size, pixel value 0 = background, 1..254 = objects (palette or grey). 255 counts as background, unless
0 and 255 are the only values: then 255 is object 1. One mask is written per frame, as it is found.

Points: .json or .csv with frame, name, x, y (and visible) in pixels; every frame gets x, y, visible and confidence of each point.
Boxes: the same files with width and height, x and y being the top left corner; a box is tracked as the mask of its rectangle.
Every kind gets tracks.csv, a row for each frame and object with place, box, area, speed and confidence (docs/results.md).
Every frame with labels in such a file is a labelled frame; --start takes only one of them.

Labels of several frames: --labels again and again, masks as FILE@FRAME. Each is true from its frame on; objects that it does not have
go on as they were. Between two of them --direction both carries labels from both sides and merges them.

The same command again goes on where it was stopped; with other labels, or more of them, only what depends on them is tracked again.

Examples:
  $ tsumugi track clip.mp4 --labels first.png --out result
  $ tsumugi track clip.mp4 --labels first.png --labels fixed.png@120 --out result --direction both
      frame 120 was wrong: corrected, and tracked again around it
  $ tsumugi track clip.mp4 --labels first.png --out result --end 2@300 --range 0:600
      object 2 is gone from frame 300 on; frames 0 to 599
  $ tsumugi track clip.mp4 --labels points.csv --out result
  $ tsumugi track clip.mp4 --labels boxes.json --out result
  $ tsumugi track clip.mp4 --labels first.png --out result --scale 320px=500mm
      speeds in mm/s too
  $ tsumugi track frames/ --labels 00010.png --start 10 --out result --protocol crw
  $ tsumugi track clip.mp4 --labels first.png --out result --memory 4 --radius 8 --top-k 5
      fewer memory frames, a smaller search
  $ tsumugi track clip.mp4 --labels first.png --out result --mode live
      fastest, on a small copy of the picture; --mode exact searches every candidate
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors
  $ tsumugi track rtsp://camera/line-3 --labels first.png --out result --mode live
  $ ffmpeg … -f mpegts - | tsumugi track - --labels first.png --out result --mode live
  $ tsumugi track recording.ts --follow --labels first.png --out result --mode live
      a file that is still being written

Results: docs/results.md. Sessions, corrections, live sources: docs/sessions.md. Protocols and modes, their values and what they cost:
docs/tracking.md. Points and boxes: docs/keypoints.md.`;

/** The command. */
export function trackCommand(): Command {
  const command = new Command("track")
    .description("Carries the masks, boxes or points of labelled frames through a video or a folder of images.")
    .argument("<video>", "a video file, a folder of images, - (a stream on stdin), or an address (rtsp://…)")
    .requiredOption(
      "--labels <file>",
      "mask (.png, .png@FRAME), points or boxes (.json, .csv); may be given several times",
      labelFiles,
    )
    .requiredOption("--out <dir>", "folder of the results; one with results of the same video is gone on with")
    .option("--weights <file>", "encoder weights, for example of tsumugi train (default: those of the package)")
    .option("--start <n>", "index of the frame that labels without a frame belong to (default: 0)", wholeNumber(0))
    .option("--end <id@frame>", "an object or point that is not there from this frame on; several times", endFlags)
    .addOption(
      new Option("--direction <way>", "where labels are carried; both: also back, merged between labelled frames")
        .choices(["forward", "backward", "both"])
        .default("forward"),
    )
    .option("--range <a:b>", "only frames A to B, B not included", frameRange)
    .option("--follow", "the video is a file that is still being written");
  return maskOptions(pointMethodOption(protocolOptions(command)))
    .addOption(ensembleOption())
    .addOption(scaleOption())
    .option("--no-overlay", "no video of the results")
    .option("--no-pictures", "no pictures of trajectories, speed and heat map")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((video: string, flags: TrackFlags) =>
      untilInterrupted((signal) => {
        if (!isStream(video, flags)) return trackVideo(video, flags, signal);
        refuseInStream(video, flags);
        return trackStream(video, flags, signal);
      }),
    );
}

/** What needs frames that are not there yet, or not any more. @throws UserError `track/live` */
function refuseInStream(video: string, { direction, range, end, start, labels }: TrackFlags): void {
  const wrong =
    (direction !== "forward" && "--direction") ||
    (range !== undefined && "--range") ||
    (end !== undefined && "--end") ||
    (start !== undefined && "--start") ||
    ((labels.length > 1 || labels[0].frame !== undefined) && "labels of several frames");
  if (wrong === false) return;
  throw new UserError("track/live", {
    what: `${video} is a live source: ${wrong} cannot be used`,
    expected: "labels of the first frame that comes",
    todo: "record it first to track it in other ways",
  });
}
