/** @file The ablation: tables by hand, and a whole small one, stopped and resumed. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { type AblationOptions, type AblationResult, runAblation } from "../../../src/evaluation/ablation/ablation.ts";
import {
  ablationChart,
  ablationTable,
  attributeTable,
  gainChart,
  sequenceTable,
  summariseAblation,
} from "../../../src/evaluation/ablation/report.ts";
import { ablationRows } from "../../../src/evaluation/ablation/rows.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { makeImageFolder, temporaryFolder } from "../../training/footage.ts";

const result = (row: string, seed: number, JF: number, stepSeconds = 2): AblationResult => ({
  row,
  seed,
  JF,
  J: JF - 0.1,
  F: JF + 0.1,
  sequences: { cat: JF, dog: JF / 2 },
  stepSeconds,
  learned: {},
  identity: "",
});
const results = [
  result("reconstruction", 1, 0.5),
  result("reconstruction", 2, 0.52),
  result("mee", 1, 0.6, 2.4),
  result("mee", 2, 0.6, 2.4),
  result("ven", 1, 0.58),
  result("ven", 2, 0.64),
];

describe("the report", () => {
  test("means, half ranges, gains, and whether they are more than seed noise", () => {
    const [plain, mee, ven] = summariseAblation(ablationRows, results);
    expect(plain).toMatchObject({ seeds: 2, JF: 0.51 });
    expect(plain.spread).toBeCloseTo(0.01);
    expect(plain.gain).toBeUndefined();
    expect(mee.gain).toBeCloseTo(0.09);
    expect(mee.certain).toBe(true);
    expect(ven.gain).toBeCloseTo(0.01);
    expect(ven.certain).toBe(false);
  });
  test("one seed decides nothing", () => {
    const [, mee] = summariseAblation(
      ablationRows,
      results.filter(({ seed }) => seed === 1),
    );
    expect(mee.gain).toBeCloseTo(0.1);
    expect(mee.certain).toBeUndefined();
  });
  test("tables", () => {
    const table = ablationTable(summariseAblation(ablationRows, results)).split("\n");
    expect(table[2]).toBe("| reconstruction (MAST) | 0.510 ± 0.010 | 0.410 | 0.610 |  | 1.00× |");
    expect(table[3]).toBe("| + motion enhancement | 0.600 ± 0.000 | 0.500 | 0.700 | +0.090 | 1.20× |");
    expect(table[4]).toContain("+0.010 (within seed noise)");
    expect(sequenceTable(ablationRows, results)).toContain("| dog | 0.255 | 0.300 | 0.305 |");
  });
  test("further sets and joints have columns of their own, empty where they were not measured", () => {
    const sets = { alike: { JF: 0.4, J: 0.4, F: 0.4, sequences: { cars: 0.4 } } };
    const more = results.map((one) => (one.row === "mee" ? { ...one, sets, joints: { at10: 0.25, at20: 0.75 } } : one));
    const [header, , plain, mee] = ablationTable(summariseAblation(ablationRows, more)).split("\n");
    expect(header).toBe("| row | J&F | J | F | gain | step time | alike | PCK@0.1 | PCK@0.2 |");
    expect(plain).toMatch(/\| 1\.00× \| {2}\| {2}\| {2}\|$/u);
    expect(mee).toMatch(/\| 1\.20× \| 0\.400 \| 0\.250 \| 0\.750 \|$/u);
    expect(sequenceTable(ablationRows, more)).toContain("| alike/cars |  | 0.400 |  |");
  });
  test("sequences by attribute", () => {
    const table = attributeTable(ablationRows, results, { cat: ["small"], dog: ["small", "fast motion"], cow: [] });
    expect(table.split("\n").slice(2)).toEqual([
      "| fast motion | 1 | 0.255 | 0.300 | 0.305 |",
      "| small | 2 | 0.383 | 0.450 | 0.457 |",
    ]);
  });
  test("a picture of the gains in every column", () => {
    const joints = { at10: 0.25, at20: 0.75 };
    const svg = gainChart(
      summariseAblation(
        ablationRows,
        results.map((one) => ({ ...one, joints })),
      ),
    );
    expect(svg).toContain("PCK@0.2");
    expect(svg).toContain("+0.090");
    expect(svg).toContain("gain over reconstruction (MAST)");
    // Seed noise of every row but the one that gains are measured from; unknown with one seed.
    const noise = /stroke-width="1\.5"/u;
    expect(svg).toMatch(noise);
    const single = results.filter(({ seed }) => seed === results[0].seed);
    expect(gainChart(summariseAblation(ablationRows, single))).not.toMatch(noise);
  });
  test("a picture with a dot for every seed", () => {
    const svg = ablationChart(summariseAblation(ablationRows, results), results);
    expect(svg.match(/<circle/g)).toHaveLength(6);
    expect(svg).toContain("+ value extraction");
    expect(svg).toContain("grey: between the seeds of reconstruction (MAST)");
    expect(svg).toContain("0.510 ± 0.010");
    // The axis begins at 0.
    expect(svg).toContain(">0.0<");
  });
  test("one seed has no spread, in table and picture", () => {
    const single = results.filter(({ seed }) => seed === results[0].seed);
    const summaries = summariseAblation(ablationRows, single);
    expect(ablationTable(summaries)).not.toContain("±");
    expect(ablationTable(summaries)).toContain("(one seed)");
    const svg = ablationChart(summaries, single);
    expect(svg).not.toContain("±");
    expect(svg).toContain("one seed: its noise is not known");
  });
});

describe("a run", () => {
  let root: string;
  let options: AblationOptions;
  beforeAll(async () => {
    root = await temporaryFolder();
    const footage = await makeImageFolder(root, "clip", 8);
    await mkdir(join(root, "JPEGImages/480p"), { recursive: true });
    const frames = await makeImageFolder(join(root, "JPEGImages/480p"), "square", 4);
    for (let t = 0; t < 4; t++) {
      const data = new Uint8Array(48 * 48).map((_, i) =>
        Math.abs((i % 48) - 14 - t) < 9 && Math.abs(Math.floor(i / 48) - 24) < 9 ? 1 : 0,
      );
      await writeMaskPng(join(root, `Annotations/480p/square/0000${t}.png`), { width: 48, height: 48, data });
      await sharp(join(frames, `0000${t}.png`)).toFile(join(frames, `0000${t}.jpg`));
      await rm(join(frames, `0000${t}.png`));
    }
    const joints = Array.from({ length: 4 }, (_, t) => [
      [8 + t, 20],
      [20 + t, 28],
    ]);
    const annotated = joints.map((own, t) => ({ file: `0000${t}.jpg`, joints: own }));
    const annotation = { sequence: "square", width: 48, height: 48, convention: "1-based", frames: annotated };
    await mkdir(join(root, "joints"));
    await writeFile(join(root, "joints/square.json"), JSON.stringify(annotation));
    options = {
      rows: ablationRows.filter(({ name }) => ["untrained", "reconstruction"].includes(name)),
      seeds: [1],
      base: { variant: "nano", steps: 2, size: 32, pairs: 1, radius: 2, gaps: [1], gapWeights: [1] },
      footage: [footage],
      benchmark: { root, sequences: ["square"] },
      protocol: resolveProtocol("default"),
      out: join(root, "out"),
      cache: join(root, "cache"),
      threads: 1,
    };
  });

  test("scores every row, keeps what is done, and refuses runs of other settings", async () => {
    const lines: string[] = [];
    const logger = { info: (line: string) => lines.push(line), warn() {}, progress() {} };
    const done = await runAblation({ ...options, logger });
    expect(done.map(({ row }) => row)).toEqual(["untrained", "reconstruction"]);
    expect(done.every(({ JF }) => JF > 0 && JF <= 1)).toBe(true);
    expect(done[1].stepSeconds).toBeGreaterThan(0);
    const kept = await readFile(join(root, "out/reconstruction-seed1/result.json"), "utf8");
    expect(await runAblation(options)).toEqual(done);
    expect(await readFile(join(root, "out/reconstruction-seed1/result.json"), "utf8")).toBe(kept);
    const other = { ...options, base: { ...options.base, steps: 3 } };
    await expect(runAblation(other)).rejects.toThrow(/holds a run with other settings/);
  });

  test("a further set and joints are scored without training anew", async () => {
    const out = join(root, "columns");
    const rows = options.rows.slice(1);
    const [before] = await runAblation({ ...options, rows, out });
    const folder = join(out, "reconstruction-seed1");
    const metrics = await readFile(join(folder, "metrics.jsonl"), "utf8");
    const more = {
      ...options,
      rows,
      out,
      sets: [{ name: "again", benchmark: options.benchmark }],
      joints: { annotations: join(root, "joints"), frames: join(root, "JPEGImages/480p"), given: "start" as const },
    };
    const [after] = await runAblation(more);
    expect(after).toMatchObject(before);
    expect(await readFile(join(folder, "metrics.jsonl"), "utf8")).toBe(metrics);
    expect(after.sets?.["again"].JF).toBe(before.JF);
    expect(after.joints?.at20).toBeGreaterThanOrEqual(after.joints?.at10 ?? 1);
    // Everything is kept now: nothing needs the weights.
    await rm(join(folder, "weights.safetensors"));
    expect(await runAblation(more)).toEqual([after]);
  });

  test("a part that a row switches on keeps its other keys of the base", async () => {
    const rows = ablationRows.filter(({ name }) => name === "mcs");
    const base = { ...options.base, steps: 1, multiClusterSampler: { clusters: 3 } };
    await runAblation({ ...options, rows, base, out: join(root, "keys") });
    const { config } = JSON.parse(await readFile(join(root, "keys/mcs-seed1/config.json"), "utf8"));
    expect(config.multiClusterSampler).toMatchObject({ enabled: true, clusters: 3 });
    expect(config.motionEnhancement.enabled).toBe(true);
  });

  test("stopped, it says so and can go on", async () => {
    const controller = new AbortController();
    controller.abort(new Interrupted("interrupted"));
    const again = { ...options, out: join(root, "stopped") };
    await expect(runAblation({ ...again, signal: controller.signal })).rejects.toThrow(/interrupted/);
    expect(await runAblation(again)).toHaveLength(2);
  });
});
