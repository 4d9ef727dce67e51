import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, expect, it } from "vitest";
import { copyFirstMask, scoreDavis } from "../../../src/evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../../../src/evaluation/benchmarks/trackedMasks.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { writeMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const [WIDTH, HEIGHT, CELL] = [64, 48, 4];
let root: string;
afterEach(() => rm(root, { recursive: true }));

it("a red square on blue that moves cell by cell is followed without a fault", async () => {
  root = await mkdtemp(join(tmpdir(), "tracked-"));
  await mkdir(join(root, "JPEGImages/480p/square"), { recursive: true });
  for (let i = 0; i < 4; i++) {
    const inside = (p: number): boolean => {
      const [x, y] = [(p % WIDTH) - i * CELL, Math.floor(p / WIDTH)];
      return x >= 8 && x < 24 && y >= 16 && y < 32;
    };
    const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, b) =>
      b % 3 === (inside(Math.floor(b / 3)) ? 0 : 2) ? 255 : 0,
    );
    await sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).toFile(
      join(root, `JPEGImages/480p/square/${i}.png`),
    );
    const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => (inside(p) ? 255 : 0));
    await writeMaskPng(join(root, `Annotations/480p/square/${i}.png`), { width: WIDTH, height: HEIGHT, data });
  }
  await using encoder = pooledColours(CELL);
  const benchmark = { root, sequences: ["square"] };
  const tracked = await scoreDavis(
    benchmark,
    trackedMasks({ encoder, protocol: resolveProtocol("default"), threads: 1 }),
  );
  expect(tracked.JF_mean).toBeGreaterThan(0.9);
  // The floor: 12 of 20 and 8 of 24 columns overlap.
  expect((await scoreDavis(benchmark, copyFirstMask)).J.mean).toBeCloseTo((12 / 20 + 8 / 24) / 2, 12);
});
