/**
 * @file What a task is: work as data. Its schema says what may be asked, `run` does it and returns data. The command
 * line, a server and users of the library all run tasks.
 */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { type Logger, silent } from "../core/log.ts";
import { type Machine, THIS_MACHINE } from "../core/machine.ts";
import { nearest } from "../core/nearest.ts";
import type { TaskName } from "./choices.ts";

/** What a task runs with, beside itself. */
export interface TaskContext {
  /** Default: silent. */
  readonly logger?: Logger | undefined;
  /** Aborting stops the task; what it has written stays, and running it again resumes where the task can. */
  readonly signal?: AbortSignal | undefined;
  /** Default: all cores of the CPU. */
  readonly machine?: Machine;
  /** Is given what is known before the end, by tasks that tell of things as they happen. Default: nobody listens. */
  readonly tell?: ((what: unknown) => void) | undefined;
}

/** The context with its defaults. */
export interface RunContext {
  readonly logger: Logger;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly tell?: TaskContext["tell"];
}

/** Work as data. */
export interface Task<Schema extends z.ZodType, Result> {
  readonly name: TaskName;
  /** The task as JSON: strict, with defaults. */
  readonly schema: Schema;
  /** Fills in the defaults. @throws UserError `task/invalid`, naming every wrong key */
  parse(given: unknown): z.output<Schema>;
  /**
   * Checks the task and does it.
   * @throws UserError `task/invalid` and those of the work; the signal's reason when it is aborted.
   */
  run(task: z.input<Schema>, context?: TaskContext): Promise<Result>;
}

/** Makes a task of its schema and its work. */
export function defineTask<Schema extends z.ZodType, Result>(
  name: TaskName,
  schema: Schema,
  work: (task: z.output<Schema>, context: RunContext) => Promise<Result>,
): Task<Schema, Result> {
  const parse = (given: unknown): z.output<Schema> => {
    const parsed = schema.safeParse(given, { error: ({ input }) => (input === undefined ? "missing" : undefined) });
    if (parsed.success) return parsed.data;
    throw invalid(name, parsed.error);
  };
  return {
    name,
    schema,
    parse,
    async run(given, context = {}) {
      const { logger = silent, machine = THIS_MACHINE, signal = new AbortController().signal, tell } = context;
      const task = parse(given);
      signal.throwIfAborted();
      return work(task, { logger, machine, signal, tell });
    },
  };
}

function invalid(name: TaskName, { issues }: z.ZodError): UserError {
  const problems = issues.map((issue) => {
    // Of a key that is no key, the message says no more than that; what was expected is within.
    const message = issue.code === "invalid_key" ? issue.issues.map((one) => one.message).join(", ") : issue.message;
    return [...(issue.path.length > 0 ? [issue.path.join(".")] : []), message];
  });
  return new UserError("task/invalid", { what: `${name}: ${problems.map((parts) => parts.join(": ")).join("; ")}` });
}

/** The object of a task: unknown keys are named, each with the known one that is nearest. */
export function taskObject<Name extends TaskName, Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  return strict({ task: z.literal(name).default(name).describe("The kind of task."), ...shape });
}

/** A task of several kinds, distinguished by one key. */
export function taskUnion<const Members extends readonly [TaskMember, TaskMember, ...TaskMember[]]>(
  key: string,
  members: Members,
) {
  const kinds = members.flatMap(({ shape }) => [...(shape[key] as z.ZodLiteral<string>).values]);
  return z.discriminatedUnion(key, members, {
    error: (issue) => {
      const got: unknown = (issue.input as Record<string, unknown> | null | undefined)?.[key];
      return typeof got === "string" ? unknownName(got, kinds) : `missing, expected one of ${kinds.join(", ")}`;
    },
  });
}

type TaskMember = z.ZodObject<z.ZodRawShape, z.core.$strict>;

/** An object without unknown keys. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, Object.keys(shape)) : undefined),
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys.map((key) => `unknown key "${key}", did you mean ${nearest(key, known)}?`).join("; ");
}

/** One of some names; another one is answered with the nearest. */
export function choice<const Name extends string>(names: readonly Name[]) {
  return z.enum(names, {
    error: ({ input }) => (typeof input === "string" ? unknownName(input, names) : undefined),
  });
}

function unknownName(got: string, names: readonly string[]): string {
  return `got "${got}", expected one of ${names.join(", ")}; did you mean ${nearest(got, names)}?`;
}

/** The JSON Schema (2020-12) of what may be given to a task. */
export function taskJsonSchema({ schema }: { readonly schema: z.ZodType }): object {
  return z.toJSONSchema(schema, { io: "input" });
}
