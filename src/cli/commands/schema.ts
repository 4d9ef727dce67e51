/** @file `tsumugi schema`: the keys of a task as JSON Schema. */
import { Command } from "commander";
import { TASK_NAMES } from "../../tasks/choices.ts";
import { actions } from "../actions.ts";
import { taskName } from "../taskFile.ts";
import { print } from "../terminal.ts";

const EXAMPLES = `
Examples:
  $ tsumugi schema track
  $ tsumugi schema evaluate > evaluate.schema.json`;

/** The command. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("Prints the keys of a task as JSON Schema, each with its meaning, range and default.")
    .argument("<task>", TASK_NAMES.join(", "))
    .addHelpText("after", EXAMPLES)
    .action(printSchema);
}

/** @throws UserError `task/unknown` */
async function printSchema(name: string): Promise<void> {
  const { action } = await actions[taskName(name, "the argument")]();
  const { taskJsonSchema } = await import("../../tasks/task.ts");
  print(JSON.stringify(taskJsonSchema(action.task), undefined, 2));
}
