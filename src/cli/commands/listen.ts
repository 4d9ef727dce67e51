/** @file `tsumugi listen`: what happens in the sound of a clip. */
import { Command } from "commander";
import { perform } from "../perform.ts";

const EXAMPLES = `
Three things are told: impacts (a sudden sound in all frequencies), alarms (a steady tone that begins), and silences (much
quieter than usual: a machine that stands still). DIR gets events.csv and events.jsonl with the columns of tsumugi events,
sound.csv (level, bands, onset strength and novelty of every frame) and spectrogram.png.

Examples:
  $ tsumugi listen press.mp4 --out heard
  $ tsumugi listen camera.mp4 --sound recorder.wav --out heard
  $ tsumugi events result --zones zones.json --out events --sound clip.mp4
`;

/** The command. */
export function listenCommand(): Command {
  const command = new Command("listen")
    .description("Tells what is heard in a clip: impacts, alarms, silences, each with its frame.")
    .argument("<clip>", "a video file with sound")
    .requiredOption("--out <dir>", "folder for events, numbers of every frame and the spectrogram")
    .option("--sound <file>", "the file that has the sound, if it is not the clip; both begin together")
    .option("--json", "print what was heard as JSON", false);
  return command
    .addHelpText("after", EXAMPLES)
    .action((clip: string) => perform(command, (given) => ({ task: "listen", clip, ...given })));
}
