/** @file The real command line without its work: options, arguments and their parsers, to check command lines against. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { messageOf, UserError } from "../../src/core/errors.ts";
import { configKeys } from "../../src/cli/trainingKeys.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { ROOT } from "./pages.ts";

const COMMANDS = "src/cli/commands";

const makers = await Promise.all(
  readdirSync(join(ROOT, COMMANDS))
    .filter((name) => name.endsWith(".ts"))
    .map(async (name) => {
      const module: Record<string, unknown> = await import(join(ROOT, COMMANDS, name));
      const maker = Object.entries(module).find(([key]) => key.endsWith("Command"))?.[1];
      if (typeof maker !== "function") throw new Error(`${COMMANDS}/${name} exports no …Command function`);
      return maker as () => Command;
    }),
);

/** The program with every command; nothing runs and nothing is printed. */
export function quietProgram(): Command {
  const program = new Command("tsumugi").version("0");
  for (const make of makers) program.addCommand(make());
  each(program, (command) => {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  });
  return program;
}

/** Calls `visit` with a command and all below it. */
export function each(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) each(child, visit);
}

const strict = parserOf(quietProgram());
const relaxed = parserOf(quietProgram());
each(relaxed.program, relax);

/** A program that remembers the options of the command it parsed last. */
function parserOf(program: Command): { readonly program: Command; options: Readonly<Record<string, unknown>> } {
  const parser = { program, options: {} };
  each(program, (command) => {
    if (command.commands.length > 0) return;
    command.action((...given: unknown[]) => {
      parser.options = (given.at(-1) as Command).opts();
    });
  });
  return parser;
}

/** What is wrong with `tsumugi ARGS`, or undefined. @param elided required options and arguments may be missing. */
export async function problemWith(args: readonly string[], elided: boolean): Promise<string | undefined> {
  const parser = elided ? relaxed : strict;
  if (args.length === 0 || isGroup(parser.program, args)) return undefined;
  try {
    parser.options = {};
    await parser.program.parseAsync(
      args.filter((word) => word !== "…"),
      { from: "user" },
    );
    await checkSettings(parser.options["set"]);
    return undefined;
  } catch (error) {
    const shown = error instanceof CommanderError && error.exitCode === 0;
    return shown ? undefined : messageOf(error);
  }
}

/** Whether the words only name a command that has others, such as `tsumugi evaluate`. */
function isGroup(program: Command, args: readonly string[]): boolean {
  let command: Command | undefined = program;
  for (const word of args) command = command?.commands.find((child) => child.name() === word);
  return command !== undefined && command.commands.length > 0;
}

function relax(command: Command): void {
  for (const option of command.options) option.mandatory = false;
  for (const argument of command.registeredArguments) argument.required = false;
}

/** Passes the keys and values of `--set` through the schema. @throws UserError */
export async function checkSettings(set: unknown): Promise<void> {
  if (!Array.isArray(set)) return;
  const keys = await configKeys(undefined, set.map(String));
  const length = keys["steps"] === undefined && keys["minutes"] === undefined ? { steps: 1 } : {};
  trainingConfig({ ...length, ...keys });
}

/** Every long option that any command has, with `--no-` forms as they are declared. */
export function optionNames(): Set<string> {
  const names = new Set(["--help", "--version"]);
  each(quietProgram(), (command) => {
    for (const { long } of command.options) if (long) names.add(long);
  });
  return names;
}

/** All keys of the training configuration that have a default, dotted. */
export function configNames(): Set<string> {
  return new Set(namesIn(trainingConfig({ steps: 1 })));
}

function namesIn(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    `${prefix}${key}`,
    ...(typeof inner === "object" && inner !== null && !Array.isArray(inner) ? namesIn(inner, `${prefix}${key}.`) : []),
  ]);
}

/** Whether it is the user's mistake that `--set` was given this. */
export async function settingProblem(pair: string): Promise<string | undefined> {
  try {
    await checkSettings([pair]);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(/\s*\n\s*/gu, " ");
    throw error;
  }
}
