/**
 * @file A real clip's masks through other tools' formats and back, and how fast masks are converted: `npm run bench -- --only
 * encoderForward` builds it, then `node dist/benchmarks/bench/formatTrips.js FOLDER [--copies 20]`. FOLDER has the masks of a
 * clip, such as DAVIS' `Annotations/480p/bmx-trees`; for the speed they are repeated.
 */
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import Table from "cli-table3";
import { Command } from "commander";
import type { z } from "zod";
import { convertTask } from "../src/tasks/convert.ts";
import { readMaskPng } from "../src/video/masks/maskPng.ts";

const command = new Command("formatTrips")
  .argument("<folder>", "masks of a clip")
  .option("--copies <n>", "how often the masks are repeated for the speed", "20")
  .parse();
const [folder] = command.args;
const copies = Number(command.opts<{ copies: string }>().copies);

type Format = z.input<typeof convertTask.schema>["to"];

/** Formats that hold masks, each with what its files are called. */
const FORMATS: readonly (readonly [to: Format, out: string])[] = [
  ["coco", "coco.json"],
  ["youtube-vis", "vis.json"],
  ["youtube-vos", "vos"],
  ["cvat-video", "video.xml"],
  ["cvat-images", "images.xml"],
  ["yolo-seg", "yolo"],
  ["label-studio-images", "studio.json"],
  ["labelme", "labelme"],
  ["mots-txt", "mots.txt"],
  ["mots-png", "mots"],
  ["viame", "viame.csv"],
  ["dive-json", "dive.json"],
  ["mask-folder", "masks.zip"],
];

const names = (await readdir(folder)).filter((name) => name.endsWith(".png")).sort();
const { width, height } = await readMaskPng(join(folder, names[0]));
const size = { width, height };
const work = await mkdtemp(join(tmpdir(), "format-trips-"));
try {
  process.stdout.write(`${await trips()}\n${await speeds()}\n`);
} finally {
  await rm(work, { recursive: true });
}

async function trips(): Promise<string> {
  const table = new Table({ head: ["format", "bytes", "s there", "s back", "pixels that differ", "said"] });
  for (const [to, out] of FORMATS) {
    const [path, back] = [join(work, out), join(work, `back-${to}`)];
    const there = await timed(() => convertTask.run({ input: folder, to, out: path, size }));
    const again = await timed(() => convertTask.run({ input: path, from: to, to: "mask-folder", out: back, size }));
    const said = [...there.result.lost, ...again.result.lost].join("; ");
    table.push([
      to,
      await bytesOf(path),
      there.seconds.toFixed(1),
      again.seconds.toFixed(1),
      await difference(back),
      said,
    ]);
  }
  return table.toString();
}

async function timed<Result>(run: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const begin = performance.now();
  const result = await run();
  return { result, seconds: (performance.now() - begin) / 1000 };
}

async function bytesOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  const below = await readdir(path, { recursive: true });
  const sizes = await Promise.all(below.map(async (name) => stat(join(path, name))));
  return sizes.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0);
}

/** Pixels that are of no object in one and of some in the other: formats may number objects anew. */
async function difference(back: string): Promise<number> {
  const found = new Set(await readdir(back));
  let count = 0;
  for (const [i, name] of names.entries()) {
    const given = await readMaskPng(join(folder, name));
    const other = [name, `${String(i).padStart(5, "0")}.png`].find((one) => found.has(one));
    const read = other === undefined ? undefined : await readMaskPng(join(back, other));
    count += given.data.reduce((sum, id, at) => sum + (id > 0 === (read?.data[at] ?? 0) > 0 ? 0 : 1), 0);
  }
  return count;
}

/** Masks a second, the processor time of one, and the memory after it, from folder to ZIP, back, and to and from COCO. */
async function speeds(): Promise<string> {
  const many = join(work, "many");
  await mkdir(many);
  const count = names.length * copies;
  for (let i = 0; i < count; i++)
    await copyFile(join(folder, names[i % names.length]), join(many, `${String(i).padStart(6, "0")}.png`));
  const table = new Table({ head: ["conversion", "masks", "masks/s", "CPU ms a mask", "peak MB"] });
  const steps: readonly (readonly [string, string, Format, string])[] = [
    ["folder to ZIP", "many", "mask-folder", "many.zip"],
    ["ZIP to folder", "many.zip", "mask-folder", "unpacked"],
    ["folder to folder", "many", "mask-folder", "copied"],
    ["folder to COCO", "many", "coco", "many.json"],
  ];
  for (const [name, input, to, out] of steps) {
    const before = process.cpuUsage();
    const { seconds } = await timed(() => convertTask.run({ input: join(work, input), to, out: join(work, out) }));
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1000 / count;
    const peak = process.resourceUsage().maxRSS / 1024;
    table.push([name, count, (count / seconds).toFixed(0), cpu.toFixed(1), peak.toFixed(0)]);
  }
  return table.toString();
}
