import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateLines, type LinesScore, linesTable } from "../../../src/evaluation/lines/lineBenchmark.ts";
import { MaskSequence } from "../../../src/evaluation/lines/maskSequence.ts";
import { motScore, motSums } from "../../../src/metrics/mot/score.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const row = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

describe("label maps as a sequence", () => {
  it("overlap by their pixels, whatever the ids are", () => {
    const masks = new MaskSequence();
    masks.add(row(0, 4, 4, 4, 7, 7), row(9, 9, 9, 9, 0, 3));
    masks.add(row(7, 7, 0, 0, 0, 0), row(9, 9, 0, 0, 0, 0));
    const { sequence } = masks;
    expect(sequence.truthCount).toBe(2);
    expect(sequence.trackCount).toBe(2);
    const [first, second] = sequence.frames;
    // Ids ascend within a frame: truth 4 and 7, tracks 3 and 9.
    expect(first).toEqual({ truth: [0, 1], tracks: [0, 1], similarity: Float64Array.of(0, 3 / 4, 1 / 2, 0) });
    expect(second).toEqual({ truth: [1], tracks: [1], similarity: Float64Array.of(1) });
    expect(motScore([motSums(sequence)]).count.error).toBe(0);
  });

  it("of the truth itself is perfect, and of nothing is none", () => {
    const [same, none] = [new MaskSequence(), new MaskSequence()];
    for (const truth of [row(1, 1, 2), row(0, 1, 2)]) {
      same.add(truth, truth);
      none.add(truth, row(0, 0, 0));
    }
    expect(motScore([motSums(same.sequence)]).hota.hota).toBeCloseTo(1);
    expect(motScore([motSums(none.sequence)])).toMatchObject({ hota: { hota: 0 }, count: { error: -2 } });
  });
});

describe("rendered lines", () => {
  const setup = { encoder: pooledColours(4), protocol: resolveProtocol("default"), mode: modes.fast, threads: 1 };
  const line = { width: 160, height: 90, parts: 2, stops: 0, touching: 0, gantry: false, speedCmPerSec: 80 };
  let out: string;
  let score: LinesScore;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), "tsumugi-lines-"));
    score = await evaluateLines(setup, { out, identity: { test: 1 }, seeds: 1, line });
  });
  afterAll(() => rm(out, { recursive: true, force: true }));

  it("are tracked from the first part, and scored without the frame that is given", () => {
    const [{ seed, kind, frames, sums }] = score.lines;
    expect({ seed, kind }).toEqual({ seed: 1, kind: "gear" });
    expect(sums.count.things).toBe(2);
    expect(sums.count.frames).toBe(frames - 1);
    expect(score.all.hota.hota).toBeGreaterThan(0.1);
  });

  it("are kept, so that the same again tracks nothing", async () => {
    const encoder = { ...setup.encoder, encode: () => Promise.reject(new Error("tracked again")) };
    const again = await evaluateLines({ ...setup, encoder }, { out, identity: { test: 1 }, seeds: 1, line });
    expect(again.lines).toEqual(JSON.parse(JSON.stringify(score.lines)));
  });

  it("make a table with a row each and one of all", () => {
    const rows = linesTable(score).split("\n");
    expect(rows.filter((text) => text.includes("gear"))).toHaveLength(1);
    expect(rows.at(-2)).toContain("all");
  });
});
