/** @file Runs a task as the command line does: Ctrl-C stops it, progress goes to stderr, the result to stdout. */
import type { Command } from "commander";
import { Interrupted } from "../core/errors.ts";
import { type Device, THIS_MACHINE } from "../core/machine.ts";
import type { TaskName } from "../tasks/choices.ts";
import { actions } from "./actions.ts";
import { terminalLogger } from "./terminal.ts";

/** Options by name. */
export type Given = Readonly<Record<string, unknown>>;

/** A task that has not been checked yet. */
export interface NamedTask extends Given {
  readonly task: TaskName;
}

/**
 * Makes a task from the given options, and runs it on the machine that they describe.
 * @param taskOf receives the options without those of the machine and without defaults, which the task supplies.
 */
export async function perform(
  command: Command,
  taskOf: (given: Given) => NamedTask | Promise<NamedTask>,
): Promise<void> {
  const { device, threads, ...given } = givenOptions(command);
  const machine = {
    device: (device as Device | undefined) ?? THIS_MACHINE.device,
    threads: threads as number | undefined,
  };
  await untilInterrupted(async (signal) => {
    const task = await taskOf(given);
    const { action } = await actions[task.task]();
    await action.perform(task, { logger: terminalLogger(), signal, machine });
  });
}

/** The options given on the command line. */
export function givenOptions(command: Command): Given {
  const all = Object.entries(command.opts());
  return Object.fromEntries(all.filter(([name]) => command.getOptionValueSource(name) === "cli"));
}

/** Options under the names of the task's keys. @param names by the option's name. */
export function renamed(given: Given, names: Readonly<Record<string, string>>): Given {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [names[name] ?? name, value]));
}

/** Runs work with a signal that Ctrl-C (or SIGTERM) aborts, so that it stops cleanly; a second Ctrl-C ends at once. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted("interrupted"));
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
