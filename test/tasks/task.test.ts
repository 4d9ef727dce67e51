import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Interrupted, UserError } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { choice, defineTask, strict, taskJsonSchema, taskObject, taskUnion } from "../../src/tasks/task.ts";

const schema = taskObject("demo", {
  out: z.string().describe("A folder."),
  mode: choice(["exact", "fast"]).default("exact").describe("How."),
  size: strict({ width: z.int().min(1), height: z.int().min(1) }).exactOptional(),
  frames: z.array(z.int()).exactOptional(),
});
const seen: unknown[] = [];
const task = defineTask("demo", schema, async (given, context) => {
  seen.push({ given, context });
  return given.out.length;
});

function problem(given: unknown): string {
  try {
    task.parse(given);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe("task/invalid");
    return (error as Error).message;
  }
  return "";
}

describe("a wrong task names its keys", () => {
  it.each([
    ["a missing key", {}, "demo: out: missing"],
    ["another type", { out: 3 }, "demo: out: Invalid input: expected string, received number"],
    ["an unknown key", { out: "a", siz: 1 }, 'demo: unknown key "siz", did you mean size?'],
    [
      "two unknown keys",
      { out: "a", siz: 1, mod: 2 },
      'demo: unknown key "siz", did you mean size?; unknown key "mod", did you mean mode?',
    ],
    [
      "an unknown key inside",
      { out: "a", size: { width: 3, height: 2, hight: 2 } },
      'demo: size: unknown key "hight", did you mean height?',
    ],
    [
      "an unknown name",
      { out: "a", mode: "FATS" },
      'demo: mode: got "FATS", expected one of exact, fast; did you mean fast?',
    ],
    ["a name of another type", { out: "a", mode: 3 }, /^demo: mode: Invalid option: expected one of "exact"\|"fast"/],
    ["an item of a list", { out: "a", frames: [1, "2"] }, /^demo: frames\.1: Invalid input: expected (int|number)/],
    ["out of range", { out: "a", size: { width: 0, height: 2 } }, /^demo: size\.width: Too small/],
    ["a key that is there but undefined", { out: "a", frames: undefined }, /^demo: frames: /],
    ["several things", { mode: "x", size: 3 }, /^demo: out: missing; mode: got "x".*; size: Invalid input/],
    ["another kind of task", { task: "train", out: "a" }, /^demo: task: Invalid input: expected "demo"/],
    ["a text", "demo", /^demo: Invalid input: expected object, received string/],
    ["null", null, /^demo: Invalid input: expected object/],
    ["nothing", undefined, "demo: missing"],
  ])("%s", (_, given, says) => {
    if (says instanceof RegExp) expect(problem(given)).toMatch(says);
    else expect(problem(given)).toBe(says);
  });

  it("and nothing is run", async () => {
    await expect(task.run({ out: 3 } as never)).rejects.toThrow("demo: out");
    expect(seen).toEqual([]);
  });
});

describe("run", () => {
  it("fills in the defaults, of the task and of what it runs with", async () => {
    expect(await task.run({ out: "abc" })).toBe(3);
    const { given, context } = seen.pop() as { given: object; context: { signal: AbortSignal } };
    expect(given).toEqual({ task: "demo", out: "abc", mode: "exact" });
    expect(context).toMatchObject({ logger: silent, machine: { device: "cpu" } });
    expect(context.signal.aborted).toBe(false);
  });

  it("passes on what it is given", async () => {
    const context = {
      logger: { ...silent },
      machine: { device: "cpu", threads: 2 } as const,
      signal: AbortSignal.timeout(1e6),
    };
    await task.run({ task: "demo", out: "a", mode: "fast" }, context);
    expect(seen.pop()).toEqual({ given: { task: "demo", out: "a", mode: "fast" }, context });
  });

  it("does not begin when the signal is aborted, and throws its reason", async () => {
    const reason = new Interrupted("enough");
    await expect(task.run({ out: "a" }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });
});

describe("a task of several kinds", () => {
  const union = defineTask(
    "score",
    taskUnion("metric", [
      taskObject("score", { metric: z.literal("davis"), truth: z.string() }),
      taskObject("score", { metric: z.literal("pck"), pred: z.string() }),
    ]),
    async ({ metric }) => metric,
  );

  it("is told apart by its key", async () => {
    expect(await union.run({ metric: "pck", pred: "a" })).toBe("pck");
    expect(await union.run({ metric: "davis", truth: "a" })).toBe("davis");
  });

  it.each([
    [{}, "score: metric: missing, expected one of davis, pck"],
    [{ metric: "pkc" }, 'score: metric: got "pkc", expected one of davis, pck; did you mean pck?'],
    [{ metric: "pck", pred: "a", truth: "b" }, 'score: unknown key "truth", did you mean'],
    [{ metric: "davis" }, "score: truth: missing"],
    [undefined, "score: "],
  ])("%j is refused", (given, says) => {
    expect(() => union.parse(given)).toThrow(says);
  });
});

it("the JSON Schema has what may be given: defaults, meanings, no unknown keys", () => {
  expect(taskJsonSchema(task)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["out"],
    additionalProperties: false,
    properties: {
      task: { const: "demo", default: "demo" },
      out: { type: "string", description: "A folder." },
      mode: { enum: ["exact", "fast"], default: "exact" },
      size: { additionalProperties: false, required: ["width", "height"] },
    },
  });
});
