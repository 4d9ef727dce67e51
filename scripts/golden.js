/**
 * @file Golden runs: hashes of what the built command writes, so that a refactoring can show that no bit changed.
 *
 *   node scripts/golden.js record FILE [--cli dist/cli/main.js] [--only masks,points,session,evaluate,inspect,train]
 *   node scripts/golden.js compare BEFORE AFTER
 *
 * Runs on `../shared/data`; hashes hold for one machine and one version of the dependencies, so record both sides on
 * the same machine.
 */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";

const DATA = resolve("../shared/data");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cli: { type: "string", default: "dist/cli/main.js" }, only: { type: "string" } },
});
const run = promisify(execFile);
const work = mkdtempSync(join(tmpdir(), "golden-"));
const out = (name) => join(work, name.replaceAll(/[^\w.-]/gu, "_"));
const tsumugi = (...args) => run(process.execPath, [values.cli, ...args], { maxBuffer: 1 << 26 });

const CLIPS = {
  dog: { data: "DAVIS", res: "480p", annotations: "Annotations", sequence: "dog", frames: 10 },
  bmx: { data: "DAVIS", res: "480p", annotations: "Annotations_2017", sequence: "bmx-trees", frames: 8 },
  highway: { data: "CDnet", res: "240p", annotations: "Annotations", sequence: "highway_0847", frames: 24 },
};

const framesOf = ({ data, res, sequence }) => join(DATA, "segmentation", data, "JPEGImages", res, sequence);
const maskOf = ({ data, res, annotations, sequence }, frame = 0) =>
  join(DATA, "segmentation", data, annotations, res, sequence, `${String(frame).padStart(5, "0")}.png`);

/** Hashes of the files under `folder` whose name `wanted` accepts. */
function hashes(folder, wanted) {
  const files = readdirSync(folder, { recursive: true }).map(String).sort();
  return Object.fromEntries(
    files
      .filter((name) => wanted(name) && statSync(join(folder, name)).isFile())
      .map((name) => [relative(".", name), sha256(readFileSync(join(folder, name)))]),
  );
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const isResult = (name) => /^masks\/|\.csv$|tracks\.jsonl$/u.test(name);

/** Points of a sequence's first frame as a CSV file. */
function pointsCsv(sequence) {
  const { joint_names: names, frames } = JSON.parse(readFileSync(join(DATA, "keypoints/JHMDB", `${sequence}.json`)));
  const first = frames[0].joints ?? frames[0].points ?? frames[0];
  const rows = names.map((name, i) => `0,${name},${first[i][0]},${first[i][1]}`);
  const path = out(`${sequence}.csv`);
  writeFileSync(path, `frame,name,x,y\n${rows.join("\n")}\n`);
  return path;
}

const quiet = ["--no-overlay", "--no-pictures", "--threads", "2"];

async function masks(cases) {
  for (const [name, clip] of Object.entries(CLIPS))
    for (const mode of ["exact", "fast", "live"]) {
      const folder = out(`${name}-${mode}`);
      const range = ["--range", `0:${clip.frames}`];
      await tsumugi(
        "track",
        framesOf(clip),
        "--labels",
        maskOf(clip),
        "--out",
        folder,
        "--mode",
        mode,
        ...range,
        ...quiet,
      );
      cases[`masks ${name} ${mode}`] = hashes(folder, isResult);
    }
}

async function points(cases) {
  const sequence = "jhmdb-golf-01";
  const frames = join(DATA, "segmentation/JHMDB/JPEGImages/240p", sequence);
  for (const [name, flags] of [
    ["usual", ["--range", "0:16"]],
    ["fast", ["--mode", "fast", "--range", "0:16"]],
    ["direct", ["--method", "direct"]],
  ]) {
    const folder = out(`points-${name}`);
    await tsumugi("track", frames, "--labels", pointsCsv(sequence), "--out", folder, ...flags, ...quiet);
    cases[`points ${name}`] = hashes(folder, isResult);
  }
}

/** Killed in the middle, resumed, corrected from both sides. */
async function session(cases) {
  const clip = CLIPS.highway;
  const folder = out("session");
  const args = ["track", framesOf(clip), "--labels", maskOf(clip), "--out", folder, "--range", "0:30", ...quiet];
  await killedAt(args, join(folder, "masks/00012.png"));
  await tsumugi(...args);
  cases["session resumed"] = hashes(folder, isResult);
  const fixed = ["--labels", `${maskOf(clip, 20)}@20`, "--direction", "both"];
  await killedAt([...args, ...fixed], undefined, 4000);
  await tsumugi(...args, ...fixed);
  cases["session corrected"] = hashes(folder, isResult);
}

/** Starts a run and kills it as soon as `file` is there, or after `limit` milliseconds. */
function killedAt(args, file, limit = 60_000) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [values.cli, ...args], { stdio: "ignore" });
    const watch = setInterval(() => file !== undefined && existsSync(file) && child.kill("SIGKILL"), 10);
    const timer = setTimeout(() => child.kill("SIGKILL"), limit);
    child.on("close", () => {
      clearInterval(watch);
      clearTimeout(timer);
      done();
    });
  });
}

async function evaluate(cases) {
  const split = out("split.txt");
  writeFileSync(split, "jhmdb-golf-01\njhmdb-run-01\n");
  await tsumugi(
    "evaluate",
    "jhmdb",
    "--data",
    DATA,
    "--split",
    split,
    "--out",
    out("jhmdb"),
    "--json",
    out("jhmdb.json"),
  );
  cases["evaluate jhmdb"] = { ...hashes(out("jhmdb"), isResult), scores: sha256(readFileSync(out("jhmdb.json"))) };
  writeFileSync(split, "highway_0847\n");
  const cdnet = join(DATA, "segmentation/CDnet");
  const flags = ["--data", cdnet, "--res", "240p", "--split", split, "--mode", "exact"];
  await tsumugi("evaluate", "davis", ...flags, "--out", out("cdnet"), "--json", out("cdnet.json"));
  const isMask = (name) => /\d{5}\.png$/u.test(name);
  // Settings hold paths of this run.
  const { settings: _, ...scores } = JSON.parse(readFileSync(out("cdnet.json"), "utf8"));
  cases["evaluate davis"] = { ...hashes(out("cdnet"), isMask), scores: sha256(JSON.stringify(scores)) };
}

async function inspect(cases) {
  const folder = out("inspect");
  await tsumugi("inspect", framesOf(CLIPS.highway), "--out", folder, "--frames", "2");
  cases.inspect = hashes(folder, (name) => name.endsWith(".png"));
}

/** 20 steps of every row of the ablation: losses, and weights without their header (it holds times). */
async function train(cases) {
  const { ablationRows } = await import(await rowsModule());
  const footage = ["golf-001", "golf-002", "catch-001", "catch-002"].map((clip) =>
    join(DATA, "train/jhmdb", `${clip}.mp4`),
  );
  const base = { init: "none", variant: "nano", size: 128, pairs: 4, checkpointMinutes: 60, sampleMinutes: 60 };
  for (const { name, parts } of ablationRows.filter((row) => row.parts !== undefined)) {
    const config = out(`${name}.json`);
    const pseudo =
      parts.pseudoMotion === undefined
        ? {}
        : { pseudoMotion: { ...parts.pseudoMotion, pairs: parts.reconstruction?.enabled === false ? 4 : 2 } };
    writeFileSync(config, JSON.stringify({ ...base, ...parts, ...pseudo }));
    const folder = out(`train-${name}`);
    const length = ["--steps", "20", "--threads", "2", "--cache", out("cache")];
    await tsumugi("train", ...footage, "--out", folder, "--config", config, ...length);
    const metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n");
    const losses = metrics.map((line) => JSON.stringify({ ...JSON.parse(line), minutes: 0, pairsPerSec: 0 }));
    const weights = readFileSync(join(folder, "weights.safetensors"));
    const header = Number(weights.readBigUInt64LE(0));
    cases[`train ${name}`] = { losses: sha256(losses.join("\n")), weights: sha256(weights.subarray(8 + header)) };
  }
}

/** The path of the built rows: beside the command, in some folder of `evaluation`. */
async function rowsModule() {
  const built = resolve(values.cli, "../../evaluation");
  const name = readdirSync(built, { recursive: true })
    .map(String)
    .find((file) => /(^|\/)(ablationRows|rows)\.js$/u.test(file));
  return join(built, name);
}

const groups = { masks, points, session, evaluate, inspect, train };

async function record(file) {
  const cases = {};
  for (const name of values.only?.split(",") ?? Object.keys(groups)) {
    const begin = performance.now();
    await groups[name](cases);
    process.stderr.write(`${name}: ${Math.round((performance.now() - begin) / 1000)} s\n`);
  }
  writeFileSync(file, `${JSON.stringify(cases, undefined, 1)}\n`);
  rmSync(work, { recursive: true });
}

/** Prints which files of which cases differ, and the cases that only one side has. */
function compare(before, after) {
  const [a, b] = [before, after].map((path) => JSON.parse(readFileSync(path, "utf8")));
  let different = 0;
  for (const name of Object.keys(b)) {
    const files = Object.keys({ ...a[name], ...b[name] }).filter((path) => a[name]?.[path] !== b[name][path]);
    if (files.length > 0) process.stdout.write(`${name}: ${files.length} differ: ${files.slice(0, 4).join(", ")}\n`);
    different += files.length;
  }
  const missing = Object.keys(a).filter((name) => b[name] === undefined);
  if (missing.length > 0) process.stdout.write(`not run: ${missing.join(", ")}\n`);
  process.stdout.write(different === 0 ? `equal: ${Object.keys(b).length} cases\n` : `${different} files differ\n`);
  if (different > 0) process.exitCode = 1;
}

const [action, first, second] = positionals;
if (action === "record" && first !== undefined) await record(first);
else if (action === "compare" && second !== undefined) compare(first, second);
else {
  process.stderr.write("usage: node scripts/golden.js record FILE | compare BEFORE AFTER\n");
  process.exitCode = 2;
}
