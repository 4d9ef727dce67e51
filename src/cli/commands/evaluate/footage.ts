/** @file The benchmarks of the footage check, and of learning on footage: options and examples. */
import { Command } from "commander";
import { positiveNumber, repeated, wholeNumber } from "../../optionParsers.ts";
import { type Given, perform } from "../../perform.ts";
import { encoderOptions, machineOptions, maskTrackingOptions, threadsOption } from "../../sharedOptions.ts";
import { configKeys } from "../../trainingKeys.ts";

/** Examples of `degraded`. */
export const DEGRADED = `
The first frames of every sequence are made worse in steps, one fault at a time: blur, motion blur, noise, less and more light,
flicker, JPEG blocks, a lower frame rate, shake, a smaller picture, less colour. Each is tracked from the first mask; points
lost are J&F (hundredths) on the same frames of the sequence as it is. DIR gets degraded.json, and every fault of every
sequence as it is done, which the same command reuses.

Examples:
  $ tsumugi evaluate degraded --data DAVIS --split three.txt --out results/degraded --frames 20 --short-side 240
`;

/** `degraded`: what faults of the footage cost the tracker. */
export function degradedCommand(): Command {
  const command = new Command("degraded")
    .description("J&F lost when the footage is made worse in steps, and what the footage check says of each")
    .optionsGroup("Data and results:")
    .requiredOption("--data <root>", "the data set")
    .requiredOption("--split <file>", "names of the sequences, one per line")
    .requiredOption("--out <dir>", "folder for the numbers")
    .option("--res <name>", "folder of the resolution in JPEGImages and Annotations", "480p")
    .option("--annotations <name>", "folder of the annotations", "Annotations")
    .option("--frames <n>", "only so many frames of a sequence, the first ones", wholeNumber(3), 25);
  return maskTrackingOptions(encoderOptions(command));
}

const MEASURES = `
The same faults as in tsumugi evaluate degraded, on clips without labels; nothing is tracked. The first table says whether each
fault moves its number in order (rank correlation), the second how far the third strength of every fault moves every number, in
its limits: 1 is the way from usable to poor. DIR gets measures.json, and every clip as it is done, which the same command
reuses.

Examples:
  $ tsumugi evaluate measures footage/ --out results/measures
`;

/** `measures`: whether the footage check sees faults for what they are. */
export function measuresCommand(): Command {
  const command = new Command("measures")
    .description("whether every fault of footage moves its own number of the check, and no other")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .requiredOption("--out <dir>", "folder for the numbers")
    .option("--frames <n>", "only so many frames of a clip, the first ones", wholeNumber(12), 24)
    .optionsGroup("Machine:")
    .addOption(threadsOption());
  return command
    .addHelpText("after", MEASURES)
    .action((footage: string[]) =>
      perform(command, (given) => ({ task: "evaluate", benchmark: "measures", footage, ...given })),
    );
}

const MONITOR = `
Into a few seconds of each clip, played to and fro in changing light with noise, each fault of tsumugi monitor is put at a known time, in
two strengths, and taken away again. Then as many minutes as asked for without a fault, in which lamps are switched and somebody passes
close to the lens. Rendered lines need no footage. DIR gets what was told of each clip, which the same command reuses.

Examples:
  $ tsumugi evaluate monitor --out results/monitor
  $ tsumugi evaluate monitor footage/ --out results/monitor --first-seed 101 --minutes 5
`;

/** `monitor`: are faults of a camera found? */
export function monitorBenchmarkCommand(): Command {
  const command = new Command("monitor")
    .description("faults of a camera that are found within two seconds, and alarms without one")
    .argument("[footage...]", "clips without faults of cameras that stand still")
    .requiredOption("--out <dir>", "folder for what was told")
    .option("--rendered <n>", "rendered lines beside them", wholeNumber(0, 100), 1)
    .option("--seeds <n>", "how often each fault is put into each clip", wholeNumber(1, 1000), 1)
    .option("--first-seed <n>", "the first of the seeds", wholeNumber(1, 100_000), 1)
    .option("--minutes <n>", "of footage without a fault, of each clip", positiveNumber, 2)
    .option("--rows <n>", "shorter side of the pictures, pixels", wholeNumber(96, 1080), 240)
    .option("--json <file>", "write all values");
  return command
    .addHelpText("after", MONITOR)
    .action((footage: string[]) =>
      perform(command, (given) => ({ task: "evaluate", benchmark: "monitor", footage, ...given })),
    );
}

const ADAPTATION = `
Rendered clips of a production line, whose truth is exact and only judges. A trial adapts to one look (night, another product, a
camera that was moved), or to footage that nothing can be learned from (still, noise), and scores J&F before and after on other
clips of that look. The stream watches a site that knows the day while night, product and camera arrive, and scores all looks
after each; beside it the same learning on the new footage alone, without replay, mix and acceptance. DIR gets adaptation.json;
what is done is kept.

Examples:
  $ tsumugi evaluate adaptation --out results/adaptation
  $ tsumugi evaluate adaptation --out results/long --minutes 20 --trials 40 --no-stream
`;

/** `adaptation`: is what a site learns worth anything? */
export function adaptationCommand(): Command {
  const command = new Command("adaptation")
    .description("what learning on a site is worth, and what it forgets, on rendered clips with exact truth")
    .optionsGroup("Data and results:")
    .requiredOption("--out <dir>", "folder for the numbers")
    .option("--minutes <n>", "for each time it learns: learning and comparing (default: 1)", positiveNumber)
    .option("--trials <n>", "adaptations to one look each (default: 2)", wholeNumber(0, 1000))
    .option("--no-stream", "leave out the site that meets one look after another")
    .option("--seed <n>", "of all that is rendered and drawn (default: 1)", wholeNumber(0, 10_000))
    .option(
      "--set <key=value>",
      "a key of the training configuration, docs/training.md (repeatable)",
      repeated(String),
    );
  return machineOptions(command)
    .addHelpText("after", ADAPTATION)
    .action(() =>
      perform(command, async ({ set, ...given }: Given) => ({
        task: "evaluate",
        benchmark: "adaptation",
        ...given,
        config: await configKeys(undefined, (set as readonly string[] | undefined) ?? []),
      })),
    );
}
