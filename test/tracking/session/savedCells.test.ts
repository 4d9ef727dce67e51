/** @file State files: what was written is read, what is damaged or of another version is not. */
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
      recent: [{ areas: [2], centres: [{ x: 0.5, y: 1 }], likenesses: [0.75] }],
    },
    compared: 7,
  },
  target: null,
  small: null,
  points: null,
  reached: null,
};

const { points: _points, reached: _reached, small: _small, ...judged } = plain;

const lesson = { matrix: Float32Array.of(1, 2, 3), vector: Float32Array.of(0.5, -0.5) };

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
  small: { ...judged, target: { scores: Int8Array.of(-127, 0, 127), learned: [lesson, lesson] } },
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

  it("is a line of JSON, then the values of its arrays, deflated", async () => {
    const path = join(folder, "form.cells");
    await writeCells(path, plain);
    const { header, body } = await partsOf(path);
    const { format, saved } = JSON.parse(header) as { format: number; saved: { cells: unknown; watch: unknown } };
    expect([format, saved.cells, saved.watch]).toEqual([3, { packed: "Float32Array", at: 0, length: 4 }, plain.watch]);
    expect([0, 4, 8, 12].map((at) => body.readFloatLE(at))).toEqual([1, 0, 0.25, 0.75]);
    expect(body).toHaveLength(16);
  });

  it("is not there where there is no file, a torn one, or one of another version", async () => {
    expect(await readCells(join(folder, "none.cells"))).toBeUndefined();
    const path = join(folder, "torn.cells");
    await writeCells(path, full);
    const file = await readFile(path);
    await writeFile(path, file.subarray(0, file.length - 6));
    expect(await readCells(path)).toBeUndefined();
    await writeFile(path, file.subarray(0, 20));
    expect(await readCells(path)).toBeUndefined();
    const [header, rest] = [file.toString("utf8", 0, file.indexOf("\n")), file.subarray(file.indexOf("\n"))];
    for (const format of ['"values":4', '"format":1'])
      for (const line of [header, header.replace('"format":2', format)]) {
        await writeFile(path, Buffer.concat([Buffer.from(line), rest]));
        expect(await readCells(path)).toEqual(line === header ? full : undefined);
      }
  });
});
