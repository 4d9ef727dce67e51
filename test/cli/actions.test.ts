/** @file What the command line does with each task. */
import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { actions } from "../../src/cli/actions.ts";
import { actionOf } from "../../src/cli/actions/action.ts";
import { Interrupted } from "../../src/core/errors.ts";
import { TASK_NAMES } from "../../src/tasks/choices.ts";
import { tasks } from "../../src/tasks/index.ts";
import { defineTask, taskObject } from "../../src/tasks/task.ts";
import { makeResults } from "../review/folder.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

let root: string;
let printed: string;

beforeEach(async () => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  root = await temporaryFolder();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

it.each(TASK_NAMES)("%s has an action of its own task", async (name) => {
  const { action } = await actions[name]();
  expect(action.task).toBe(tasks[name]);
});

describe("an action", () => {
  const schema = taskObject("demo", { seed: z.int().min(0) });
  const reported: number[] = [];
  const action = actionOf(
    defineTask("demo", schema, async ({ seed }) => seed * 2),
    (result) => void reported.push(result),
  );

  it("runs its task and reports the result", async () => {
    await action.perform({ seed: 4 }, {});
    expect(reported.splice(0)).toEqual([8]);
  });

  it.each([
    ["a task that is wrong", { seed: -1 }, {}, "demo: seed: Too small"],
    ["a signal that is aborted", { seed: 1 }, { signal: AbortSignal.abort(new Interrupted("no")) }, "no"],
  ])("reports nothing for %s", async (_, task, context, says) => {
    await expect(action.perform(task, context)).rejects.toThrow(says);
    expect(reported).toEqual([]);
  });
});

it("review: a table, the commands of each place, the page", async () => {
  const { result } = await makeResults(root, { summary: { cuts: [3] } });
  const { action } = await actions.review();
  await action.perform({ folder: result }, {});
  expect(printed).toMatch(/│ 1 │ +20 │ 0\.80 s │ bolt 2 disappears, and it's <a>, which it touches, grows/u);
  expect(printed).toContain("\n# 2: correct frame 3\ncp ");
  expect(printed).toMatch(/\ntsumugi track '.*' --labels fixed-00020\.png@20 --out \S+\n/u);
  expect(printed.trimEnd()).toMatch(/\npage: .*review\.html$/u);
});

it("cuts: clips, false alarms, misses and time, line by line", async () => {
  const clips = [await makeImageFolder(root, "a", 4), await makeImageFolder(root, "b", 4)];
  const { action } = await actions.evaluate();
  await action.perform({ benchmark: "cuts", footage: clips }, {});
  const lines = printed.split("\n").filter((line) => !line.startsWith("  "));
  expect(lines[0]).toMatch(/^2 clips, 6 frames within clips: \d+ false alarms$/u);
  expect(lines[1]).toBe("least similar to the previous frame within a clip:");
  expect(lines[2]).toMatch(/^1 borders: \d missed$/u);
  expect(lines[3]).toMatch(/^\d+\.\d\d ms of CPU time per frame$/u);
});
