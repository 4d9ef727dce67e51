/** A folder of results for tests, as `tsumugi track` leaves it: two masks that meet, a cut, one that leaves. */
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Totals } from "../../src/results/objectTotals.ts";
import { Recorder } from "../../src/results/recorder.ts";
import { TrackFiles } from "../../src/results/trackFiles.ts";
import { measureObjects } from "../../src/tracking/objects.ts";
import { SessionFolder } from "../../src/tracking/session/folder.ts";
import { fingerprintOf } from "../../src/video/fingerprint.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import type { LabelMap } from "../../src/video/labelMap.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodePng } from "../../src/video/writing/png.ts";

const SIZE = { width: 160, height: 90 };
const COUNT = 40;
/** Frame in which the second object is lost beside the first. */
export const LOST = 20;
/** Names with signs that a shell and HTML would take for theirs. */
export const NAMES = ["it's <a>", "bolt 2"];

/** How the folder differs from a finished session. */
export interface FolderOptions {
  /** Keys of `summary.json`. */
  readonly summary?: object;
  /** Keys of `task.json` beside the usual ones; null: no such file. */
  readonly task?: object | null;
}

/** Writes `clip/` and `result/` into a folder. @returns their paths. */
export async function makeResults(root: string, { summary = {}, task = {} }: FolderOptions = {}) {
  const [clip, result] = [join(root, "my clip"), join(root, "result")];
  await mkdir(clip);
  for (let i = 0; i < COUNT; i++)
    await writeFile(join(clip, `${String(i).padStart(5, "0")}.png`), await encodePng(shot(i)));
  const session = new SessionFolder(result);
  await using source = await openFrameSource(clip);
  const names = Object.fromEntries(NAMES.map((name, i) => [name, i + 1]));
  const about = { format: 1, video: clip, ...SIZE, frameCount: COUNT, settings: {}, names } as const;
  await session.writeSession({ ...about, fingerprint: await fingerprintOf(source) });
  const empty = { ends: [], points: [], endedPoints: [] };
  await session.writeKey({ frame: 0, objects: [1, 2], mask: masksOf(0), ...empty });
  const totals = await writeTables(result, source.timesSec);
  const whole = { video: clip, ...SIZE, frameCount: COUNT, complete: true, cuts: [], settings: { device: "cpu" } };
  await writeFile(join(result, "summary.json"), JSON.stringify({ ...whole, objects: totals.list(null), ...summary }));
  if (task !== null)
    await writeFile(join(result, "task.json"), JSON.stringify({ task: "track", video: clip, ...task }));
  return { clip, result };
}

async function writeTables(result: string, timesSec: ArrayLike<number>): Promise<Totals> {
  const totals = new Totals();
  const files = new TrackFiles(result, { labels: ["boxes"], mmPerPx: null });
  const names = new Map(NAMES.map((name, i) => [i + 1, name]));
  const recorder = new Recorder({ names, size: SIZE, isGiven: (frame) => frame === 0 });
  for (let index = 0; index < COUNT; index++) {
    const mask = masksOf(index);
    const name = String(index).padStart(5, "0");
    await writeMaskPng(join(result, "masks", `${name}.png`), mask);
    await appendFile(join(result, "frames.jsonl"), `${JSON.stringify({ frame: index, name })}\n`);
    const confidence = index === 0 ? 1 : 0.8;
    const objects = measureObjects(mask, [0, 1, 2], () => ({ confidence, visible: true, signals: undefined }));
    const records = recorder.objects({ index, timeSec: timesSec[index] }, objects);
    await files.append(records);
    totals.add(records);
  }
  await files.finish();
  return totals;
}

/** Object 2 comes nearer to object 1, a pixel a frame, and is then a part of it. */
function masksOf(frame: number): LabelMap {
  const data = new Uint8Array(SIZE.width * SIZE.height);
  const fill = (label: number, left: number): void => {
    for (let y = 30; y < 60; y++) data.fill(label, y * SIZE.width + left, y * SIZE.width + left + 30);
  };
  fill(1, 40);
  fill(frame < LOST ? 2 : 1, Math.max(70, 86 - frame));
  return { ...SIZE, data };
}

function shot(frame: number) {
  const { data } = masksOf(frame);
  const colours = [
    [90, 120, 90],
    [200, 60, 60],
    [60, 60, 200],
  ];
  return { ...SIZE, data: Uint8Array.from([...data].flatMap((label) => colours[label])) };
}
