/** @file The affinity of one cell against the matcher that tracking runs on. */
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { cellAffinity } from "../../src/inspection/affinity.ts";
import { surroundings } from "../../src/inspection/affinityPicture.ts";
import { Matcher } from "../../src/kernels/matcher.ts";
import type { FeatureMap } from "../../src/method/features.ts";
import { memoryFrames, type Protocol, resolveProtocol } from "../../src/tracking/protocols.ts";

const [channels, height, width] = [5, 9, 11];
const cells = height * width;

function featureMap(seed: number): FeatureMap {
  const random = new Random(seed);
  return { channels, height, width, data: Float32Array.from({ length: channels * cells }, () => random.normal()) };
}

/** Share of each memory frame, by the kernel: frame i's cells all carry label i. */
async function sharesByMatcher(protocol: Protocol, query: FeatureMap, memory: readonly FeatureMap[], time: number) {
  const entries = memoryFrames(protocol, time);
  await using matcher = await Matcher.open({
    height,
    width,
    channels,
    labels: memory.length,
    slots: memory.length + 1,
    normalise: protocol.similarity === "cosine",
    threads: 1,
  });
  for (const [slot, { data }] of [query, ...memory].entries()) {
    await matcher.insert(slot, data);
    if (slot > 0)
      matcher
        .labels(slot)
        .set(Float32Array.from({ length: cells * memory.length }, (_, i) => (i % memory.length === slot - 1 ? 1 : 0)));
  }
  const scale = protocol.similarity === "scaledDot" ? Math.sqrt(channels) : 1;
  await matcher.match(
    0,
    entries.map(({ frame, windowed, copies }) => ({
      slot: frame + 1,
      window: windowed ? protocol.radius : undefined,
      copies,
    })),
    { topK: protocol.topK ?? undefined, temperature: protocol.temperature * scale },
  );
  return matcher.labels(0).slice();
}

describe("shares of the memory frames are those of the matcher", () => {
  const time = 3;
  const query = featureMap(9);
  const memory = [featureMap(1), featureMap(2), featureMap(3)];
  test.each([
    ["default", resolveProtocol("default", { radius: { cells: 3 } })],
    ["crw, padded and unrestricted", resolveProtocol("crw", { radius: { cells: 3 } })],
    ["mast, dot products of all candidates", resolveProtocol("mast", { radius: { cells: 2 } })],
    ["mamp, scaled dot products", resolveProtocol("mamp", { radius: { cells: 2 }, topK: 7 })],
  ])("%s", async (_, protocol) => {
    const expected = await sharesByMatcher(protocol, query, memory, time);
    const entries = memoryFrames(protocol, time).map((entry) => ({ ...entry, features: memory[entry.frame] }));
    for (const cell of [0, 10, 48, cells - 1]) {
      const shares = [0, 0, 0];
      for (const { frame, share } of cellAffinity(query, cell, entries, protocol)) shares[frame] += share;
      for (const frame of [0, 1, 2]) expect(shares[frame]).toBeCloseTo(expected[cell * 3 + frame], 4);
    }
  });
});

test("closeness is 1 at the best candidate and 0 outside the window; the top-k are the closest cells", () => {
  const protocol = resolveProtocol("default", { radius: { cells: 2 }, topK: 4 });
  const query = featureMap(5);
  const entry = { frame: 0, windowed: true, copies: 1, features: query };
  const [{ closeness, chosen, share }] = cellAffinity(query, 4 * width + 5, [entry], protocol);
  expect(closeness[4 * width + 5]).toBe(1);
  // A disc of less than 2 cells has nine cells.
  expect(closeness.filter((value) => value > 0)).toHaveLength(9);
  expect(chosen.map(({ cell }) => cell)[0]).toBe(4 * width + 5);
  expect(chosen).toHaveLength(4);
  const least = Math.min(...chosen.map(({ cell }) => closeness[cell]));
  expect(closeness.filter((value) => value >= least)).toHaveLength(4);
  expect(share).toBeCloseTo(1, 6);
});

test("features without any length give even weights, not NaN", () => {
  const empty: FeatureMap = { channels, height, width, data: new Float32Array(channels * cells) };
  const entry = { frame: 0, windowed: true, copies: 1, features: empty };
  const [{ closeness, share }] = cellAffinity(empty, 0, [entry], resolveProtocol("default"));
  expect(closeness.every(Number.isFinite)).toBe(true);
  expect(share).toBeCloseTo(1, 6);
});

test("the part that is shown has the grid's proportions and lies inside it", () => {
  const grid = { width: 40, height: 20 };
  expect(surroundings(10 * 40 + 20, grid, 3)).toEqual({ left: 13, top: 7, right: 27, bottom: 14 });
  expect(surroundings(0, grid, 3)).toEqual({ left: 0, top: 0, right: 14, bottom: 7 });
  expect(surroundings(799, grid, 3)).toEqual({ left: 26, top: 13, right: 40, bottom: 20 });
  expect(surroundings(0, grid, 50)).toEqual({ left: 0, top: 0, right: 40, bottom: 20 });
});
