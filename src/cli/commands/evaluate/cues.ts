/** @file The benchmarks of cues beside colours and motion, on rendered clips: options and examples. */
import { Command, InvalidArgumentError } from "commander";
import { repeated, wholeNumber } from "../../optionParsers.ts";
import { perform } from "../../perform.ts";

const SOUND = `
A press is rendered with its sound: blows that ring, over a machine that hums and whines and over noise; an alarm, steady or in
beeps; a stretch in which the machine stands still. The clips are written as mp4 with AAC and listened to as any clip is. A blow
is found within a frame of its own; alarms and silences within half a second of their beginning. late is how long after a blow
its impact is told, median. DIR gets the clips and their scores, which the same command reuses.

Examples:
  $ tsumugi evaluate sound --out results/sound
  $ tsumugi evaluate sound --out results/quiet --loudness -9 --loudness -12 --seeds 5
`;

/** `sound`: is what happens heard? */
export function soundCommand(): Command {
  const command = new Command("sound")
    .description("F1 of impacts, alarms and silences heard in rendered clips of a machine")
    .requiredOption("--out <dir>", "folder for the clips and the scores")
    .option("--seeds <n>", "clips at each loudness", wholeNumber(1, 1000), 10)
    .option(
      "--loudness <dB>",
      "how much louder a blow's first 30 ms are than machine and noise (repeatable; default: 6, 0, -6)",
      repeated(loudness),
    )
    .option("--json <file>", "write all values");
  return command
    .addHelpText("after", SOUND)
    .action(() => perform(command, (given) => ({ task: "evaluate", benchmark: "sound", ...given })));
}

function loudness(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(Math.abs(value) <= 40)) throw new InvalidArgumentError("expected -40 to 40 dB");
  return value;
}
