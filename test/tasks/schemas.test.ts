/** @file The schemas of all tasks: what the least of each is, its defaults, and that every key says what it means. */
import { describe, expect, it } from "vitest";
import type { TaskName } from "../../src/tasks/choices.ts";
import { tasks } from "../../src/tasks/index.ts";
import { taskJsonSchema } from "../../src/tasks/task.ts";

const protocol = { protocol: "default", motion: true };

/** The least that each task needs, and what else it then has. */
const least: readonly [name: TaskName, given: object, defaults: object][] = [
  [
    "track",
    { video: "clip.mp4", labels: [{ path: "first.png" }], out: "result" },
    {
      ...protocol,
      direction: "forward",
      follow: false,
      labelsWithin: 100,
      method: "propagation",
      overlay: true,
      pictures: true,
    },
  ],
  ["resume", { run: "runs/one" }, { profile: false, scoreOn: [] }],
  [
    "ablate",
    { footage: ["a"], out: "o", data: "d", split: "s", steps: 3 },
    { ...protocol, resolution: "480p", seeds: [1, 2], variant: "small", config: {}, also: [] },
  ],
  ["review", { folder: "result" }, { most: 20 }],
  ["convert", { input: "result", to: "coco", out: "a.json" }, { overwrite: false }],
  ["events", { tracks: "result", zones: "zones.json", out: "events" }, { json: false, send: [] }],
  [
    "discover",
    { clip: "clip.mp4", out: "found" },
    { ...protocol, most: 5, track: true, overlay: true, pictures: true },
  ],
  ["inspect", { clip: "clip.mp4", out: "look" }, { ...protocol, gap: 5, video: true }],
  ["snapshot", { video: "clip.mp4", out: "first.png" }, { follow: false, overwrite: false }],
  [
    "evaluate",
    { benchmark: "davis", data: "d", split: "s", out: "o" },
    { ...protocol, resolution: "480p", annotations: "Annotations", void: "background" },
  ],
  ["evaluate", { benchmark: "cdnet", data: "d", out: "o" }, protocol],
  ["evaluate", { benchmark: "camvid", data: "d", out: "o" }, protocol],
  ["evaluate", { benchmark: "jhmdb", data: "d", out: "o" }, { ...protocol, method: "propagation" }],
  ["evaluate", { benchmark: "badja", data: "d", out: "o" }, { ...protocol, method: "propagation" }],
  ["evaluate", { benchmark: "confidence", data: "d", out: "o" }, { ...protocol, method: "propagation", points: false }],
  [
    "evaluate",
    { benchmark: "cycle", data: "d", split: "s", out: "o" },
    { resolution: "480p", frames: 25, shortSide: 240, grid: false },
  ],
  [
    "evaluate",
    { benchmark: "discover", data: "d", split: "s", out: "o" },
    { ...protocol, resolution: "480p", annotations: "Annotations" },
  ],
  [
    "evaluate",
    { benchmark: "clicks", data: "d", split: "s" },
    { resolution: "480p", annotations: "Annotations", clicks: 3 },
  ],
  ["evaluate", { benchmark: "absence", data: "d", out: "o" }, protocol],
  ["evaluate", { benchmark: "cuts", footage: ["a"] }, { frames: 100 }],
  ["score", { metric: "davis", pred: "p", truth: "t" }, { void: "background" }],
  ["score", { metric: "miou", pred: "p", truth: "t" }, {}],
  ["score", { metric: "pck", pred: "p", truth: "t" }, {}],
  ["score", { metric: "tapvid", pred: "p", truth: "t" }, { mode: "first" }],
  ["score", { metric: "mot", pred: "p", truth: "t" }, { overlap: "auto", labelledOnly: false }],
  ["weights", { file: "w" }, { share: 0.5, dtype: "F32" }],
  ["calibrate", { footage: ["a"], out: "o" }, { ...protocol, clips: 40, frames: 30 }],
  ["demo", {}, { site: false, seed: 1 }],
  ["site", { step: "init", folder: "line-3" }, { footage: [], targets: [], objects: {}, prices: {}, tracker: {} }],
  ["site", { step: "check", folder: "line-3" }, { language: "en" }],
  ["site", { step: "plan", folder: "line-3" }, {}],
  ["site", { step: "track", folder: "line-3" }, { corrections: 1 }],
  ["site", { step: "report", folder: "line-3" }, { language: "en" }],
  ["federate", { step: "join", url: "http://127.0.0.1:4500", token: "t", footage: ["a"], out: "joined" }, {}],
  ["federate", { step: "status", data: "federation" }, {}],
];

const kindOf = (given: object): string =>
  String(Object.entries(given).find(([key]) => /benchmark|metric|step/u.test(key))?.[1] ?? "");

describe.each(least)("%s", (name, given, defaults) => {
  const task = tasks[name];
  const title = kindOf(given);

  it(`${title} needs little; the rest has defaults`, () => {
    const parsed = task.parse(given);
    expect(parsed).toMatchObject({ task: name, ...given, ...defaults });
    const others = Object.keys(parsed as object).filter((key) => !(key in given) && !(key in defaults));
    expect(others).toEqual(name === "ablate" ? ["task", "rows"] : ["task"]);
    // A parsed task is a task: what a queue stores can be run.
    expect(task.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  it.each(Object.keys(given))(`${title} does not do without %s, nor with another type of it`, (key) => {
    const { [key]: _, ...rest } = given as Record<string, unknown>;
    expect(() => task.parse(rest)).toThrow(`${name}: ${key}: missing`);
    expect(() => task.parse({ ...rest, [key]: { x: 1 } })).toThrow(`${name}: ${key}`);
  });

  it(`${title} refuses unknown keys`, () => {
    expect(() => task.parse({ ...given, tasc: 1 })).toThrow(`${name}: unknown key "tasc", did you mean task?`);
    expect(() => task.parse({ ...given, threads: 1 })).toThrow(`${name}: unknown key "threads"`);
  });

  it(`${title} is of one kind`, () => {
    expect(() => task.parse({ ...given, task: "other" })).toThrow(`${name}: task: Invalid input`);
  });
});

const track = { video: "v", labels: [{ path: "l" }], out: "o" };
const ablate = { footage: ["a"], out: "o", data: "d", split: "s", steps: 3 };
const set = { name: "a", root: "r", resolution: "240p", split: "s" };

/** Each message of a value that is wrong. */
const wrong: readonly [name: TaskName, given: object, says: RegExp][] = [
  ["track", { ...track, labels: [] }, /^track: labels: expected at least one file of labels$/],
  ["track", { ...track, labels: [{ path: "a", frame: -1 }] }, /^track: labels\.0\.frame: Too small/],
  ["track", { ...track, labels: [3] }, /^track: labels\.0: expected a file of labels/],
  ["track", { ...track, ends: [{ what: 0, frame: 1 }] }, /^track: ends\.0\.what: Too small/],
  ["track", { ...track, direction: "bothe" }, /direction: got "bothe".*did you mean both\?/],
  ["track", { ...track, range: { from: 1 } }, /^track: range: unknown key "from", did you mean/],
  ["track", { ...track, memroy: 4 }, /^track: unknown key "memroy", did you mean memory\?$/],
  ["track", { ...track, protocol: "MASK" }, /protocol: got "MASK".*did you mean mast\?/],
  ["track", { ...track, radius: 0 }, /^track: radius: Too small/],
  ["track", { ...track, topK: "some" }, /^track: topK: Invalid input/],
  ["track", { ...track, memory: [0, 1] }, /^track: memory/],
  ["track", { ...track, memory: 300 }, /^track: memory/],
  ["track", { ...track, ensemble: ["mirrors"] }, /ensemble\.0: got "mirrors".*did you mean mirror\?/],
  ["track", { ...track, mmPerPx: -1 }, /^track: mmPerPx: Too small/],
  ["train", { footage: [], out: "o", config: { steps: 1 } }, /^train: footage: no footage: expected videos/],
  ["train", { footage: ["a"], config: { steps: 1 } }, /^train: out: missing/],
  ["train", { footage: ["a"], out: "o", config: { steps: 1, speed: 3 } }, /configuration is not valid[^]*speed/],
  ["train", { footage: ["a"], out: "o", config: {} }, /steps, minutes: give one of both/],
  ["train", { footage: ["a"], out: "o" }, /steps, minutes: give one of both/],
  ["train", { footage: ["a"], out: "o", config: { steps: 1 }, score: { data: "d" } }, /^train: score\.split: missing/],
  ["ablate", { ...ablate, footage: [] }, /^ablate: footage: no footage/],
  ["ablate", { ...ablate, rows: ["meee"] }, /rows\.0: got "meee".*did you mean mee\?/],
  ["ablate", { ...ablate, seeds: [] }, /^ablate: seeds: Too small/],
  ["ablate", { ...ablate, also: [set, set] }, /also: names of further sets must differ/],
  ["ablate", { ...ablate, also: [{ ...set, name: "gain" }] }, /also: names of further sets must differ/],
  ["ablate", { ...ablate, also: [{ ...set, name: "a b" }] }, /also\.0\.name: Invalid string/],
  ["ablate", { ...ablate, jhmdb: { split: "s" } }, /^ablate: jhmdb\.root: missing/],
  ["convert", { input: "a", to: "cocoo", out: "o" }, /^convert: to: got "cocoo".*did you mean coco\?/],
  ["convert", { input: "a", to: "coco", out: "o", size: { width: 0, height: 3 } }, /^convert: size\.width: Too small/],
  ["convert", { input: "a", to: "coco", out: "o", encoding: "none" }, /^convert: encoding: got "none"/],
  ["inspect", { clip: "c", out: "o", frames: [] }, /^inspect: frames: Too small/],
  ["inspect", { clip: "c", out: "o", pixels: [{ x: 1.5, y: 2 }] }, /^inspect: pixels\.0\.x: Invalid input/],
  ["track", { video: "-", labels: [{ path: "a" }], out: "o", labelsWithin: 0 }, /^track: labelsWithin: Too small/],
  ["snapshot", { video: "c", out: "o.png", timeSec: -1 }, /^snapshot: timeSec: Too small/],
  ["inspect", { clip: "c", out: "o", gap: 257 }, /^inspect: gap: Too big/],
  ["evaluate", { data: "d", out: "o" }, /^evaluate: benchmark: missing, expected one of davis, drift, cdnet/],
  ["evaluate", { benchmark: "dvis" }, /benchmark: got "dvis".*did you mean davis\?/],
  ["evaluate", { benchmark: "jhmdb", data: "d", out: "o", candidates: "clusters" }, /unknown key "candidates"/],
  ["score", { metric: "mious" }, /metric: got "mious".*did you mean miou\?/],
  ["score", { metric: "miou", pred: "p", truth: "t", classes: [255] }, /^score: classes\.0: Too big/],
  ["score", { metric: "tapvid", pred: "p", truth: "t", size: { width: 3 } }, /^score: size\.height: missing/],
  ["weights", { file: "w", share: 1.1 }, /^weights: share: Too big/],
  ["weights", { file: "w", dtype: "F8" }, /dtype: got "F8".*did you mean F16\?/],
  ["calibrate", { footage: [], out: "o" }, /^calibrate: footage: no footage/],
  ["calibrate", { footage: ["a"], out: "o", frames: 9 }, /^calibrate: frames: Too small/],
  ["demo", { seed: -1 }, /^demo: seed: Too small/],
  ["federate", { step: "join", url: "u", token: "t", footage: [], out: "o" }, /^federate: footage: no footage/],
  [
    "federate",
    { step: "join", url: "u", token: "t", footage: ["a"], out: "o", steps: 0 },
    /^federate: steps: Too small/,
  ],
  ["federate", { step: "joins" }, /step: got "joins".*did you mean join\?/],
];

it.each(wrong)("%s refuses %j", (name, given, says) => {
  expect(() => tasks[name].parse(given)).toThrow(says);
});

it("a training task holds the whole configuration", () => {
  const { config } = tasks.train.parse({ footage: ["a"], out: "o", config: { steps: 3, crop: { kind: "squash" } } });
  expect(config).toMatchObject({ steps: 3, variant: "small", crop: { kind: "squash", flip: true } });
});

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Keys without a meaning, by their path. */
function undocumented(schema: JsonSchema, path = ""): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description === undefined ? [`${path}${key}`] : []),
    ...undocumented(value, `${path}${key}.`),
  ]);
  const inner = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [...own, ...inner.flatMap((one) => (one === undefined ? [] : undocumented(one, path)))];
}

it.each(Object.entries(tasks))("every key of %s says what it means", (_, task) => {
  // The keys of the training configuration are documented where they are.
  expect(undocumented(taskJsonSchema(task)).filter((key) => !key.startsWith("config."))).toEqual([]);
});

const labelsOf = (...labels: readonly unknown[]) =>
  tasks.track.parse({ video: "clip.mp4", labels, out: "result" }).labels;

describe("labels of a track task", () => {
  it("are files: by name, with a frame as on the command line, or both apart", () => {
    expect(
      labelsOf("first.png", "a@b/fixed.png@120", "a@b.png", { path: "c.png@3" }, { path: "d.csv", frame: 4 }),
    ).toEqual([
      { path: "first.png" },
      { path: "a@b/fixed.png", frame: 120 },
      { path: "a@b.png" },
      { path: "c.png@3" },
      { path: "d.csv", frame: 4 },
    ]);
  });

  it("anything else is named with what was expected", () => {
    expect(() => labelsOf(3)).toThrow("labels.0: expected a file of labels, as FILE, FILE@FRAME or an object");
    expect(() => labelsOf({ path: "a.png", frmae: 3 })).toThrow('labels.0: unknown key "frmae", did you mean frame?');
    expect(() => labelsOf({ frame: 3 })).toThrow("labels.0: expected a file of labels");
  });
});
