import { join } from "node:path";
import { expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { BatchSampler } from "../../src/training/batches.ts";
import { cacheClips, type ClipSegment } from "../../src/training/clipCache.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

const SIZE = 32;

async function segments(frames: number): Promise<ClipSegment[]> {
  const root = await temporaryFolder();
  const clip = await makeImageFolder(root, "clip", frames);
  return cacheClips([clip], { folder: join(root, "cache"), side: 64, maxFrames: 400, logger: silent });
}

test("hides one of a and b, scales the rest, and depends on nothing but seed and step", async () => {
  const config = trainingConfig({ steps: 1, size: SIZE, pairs: 2, variant: "nano" });
  const clips = await segments(12);
  const batch = await new BatchSampler(clips, config).batch(5);
  expect(batch.frames).toHaveLength(4 * 3 * SIZE * SIZE);
  for (let slot = 0; slot < 4; slot++) {
    const channel = (c: number) =>
      batch.frames.subarray((slot * 3 + c) * SIZE * SIZE, (slot * 3 + c + 1) * SIZE * SIZE);
    expect(channel(batch.hiddenChannel).every((x) => x === 0)).toBe(true);
    expect(channel(3 - batch.hiddenChannel).some((x) => x !== 0)).toBe(true);
  }
  expect(batch.hidden.some((x) => x !== 0)).toBe(true);
  const again = await new BatchSampler(clips, config).batch(5);
  expect(again).toEqual(batch);
  const other = await new BatchSampler(clips, { ...config, seed: 2 }).batch(5);
  expect(other.frames).not.toEqual(batch.frames);
});

/** A row of a 48-pixel picture. */
const row = (x: Float32Array, y: number) => x.subarray(y * 48, (y + 1) * 48);

test("without cropping, a target and its reference differ by the motion only", async () => {
  const config = trainingConfig({
    steps: 1,
    size: 48,
    pairs: 1,
    gaps: [2],
    gapWeights: [1],
    crop: { kind: "squash", flip: false },
  });
  const { frames } = await new BatchSampler(await segments(3), config).batch(1);
  const [target, reference] = [frames.subarray(0, 48 * 48), frames.subarray(3 * 48 * 48, 4 * 48 * 48)];
  const change = (y: number) =>
    row(target, y).reduce((sum, value, x) => sum + Math.abs(value - row(reference, y)[x]), 0);
  expect(change(24)).toBeGreaterThan(10 * change(2));
});

test("pairs by optical flow: cells are found where the square went, and nothing is hidden without reconstruction", async () => {
  const config = trainingConfig({
    steps: 1,
    size: 48,
    pairs: 2,
    variant: "nano",
    crop: { kind: "squash", flip: false },
    reconstruction: { enabled: false },
    pseudoMotion: {
      enabled: true,
      pairs: 2,
      gaps: [2],
      queries: 36,
      maxScale: 1,
      maxRotation: 0,
      maxShift: 0,
      colourJitter: 0,
    },
  });
  await using sampler = new BatchSampler(await segments(3), config);
  const { frames, parts } = await sampler.batch(1);
  for (const channel of [0, 1, 2])
    expect(frames.subarray(channel * 48 * 48, (channel + 1) * 48 * 48).some((value) => value !== 0)).toBe(true);
  const { pseudoQueries: queries, pseudoColumns: columns, pseudoValid: valid } = parts;
  const moves = [...valid].flatMap((ok, n) => {
    const place = [...columns.subarray(n * 6, (n + 1) * 6)].reduce((sum, weight, i) => sum + weight * i, 0);
    const inside = queries[n] % 6 === 2 && Math.floor((queries[n] % 36) / 6) === 3;
    return ok === 1 && inside ? [Math.abs(place - 2)] : [];
  });
  expect(moves.length).toBeGreaterThan(0);
  // Two pixels in two frames, cells of eight pixels.
  for (const move of moves) expect(move).toBeCloseTo(0.25, 1);
});

test("clips too short for every gap are a clear error", async () => {
  const config = trainingConfig({ steps: 1, size: SIZE });
  const clips = await segments(2);
  expect(() => new BatchSampler(clips, config)).toThrow(/every clip is too short.*more than 2 frames/);
});
