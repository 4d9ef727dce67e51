import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { observeAbsences } from "../../../src/evaluation/absence/absenceBenchmark.ts";
import { absenceScore, absenceTable } from "../../../src/evaluation/absence/absenceScore.ts";
import { type AbsentClip, absentClips } from "../../../src/evaluation/absence/absentClips.ts";
import type { ObjectObservation } from "../../../src/evaluation/confidence/objectObservations.ts";
import { CLIP_FRAMES } from "../../../src/synthetic/absentClip.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

/** One object's frames: its true area (of 100), and what was said. */
type Said = readonly [trueArea: number, visible: boolean, iou: number, confidence?: number];

function track(said: readonly Said[], sequence = "a"): ObjectObservation[] {
  return said.map(([trueArea, visible, iou, confidence = 0.6], i) => ({
    sequence,
    frame: i + 1,
    id: 1,
    cut: false,
    signals: null,
    confidence,
    visible,
    iou,
    area: visible ? 100 : 0,
    trueArea,
  }));
}

const times = (count: number, said: Said): Said[] => Array.from({ length: count }, () => said);
const there: Said = [100, true, 0.9];
const away: Said = [0, false, 1];

describe("the score of absences", () => {
  it("counts what is seen though it is away, and what is hidden though it is there", () => {
    const score = absenceScore(track([...times(6, there), [100, false, 0], [100, true, 0.3], away, [0, true, 0]]));
    expect(score).toMatchObject({ absent: 2, falseVisible: 0.5, present: 8, hidden: 1 / 8, returns: 0 });
    expect(score.iou).toBeCloseTo((6 * 0.9 + 0.3) / 8, 12);
  });

  it("a return counts when half of it is back, and is found within ten frames or not", () => {
    const partly: Said = [40, false, 0];
    const late = (frames: number): Said[] => [
      ...times(4, there),
      ...times(5, away),
      partly,
      ...times(frames, [80, false, 0]),
      ...times(16 - frames, there),
    ];
    expect(absenceScore(track(late(10)))).toMatchObject({ returns: 1, foundAgain: 1 });
    expect(absenceScore(track(late(11)))).toMatchObject({ returns: 1, foundAgain: 0 });
    // Shortly covered is no absence, and a return too near the end is not counted.
    expect(absenceScore(track([...times(4, there), ...times(2, away), ...times(15, there)]))).toMatchObject({
      returns: 0,
    });
    expect(absenceScore(track([...times(4, there), ...times(5, away), ...times(10, there)]))).toMatchObject({
      returns: 0,
    });
  });

  it("frames in which it may still be looked for do not count as hidden", () => {
    const said = [...times(4, there), ...times(5, away), ...times(20, [100, false, 0] as Said), ...times(5, there)];
    expect(absenceScore(track(said))).toMatchObject({ present: 9, hidden: 0 });
  });

  it("counts masks that lie elsewhere with high confidence", () => {
    const score = absenceScore(track([there, [100, true, 0.05, 0.95], [100, true, 0.05, 0.85], [0, true, 0, 0.99]]));
    expect(score.surelyWrong).toBe(0.5);
  });

  it("tells objects and clips apart, and leaves empty what cannot be said", () => {
    const both = [...track(times(4, there)), ...track(times(4, away), "b")];
    const score = absenceScore(both);
    expect(score).toMatchObject({ absent: 4, falseVisible: 0, present: 4, hidden: 0, foundAgain: Number.NaN });
    const table = absenceTable({ cut: score });
    expect(table).toContain("0.900");
    expect(table).not.toContain("NaN");
  });
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "absence-"));
  for (const [index, name] of ["a", "b", "c"].entries()) await writeSequence(name, index);
});
afterAll(() => rm(root, { recursive: true }));

/** A block of two colours that moves, 30 frames of 64 × 48; the scene's colour depends on the index. */
async function writeSequence(name: string, index: number): Promise<void> {
  const [width, height] = [64, 48];
  const [pictures, masks] = ["JPEGImages", "Annotations"].map((folder) => join(root, folder, "480p", name));
  await mkdir(pictures, { recursive: true });
  for (let t = 0; t < 30; t++) {
    const data = new Uint8Array(3 * width * height);
    const mask = new Uint8Array(width * height);
    for (let p = 0; p < mask.length; p++) {
      const [x, y] = [p % width, Math.floor(p / width)];
      const isThing = x >= 10 + t / 2 && x < 26 + t / 2 && y >= 16 && y < 32;
      const scene = [40 + ((x * 7) % 40), 30 + ((y * 5) % 30), 40];
      const shade = scene.map((value, c) => (c === index ? value + 100 : value));
      data.set(isThing ? [230, y < 24 ? 40 : 200, 40] : shade, 3 * p);
      mask[p] = isThing ? 255 : 0;
    }
    const file = String(t).padStart(5, "0");
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(pictures, `${file}.png`));
    await writeMaskPng(join(masks, `${file}.png`), { width, height, data: mask });
  }
}

const clips = (): AbsentClip[] => absentClips({ root, sequences: ["a", "b", "c"] });

describe("clips of absences of annotated sequences", () => {
  it("are of every kind with every sequence, and the rendered one", () => {
    const names = clips().map(({ name }) => name);
    expect(names).toHaveLength(3 * 6 + 1);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("look-alike/c");
  });

  it("a real cut is the sequence, another one, and the sequence again", async () => {
    const cut = await clips()[0].make();
    const area = cut.map(({ labels }) => labels.data.filter((label) => label === 1).length);
    expect(area.findIndex((pixels) => pixels === 0)).toBe(20);
    expect(area.lastIndexOf(0)).toBe(35);
    expect(area.length).toBe(46);
    expect(cut.map(({ frame }) => frame.index)).toEqual(area.map((_, i) => i));
    expect(cut.every(({ frame }) => frame.height === 240 && frame.width === 320)).toBe(true);
  });

  it("are tracked and drawn, and kept for the next run", async () => {
    const chosen = clips().filter(({ name }) => name === "cut/a");
    const setup = { encoder: pooledColours(8), protocol: resolveProtocol("default"), mode: modes.exact, threads: 1 };
    const options = { out: join(root, "out"), identity: { run: 1 } };
    const observed = await observeAbsences(chosen, setup, options);
    expect(observed).toHaveLength(CLIP_FRAMES - 1);
    expect(observed[0]).toMatchObject({ sequence: "cut/a", frame: 1, id: 1, visible: true });
    expect((await stat(join(options.out, "cut/a.png"))).size).toBeGreaterThan(1000);
    const kept = join(options.out, "cut/a.json");
    expect(JSON.parse(await readFile(kept, "utf8"))).toEqual(observed);
    await writeFile(kept, "[]");
    expect(await observeAbsences(chosen, setup, options)).toEqual([]);
  });
});
