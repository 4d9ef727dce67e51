/** @file `tsumugi events`: what tracked things do at lines and areas. */
import { Command, Option } from "commander";
import { READABLE_FORMATS } from "../../tasks/choices.ts";
import { frameSize, positiveNumber } from "../optionParsers.ts";
import { perform } from "../perform.ts";
import { sendOption } from "../sharedOptions.ts";

const EXAMPLES = `
zones.json names lines and areas of the picture, in its pixels:

  {"lines": [{"name": "gate", "from": [320, 360], "to": [320, 0], "forward": "in", "backward": "out"}],
   "areas": [{"name": "press", "corners": [[400, 100], [600, 100], [600, 300], [400, 300]], "dwellSec": 30}]}

DIR gets events.csv and events.jsonl (a row for each event, with the confidence that it rests on), counts.csv (by interval),
dashboard.png, and with --video overlay.mp4. Orders, distances, stops, idle time and occupancy: docs/events.md.

Examples:
  $ tsumugi events result --zones zones.json --out events --video clip.mp4
  $ tsumugi events gt/gt.txt --zones zones.json --out events --fps 30
`;

/** The command. */
export function eventsCommand(): Command {
  const command = new Command("events")
    .description("Counts, times and reports what tracked things do at lines and areas.")
    .argument("<tracks>", "tracks in any format, or the folder that track left")
    .requiredOption("--zones <file>", "lines, areas and rules, see below")
    .requiredOption("--out <dir>", "folder for events, counts, the dashboard and the overlay")
    .option("--video <clip>", "the clip: gives the frames' times and size; an overlay is drawn on it")
    .option("--sound <clip>", "listen to the sound of this file too, usually the clip: impacts, alarms, silences")
    .option("--fps <n>", "frames a second, where neither tracks nor clip say times", positiveNumber)
    .addOption(sendOption())
    .option("--json", "print what happened as JSON", false);
  return command
    .optionsGroup("Tracks:")
    .addOption(
      new Option("--from <format>", "their format (default: told by their contents)").choices(READABLE_FORMATS),
    )
    .option("--size <WxH>", "size of the frames, where labels are shares of it", frameSize)
    .option("--sequence <name>", "which clip, of tracks that hold several")
    .option("--encoding <name>", "encoding of tracks that are not UTF-8, for example shift_jis (default: detected)")
    .addHelpText("after", EXAMPLES)
    .action((tracks: string) => perform(command, (given) => ({ task: "events", tracks, ...given })));
}
