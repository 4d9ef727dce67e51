/** @file The benchmark of learning on a site: options and examples. */
import { Command } from "commander";
import { positiveNumber, repeated, wholeNumber } from "../../optionParsers.ts";
import { type Given, perform } from "../../perform.ts";
import { machineOptions } from "../../sharedOptions.ts";
import { configKeys } from "../../trainingKeys.ts";

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
