/** @file `tsumugi monitor`: what is wrong with a camera, as it happens. */
import { Command } from "commander";
import { perform } from "../perform.ts";
import { sendOption, threadsOption } from "../sharedOptions.ts";

const EXAMPLES = `
A camera that is covered, out of focus, turned or shifted, shaking, frozen, without a signal, too dark, burnt out, dirty, or under
flickering light is told with the time when that began, and with its end. A line is printed when it is known. DIR gets
events.jsonl and events.csv, a picture of each fault beside one from before, and summary.json. Stopped or killed, the same
command resumes. A camera is watched until Ctrl-C; one that dies is tried again and again.

Examples:
  $ tsumugi monitor recording.mp4 --out watched
  $ tsumugi monitor recording.mp4 --out watched --json
  $ tsumugi monitor rtsp://camera/stream --out gate --send https://alarms.example/gate --send mqtt://broker/site/gate

What each fault means, and how well they are found: docs/monitor.md.`;

/** The command. */
export function monitorCommand(): Command {
  const command = new Command("monitor")
    .description("Tells what is wrong with a camera, as it happens.")
    .argument("<source>", "a video file, a folder of images, - (a stream on stdin), or an address (rtsp://…)")
    .requiredOption("--out <dir>", "folder for events, pictures and the summary")
    .option("--follow", "the source is a file that is still being written", false)
    .addOption(sendOption())
    .option("--json", "print every event as a line of JSON", false);
  return command
    .optionsGroup("Machine:")
    .addOption(threadsOption())
    .addHelpText("after", EXAMPLES)
    .action((video: string) => perform(command, (given) => ({ task: "monitor", step: "watch", video, ...given })));
}
