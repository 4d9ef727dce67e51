/** @file Task files: a JSON object with the keys of one task. Paths in it are relative to where the command runs. */
import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { TASK_NAMES, type TaskName } from "../tasks/choices.ts";
import type { Given, NamedTask } from "./perform.ts";

/**
 * The task in a file for a known kind of task; the file may omit `task`.
 * @throws UserError `task/file`, `task/unknown`
 */
export async function readTaskFile(path: string, kind: TaskName): Promise<Given> {
  const { task = kind, ...keys } = await readObject(path);
  if (task === kind) return keys;
  const other = taskName(task, path);
  throw new UserError("task/unknown", {
    what: `${path} holds a different task`,
    got: JSON.stringify(other),
    expected: kind,
    todo: "run it with tsumugi run",
  });
}

async function readObject(path: string): Promise<Given> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw new Error("it holds something else");
    return parsed as Record<string, unknown>;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "there is no such file" : messageOf(error);
    const parts = { what: `cannot read the task file ${path}: ${why}`, expected: "a JSON object" };
    throw new UserError("task/file", missing ? { ...parts, todo: "check the path" } : parts, error);
  }
}

/** The task in a file that says which task it is. @throws UserError `task/file`, `task/unknown` */
export async function readNamedTask(path: string): Promise<NamedTask> {
  const task = await readObject(path);
  return { ...task, task: taskName(task["task"], path) };
}

/** @throws UserError `task/unknown` */
export function taskName(name: unknown, where: string): TaskName {
  const known = TASK_NAMES.find((known) => known === name);
  if (known !== undefined) return known;
  throw new UserError("task/unknown", {
    what: `${where} names no task`,
    got: name === undefined ? 'no "task"' : JSON.stringify(name),
    expected: `one of ${TASK_NAMES.join(", ")}`,
    ...(typeof name === "string" && { todo: `did you mean ${nearest(name, TASK_NAMES)}?` }),
  });
}
