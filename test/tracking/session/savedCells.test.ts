/** @file State files: what was written by earlier versions is read, what is damaged is not. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CarrierState } from "../../../src/tracking/carry.ts";
import { readCells, writeCells } from "../../../src/tracking/session/savedCells.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "tsumugi-cells-"))));
afterAll(() => rm(folder, { recursive: true }));

const plain: CarrierState = {
  cells: Float32Array.of(1, 0, 0.25, 0.75),
  position: null,
  clusters: null,
  watch: {
    cut: false,
    verdicts: [{ confidence: 0.5, visible: true }],
    judge: {
      recovery: [0],
      cutOff: [false],
      sighted: [false],
      away: [0],
      fading: [0],
      recent: [{ areas: [2], centres: [{ x: 0.5, y: 1 }] }],
    },
    compared: 7,
  },
  points: null,
  reached: null,
};

const full: CarrierState = {
  ...plain,
  position: {
    turn: 1,
    time: 12,
    tables: [
      { slot: 0, offsets: Uint32Array.of(1, 2, 3) },
      { slot: 4, offsets: Uint32Array.of(4, 5, 0xffffffff) },
    ],
  },
  clusters: { centres: Float32Array.of(0.5, 1.5), regions: Uint8Array.of(1, 2, 3) },
  points: { places: [{ x: 1.25, y: 2 }], votes: [0.75], confidence: [0.5] },
  reached: { stem: [1, 2.5] },
};

/** The header's text and the numbers behind it. */
async function partsOf(path: string): Promise<{ header: string; body: Buffer }> {
  const file = await readFile(path);
  const end = file.indexOf("\n");
  return { header: file.toString("utf8", 0, end), body: inflateRawSync(file.subarray(end + 1)) };
}

describe("the state after a frame", () => {
  it.each([
    ["exact, masks alone", plain],
    ["pruned, clusters, points, ranges", full],
    ["a pruned search that has found nothing yet", { ...plain, position: { turn: 0, time: 0, tables: [] } }],
  ] as const)("%s: is read as it was written", async (name, state) => {
    const path = join(folder, `${name}.cells`);
    await writeCells(path, state);
    expect(await readCells(path)).toEqual(state);
  });

  it("has the form on disk that sessions of earlier versions have", async () => {
    const path = join(folder, "form.cells");
    await writeCells(path, full);
    const { header, body } = await partsOf(path);
    expect(header).toBe(
      '{"values":4,"clusters":{"centres":2,"regions":3},"search":{"turn":1,"time":12,"slots":[0,4]},' +
        '"points":{"places":[{"x":1.25,"y":2}],"votes":[0.75],"confidence":[0.5]},' +
        '"watch":{"cut":false,"verdicts":[{"confidence":0.5,"visible":true}],' +
        '"judge":{"recovery":[0],"cutOff":[false],"sighted":[false],"away":[0],"fading":[0],"recent":[{"areas":[2],"centres":[{"x":0.5,"y":1}]}]},"compared":7},' +
        '"reached":{"stem":[1,2.5]}}',
    );
    expect(body).toHaveLength(4 * (4 + 6 + 2) + 3);
    expect(body.readFloatLE(8)).toBe(0.25);
    expect(body.readUInt32LE(16 + 5 * 4)).toBe(0xffffffff);
    expect(body.readFloatLE(16 + 24 + 4)).toBe(1.5);
    expect([...body.subarray(-3)]).toEqual([1, 2, 3]);
  });

  it("is not there where there is no file, a torn one, or one from before objects came back", async () => {
    expect(await readCells(join(folder, "none.cells"))).toBeUndefined();
    const path = join(folder, "torn.cells");
    await writeCells(path, full);
    const file = await readFile(path);
    await writeFile(path, file.subarray(0, file.length - 6));
    expect(await readCells(path)).toBeUndefined();
    await writeFile(path, file.subarray(0, 20));
    expect(await readCells(path)).toBeUndefined();
    const header = JSON.stringify({ values: 0, watch: { judge: {} } });
    await writeFile(path, Buffer.concat([Buffer.from(`${header}\n`), file.subarray(file.indexOf("\n") + 1)]));
    expect(await readCells(path)).toBeUndefined();
  });
});
