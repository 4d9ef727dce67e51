/** @file Options become tasks, and tasks options again, for every command and any choice of options. */
import { Command, type Option } from "commander";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ablateCommand } from "../../src/cli/commands/ablate.ts";
import { calibrateCommand } from "../../src/cli/commands/calibrate.ts";
import { convertCommand } from "../../src/cli/commands/convert.ts";
import { demoCommand } from "../../src/cli/commands/demo.ts";
import { evaluateCommand } from "../../src/cli/commands/evaluate.ts";
import { inspectCommand } from "../../src/cli/commands/inspect.ts";
import { reviewCommand } from "../../src/cli/commands/review.ts";
import { scoreCommand } from "../../src/cli/commands/score.ts";
import { snapshotCommand } from "../../src/cli/commands/snapshot.ts";
import { trackCommand } from "../../src/cli/commands/track.ts";
import { trainCommand } from "../../src/cli/commands/train.ts";
import { weightsCommand } from "../../src/cli/commands/weights.ts";
import type { NamedTask } from "../../src/cli/perform.ts";
import { tasks } from "../../src/tasks/index.ts";

/** What `perform` was asked to run. */
const asked: NamedTask[] = [];

vi.mock("../../src/cli/perform.ts", async (original) => {
  const real = await original<typeof import("../../src/cli/perform.ts")>();
  const perform: typeof real.perform = async (command, taskOf) => {
    const { device: _, threads: __, ...given } = real.givenOptions(command);
    asked.push(await taskOf(given));
  };
  return { ...real, perform };
});

beforeEach(() => {
  asked.length = 0;
});

/** The task that a command line asks for, with its defaults. */
async function taskOf(make: () => Command, args: readonly string[]): Promise<Record<string, unknown>> {
  const program = new Command().exitOverride();
  program.addCommand(make());
  await program.parseAsync([program.commands[0].name(), ...args], { from: "user" });
  const task = asked.pop()!;
  return tasks[task.task].parse(task);
}

/** A value as text and as the task has it. */
type Value = readonly [text: string, value: unknown];
const from = (...texts: string[]): fc.Arbitrary<Value> => fc.constantFrom(...texts).map((text) => [text, text]);
const whole = (min: number, max: number): fc.Arbitrary<Value> => fc.integer({ min, max }).map((n) => [String(n), n]);
const number = fc.double({ min: 0.01, max: 100, noNaN: true }).map((n): Value => [String(n), n]);
const path = fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/u).map((text): Value => [text, text]);
const frames = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 4 });
const list = frames.map((all): Value => [all.join(","), all]);
const names = (...all: string[]): fc.Arbitrary<Value> =>
  fc.subarray(all, { minLength: 1 }).map((some) => [some.join(","), some]);

/** What is written for each key of a task. */
const values: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  protocol: from("default", "crw", "dino"),
  variant: from("mast", "nano"),
  topK: fc.oneof(whole(1, 99), from("all")),
  radius: number,
  temperature: number,
  memory: fc.oneof(whole(0, 256), list),
  shortSide: whole(16, 8192),
  encoding: from("utf-8", "shift_jis", "GBK", "latin1"),
  start: whole(0, 1000),
  range: fc
    .tuple(fc.nat(50), fc.integer({ min: 51, max: 99 }))
    .map(([start, end]) => [`${start}:${end}`, { start, end }]),
  mmPerPx: number,
  timeSec: number,
  labelsWithin: whole(1, 10_000),
  ensemble: names("mirror", "half", "double"),
  seed: whole(0, 1e6),
  seeds: list,
  rows: names("untrained", "mee", "mer"),
  steps: whole(1, 1e6),
  frames: whole(10, 90),
  frame: whole(0, 99),
  clips: whole(1, 1000),
  most: whole(1, 1000),
  every: whole(1, 50),
  gap: whole(1, 256),
  share: fc.double({ min: 0, max: 1, noNaN: true }).map((n): Value => [String(n), n]),
  classes: list,
  size: fc
    .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))
    .map(([width, height]) => [`${width}x${height}`, { width, height }]),
  labels: fc
    .tuple(path, fc.option(fc.nat(99), { nil: undefined }))
    .map(([[file], frame]) => [
      frame === undefined ? file : `${file}@${frame}`,
      [{ path: file, ...(frame !== undefined && { frame }) }],
    ]),
  ends: fc
    .tuple(fc.oneof(fc.integer({ min: 1, max: 254 }), fc.constant("nose")), fc.nat(99))
    .map(([what, frame]) => [`${what}@${frame}`, [{ what, frame }]]),
  objects: fc
    .tuple(fc.integer({ min: 1, max: 254 }), fc.constantFrom("gear", "a=b", "two words"))
    .map(([id, name]) => [`${id}=${name}`, [{ id, class: name }]]),
  pixels: fc.tuple(fc.nat(99), fc.nat(99)).map(([x, y]) => [`${x},${y}`, [{ x, y }]]),
  also: fc
    .tuple(path, path)
    .map(([[root], [split]]) => [`cars=${root}:240p:${split}`, [{ name: "cars", root, resolution: "240p", split }]]),
};

/** The keys of options with other names. */
const KEYS: Readonly<Record<string, string>> = {
  end: "ends",
  object: "objects",
  scale: "mmPerPx",
  res: "resolution",
  pixel: "pixels",
  time: "timeSec",
};
/** Options that are no keys of the task by themselves. */
const OTHERS = new Set(["config", "set", "device", "threads", "jhmdb", "jhmdbSplit", "help"]);

const keyOf = (option: Option): string => KEYS[option.attributeName()] ?? option.attributeName();
const optionsOf = (command: Command): Option[] =>
  command.options.filter((option) => !OTHERS.has(option.attributeName()));

/** The words on the command line and the value in the task. */
type Choice = readonly [words: readonly string[], key: string, value: unknown];

function choiceOf(option: Option): fc.Arbitrary<Choice> {
  const key = keyOf(option);
  if (!option.required) return fc.constant([[option.long!], key, !option.negate]);
  const value = values[key] ?? (option.argChoices === undefined ? path : from(...option.argChoices));
  return (key === "first" && option.argChoices ? from(...option.argChoices) : value).map(([text, value]) => [
    [`${option.long}=${text}`],
    key,
    value,
  ]);
}

/** Any of the options, the demanded ones always. */
function choices(command: Command, demanded: readonly string[]): fc.Arbitrary<Choice[]> {
  const each = optionsOf(command).map((option) =>
    option.mandatory || demanded.includes(keyOf(option))
      ? choiceOf(option)
      : fc.option(choiceOf(option), { nil: undefined }),
  );
  return fc.tuple(...each).map((all) => all.filter((one) => one !== undefined));
}

/** Every command with its words before the options and what they make of the task. */
const commands: readonly [
  name: string,
  make: () => Command,
  words: readonly string[],
  fixed: object,
  demanded?: string[],
][] = [
  ["track", trackCommand, ["clip.mp4"], { task: "track", video: "clip.mp4" }, ["labels", "out"]],
  ["ablate", ablateCommand, ["a.mp4", "b"], { task: "ablate", footage: ["a.mp4", "b"], config: {} }],
  ["review", reviewCommand, ["result"], { task: "review", folder: "result" }],
  ["convert", convertCommand, ["result"], { task: "convert", input: "result" }],
  ["inspect", inspectCommand, ["clip.mp4"], { task: "inspect", clip: "clip.mp4" }],
  ["snapshot", snapshotCommand, ["clip.mp4"], { task: "snapshot", video: "clip.mp4" }],
  ["weights", weightsCommand, ["w.pth"], { task: "weights", file: "w.pth" }],
  ["calibrate", calibrateCommand, ["a", "b"], { task: "calibrate", footage: ["a", "b"] }],
  ["demo", demoCommand, [], { task: "demo" }],
  ...["davis", "pck", "tapvid", "miou"].map(
    (metric) => [`score ${metric}`, scoreCommand, [metric], { task: "score", metric }] as const,
  ),
  ...["davis", "drift", "cdnet", "camvid", "jhmdb", "badja", "confidence", "absence", "cycle"].map(
    (benchmark) => [`evaluate ${benchmark}`, evaluateCommand, [benchmark], { task: "evaluate", benchmark }] as const,
  ),
  ["evaluate made", evaluateCommand, ["made", "a", "b"], { task: "evaluate", benchmark: "made", footage: ["a", "b"] }],
  ["evaluate cuts", evaluateCommand, ["cuts", "a"], { task: "evaluate", benchmark: "cuts", footage: ["a"] }],
] as never;

/** The command itself, or the one of its commands that is meant. */
function leaf(make: () => Command, words: readonly string[]): Command {
  const command = make();
  return command.commands.find((child) => child.name() === words[0]) ?? command;
}

/** The frames of `inspect` are a list, those of all others a number. */
const listed = (task: object): boolean => "clip" in task;

describe.each(commands)("tsumugi %s", (_, make, words, fixed, demanded = []) => {
  const command = leaf(make, words);
  const inspecting = listed(fixed);
  const arbitrary = choices(command, demanded).map((all) =>
    inspecting
      ? all.map(([text, key, value]): Choice =>
          key === "frames" ? [["--frames=3,7"], key, [3, 7]] : [text, key, value],
        )
      : all,
  );

  it("any options become the task that says the same; what is left out has the task's default", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (all) => {
        const task = await taskOf(make, [...words, ...all.flatMap(([text]) => text)]);
        const said = Object.fromEntries(all.map(([, key, value]) => [key, value]));
        expect(task).toMatchObject({ ...fixed, ...said });
        const bare = await taskOf(make, [
          ...words,
          ...all.filter(([, key]) => needed(command, demanded, key)).flatMap(([text]) => text),
        ]);
        for (const key of Object.keys(task)) if (!(key in said)) expect(task[key]).toEqual(bare[key]);
      }),
      { numRuns: 25 },
    );
  });

  it("a task written as options is the same task again", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (all) => {
        const task = await taskOf(make, [...words, ...all.flatMap(([text]) => text)]);
        expect(await taskOf(make, [...words, ...wordsOf(command, task)])).toEqual(task);
      }),
      { numRuns: 25 },
    );
  });

  it("help shows the defaults that the task has", async () => {
    const [all] = fc.sample(
      arbitrary.map((all) => all.filter(([, key]) => needed(command, demanded, key))),
      1,
    );
    const task = await taskOf(make, [...words, ...all.flatMap(([text]) => text)]);
    for (const option of optionsOf(command).filter((option) => option.defaultValue !== undefined))
      expect([option.long, task[keyOf(option)]]).toEqual([option.long, option.defaultValue]);
  });
});

const needed = (command: Command, demanded: readonly string[], key: string): boolean =>
  demanded.includes(key) || optionsOf(command).some((option) => option.mandatory && keyOf(option) === key);

/** A task as options: the other way round. */
function wordsOf(command: Command, task: Readonly<Record<string, unknown>>): string[] {
  return optionsOf(command).flatMap((option) => {
    const value = task[keyOf(option)];
    if (value === undefined) return [];
    if (!option.required) return value === !option.negate ? [option.long!] : [];
    return textsOf(keyOf(option), value).map((text) => `${option.long}=${text}`);
  });
}

/** The texts of a value; several where an option is given several times. */
function textsOf(key: string, value: unknown): string[] {
  const all = value as never[];
  switch (key) {
    case "labels":
      return all.map(({ path, frame }) => (frame === undefined ? path : `${path as string}@${frame as number}`));
    case "ends":
      return all.map(({ what, frame }) => `${what as string}@${frame as number}`);
    case "objects":
      return all.map((one) => `${one["id"] as number}=${one["class"] as string}`);
    case "pixels":
      return all.map(({ x, y }) => `${x as number},${y as number}`);
    case "also":
      return all.map(({ name, root, resolution, split }) => `${name as string}=${[root, resolution, split].join(":")}`);
    case "range":
      return [`${(value as { start: number }).start}:${(value as { end: number }).end}`];
    case "size":
      return [`${(value as { width: number }).width}x${(value as { height: number }).height}`];
    default:
      return [Array.isArray(value) ? value.join(",") : String(value)];
  }
}

const train = (...args: readonly string[]) => taskOf(trainCommand, args);

describe("tsumugi train", () => {
  it("options of the configuration over --set over its file", async () => {
    const task = await train("a", "--out=o", "--set", "seed=4", "--set", "pairs=3", "--steps=2", "--seed=5");
    expect(task).toMatchObject({ task: "train", footage: ["a"], out: "o", profile: false });
    expect(task["config"]).toMatchObject({ steps: 2, seed: 5, pairs: 3, variant: "small" });
  });

  it("scores as one key", async () => {
    const score = ["--score-data=d", "--score-split=s", "--score-frames=25"];
    expect(await train("a", "--out=o", "--steps=1", "--profile", ...score)).toMatchObject({
      profile: true,
      score: { data: "d", split: "s", resolution: "480p", frames: 25 },
    });
    expect(await train("--resume=r", ...score, "--score-res=240p", "--cache=c")).toEqual({
      task: "resume",
      run: "r",
      cache: "c",
      profile: false,
      scoreOn: [],
      score: { data: "d", split: "s", resolution: "240p", frames: 25 },
    });
  });

  it.each([
    [["a", "--steps=1"], "no run folder"],
    [["a", "--resume=r", "--seed=1", "--set", "pairs=1"], /got --seed, --set, a/],
    [["--resume=r", "--out=o"], /got --out/],
    [["a", "--out=o", "--steps=1", "--score-split=s"], "only one of --score-data and --score-split"],
  ])("%j is refused", async (args, says) => {
    await expect(train(...args)).rejects.toThrow(says);
  });
});

it("the joints of an ablation are one key", async () => {
  const common = ["a", "--out=o", "--data=d", "--split=s", "--steps=1", "--set", "pairs=2"];
  expect(await taskOf(ablateCommand, [...common, "--jhmdb=j", "--jhmdb-split=k"])).toMatchObject({
    jhmdb: { root: "j", split: "k" },
    config: { pairs: 2 },
  });
  expect((await taskOf(ablateCommand, [...common, "--jhmdb=j"]))["jhmdb"]).toEqual({ root: "j" });
});
