/** @file `tsumugi run`: runs a task file of any kind. */
import { Command } from "commander";
import { TASK_NAMES } from "../../tasks/choices.ts";
import { perform } from "../perform.ts";
import { machineOptions } from "../sharedOptions.ts";
import { readNamedTask } from "../taskFile.ts";

const EXAMPLES = `
A task file is a JSON object: "task" is one of
${TASK_NAMES.join(", ")};
the other keys are those of tsumugi schema TASK. Paths are relative to the current folder. Results and messages are those of
the command of the same name.

Examples:
  $ tsumugi run task.json
      for example {"task": "track", "video": "clip.mp4", "labels": [{"path": "first.png"}], "out": "result"}
  $ tsumugi run task.json --threads 2
  $ tsumugi schema track > track.schema.json
      a schema with which an editor completes and checks task files`;

/** The command. */
export function runCommand(): Command {
  const command = new Command("run")
    .description("Runs a task file: the work of any other command, as JSON.")
    .argument("<file>", 'a JSON object with "task" and the keys of that task');
  return machineOptions(command)
    .addHelpText("after", EXAMPLES)
    .action((file: string) => perform(command, () => readNamedTask(file)));
}
