/** @file `tsumugi track`: carries masks, boxes and points of labelled frames through a clip or a live source. */
import { Command, Option } from "commander";
import { BOXES, DIRECTIONS, LABEL_FORMATS } from "../../tasks/choices.ts";
import { endOfObject, frameRange } from "../labelOptions.ts";
import { repeated, wholeNumber } from "../optionParsers.ts";
import { type Given, perform, renamed } from "../perform.ts";
import { scaleOption } from "../scaleOption.ts";
import {
  candidatesOption,
  ensembleOption,
  machineOptions,
  modeOption,
  motionOptions,
  pointMethodOption,
  protocolOptions,
} from "../sharedOptions.ts";
import { readTaskFile } from "../taskFile.ts";

const EXAMPLES = `
Masks: a picture of the video's size. In a palette or grey PNG 0 is the background and 1..254 are objects; 255 counts as background,
unless 0 and 255 are the only values: then 255 is object 1. In a colour picture every flat colour on black is an object. Soft masks,
16 bits, JPEG and so on: docs/video.md. One mask is written for every frame, as soon as it is made.

Points: .json or .csv with frame, name, x, y (and visible) in pixels; every frame gets x, y, visible and confidence of each point.
Boxes: the same files with width and height; x and y are the top left corner. What is tracked is the thing inside,
found by its colours and edges; with --boxes exact the whole rectangle.
Either way you get tracks.csv, a row for each frame and object with place, box, area, speed and confidence (docs/results.md).
Every frame in such a file is a labelled frame; --start takes only one of them.
Files of COCO, LabelMe, DeepLabCut and SLEAP are read too (docs/formats.md).

Labels of several frames: repeat --labels, masks as FILE@FRAME. Labels hold from their frame on; objects that they do not show
continue as they were. With --direction both, frames between two labelled ones are tracked from both sides and merged.

The same command again resumes where it stopped. With changed or further labels it tracks again only what depends on them.

--config FILE takes all of this from a task file, a JSON object with the keys of tsumugi schema track; options on the command line
override its keys. tsumugi run FILE runs a task file of any kind.

Examples:
  $ tsumugi track clip.mp4 --labels first.png --out result
  $ tsumugi track clip.mp4 --labels first.png --labels fixed.png@120 --out result --direction both
      frame 120 was wrong: correct it, and track again around it
  $ tsumugi track clip.mp4 --labels first.png --out result --end 2@300 --range 0:600
      object 2 leaves at frame 300; track frames 0 to 599 only
  $ tsumugi track belt.mp4 --labels first.png --out result --arrivals like:any
      one part is labelled; whatever comes in and looks like it gets an id of its own (docs/arrivals.md)
  $ tsumugi track clip.mp4 --labels points.csv --out result
  $ tsumugi track clip.mp4 --labels boxes.json --out result
  $ tsumugi track clip.mp4 --labels boxes.json --out result --boxes exact
      everything in the boxes, for example a label or a window
  $ tsumugi track clip.mp4 --labels first.png --out result --scale 320px=500mm
      speeds in mm/s too
  $ tsumugi track frames/ --labels 00010.png --start 10 --out result --protocol crw
  $ tsumugi track clip.mp4 --labels first.png --out result --memory 4 --radius 8 --top-k 5
      fewer memory frames, a smaller search
  $ tsumugi track clip.mp4 --labels first.png --out result --mode live
      fastest, on a small copy of the picture; --mode exact searches every candidate
  $ tsumugi track clip.mp4 --labels first.png --out result --weights runs/line-3/weights.safetensors
  $ tsumugi track rtsp://camera/line-3 --labels mask.png --labels-frame first.png --out result --mode live
      first.png is from tsumugi snapshot, mask.png labels it; tracking starts where the stream looks like it
  $ ffmpeg … -f mpegts - | tsumugi track - --labels first.png --out result --mode live
  $ tsumugi track recording.ts --follow --labels first.png --out result --mode live
      a file that is still being written
  $ tsumugi track --config task.json --mode exact

Results: docs/results.md. Sessions, corrections, live sources: docs/sessions.md. Protocols and modes, with their values and their cost:
docs/tracking.md. Points and boxes: docs/keypoints.md.`;

/** The command. */
export function trackCommand(): Command {
  const command = new Command("track")
    .description("Carries the masks, boxes or points of labelled frames through a video or a folder of images.")
    .argument("<video>", "a video file, a folder of images, - (a stream on stdin), or an address (rtsp://…)")
    .optionsGroup("Most used:")
    .requiredOption(
      "--labels <file>",
      "mask (.png, .png@FRAME), or labels of any tool (docs/formats.md); repeatable",
      repeated(String),
    )
    .requiredOption("--out <dir>", "folder for the results; if it holds results of the same video, these are resumed")
    .addOption(modeOption())
    .option(
      "--weights <file>",
      "weights of the encoder, for example from tsumugi train (default: those of the package)",
    )
    .addOption(
      new Option("--direction <way>", "where labels are carried; both: also backward, merged between labelled frames")
        .choices(DIRECTIONS)
        .default("forward"),
    );
  framesOptions(command);
  motionOptions(protocolOptions(command).addOption(candidatesOption()))
    .addOption(ensembleOption())
    .optionsGroup("Results:")
    .addOption(scaleOption())
    .option("--no-overlay", "write no video of the results")
    .option("--no-pictures", "write no pictures of trajectories, speeds and a heat map");
  return waiveWithConfig(machineOptions(command))
    .addHelpText("after", EXAMPLES)
    .action((video: string | undefined) => perform(command, (given) => taskOf(video, given)));
}

function framesOptions(command: Command): Command {
  return command
    .optionsGroup("Frames and labels:")
    .option("--start <n>", "the frame of labels that do not name one (default: 0)", wholeNumber(0))
    .addOption(
      new Option("--format <name>", "format of --labels (default: told by their contents)").choices(LABEL_FORMATS),
    )
    .option("--encoding <name>", "encoding of .csv and .json labels, for example shift_jis (default: detected)")
    .option(
      "--arrivals <what>",
      "what comes in later is tracked too: like:NAME (a labelled object), like:any or moving",
    )
    .option("--depth <dir>", "the depth of every frame, 16-bit .png or .npy: tells apart what colours cannot")
    .option("--end <id@frame>", "an object or point is gone from this frame on; repeatable", repeated(endOfObject))
    .option("--range <a:b>", "only frames A to B, B not included", frameRange)
    .addOption(
      new Option(
        "--boxes <shape>",
        "refine: track the thing in a box; exact: its whole rectangle (default: refine)",
      ).choices(BOXES),
    )
    .addOption(pointMethodOption())
    .option("--follow", "the video is a file that is still being written")
    .option(
      "--labels-frame <picture>",
      "of a live source: the picture that was labelled, found again as the stream begins",
    )
    .option("--labels-within <n>", "among how many frames it is looked for (default: 100)", wholeNumber(1, 10_000))
    .option("--config <file>", "read the task from this JSON file; other options override its keys");
}

async function taskOf(video: string | undefined, { config, ...given }: Given) {
  const own = { ...(video !== undefined && { video }), ...renamed(given, { end: "ends", scale: "mmPerPx" }) };
  if (typeof config === "string") return { task: "track" as const, ...(await readTaskFile(config, "track")), ...own };
  return { task: "track" as const, ...own };
}

/** With a task file, the command's required options may be omitted: the task then reports what is missing. */
function waiveWithConfig(command: Command): Command {
  for (const option of command.options.filter(({ mandatory }) => mandatory)) waive(option, "mandatory", command);
  for (const argument of command.registeredArguments) waive(argument, "required", command);
  return command;
}

/** Commander checks these flags after it has read all options; a getter, since a command may parse several times. */
function waive<Key extends string>(part: Readonly<Record<Key, boolean>>, key: Key, command: Command): void {
  let needed = part[key];
  Object.defineProperty(part, key, {
    get: () => needed && command.getOptionValue("config") === undefined,
    set: (value: boolean) => {
      needed = value;
    },
  });
}
