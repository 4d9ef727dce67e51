/** @file A task and how its result is shown. */
import type { z } from "zod";
import type { Task, TaskContext } from "../../tasks/task.ts";

/** What the command line does with a task. */
export interface Action {
  readonly task: Task<z.ZodType, unknown>;
  /** Runs the task and prints its result. @throws UserError `task/invalid` and those of the task */
  perform(task: unknown, context: TaskContext): Promise<void>;
}

/** Combines a task with the report of its result. */
export function actionOf<Schema extends z.ZodType, Result>(
  task: Task<Schema, Result>,
  report: (result: Result) => void,
): Action {
  return {
    task,
    perform: async (given, context) => report(await task.run(given as z.input<Schema>, context)),
  };
}
