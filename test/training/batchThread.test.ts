/** @file Batches from the thread are the batches of the sampler. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { BatchSampler } from "../../src/training/batches.ts";
import { openBatchThread } from "../../src/training/batchThread.ts";
import { cacheClips } from "../../src/training/clipCache.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

const config = trainingConfig({
  steps: 1,
  size: 32,
  pairs: 2,
  variant: "nano",
  motionEnhancement: { enabled: true },
  multiClusterSampler: { enabled: true, clusters: 4 },
});

test("the same batches, also asked for at once, and short clips refused alike", async () => {
  const root = await temporaryFolder();
  const clip = await makeImageFolder(root, "clip", 12);
  const segments = await cacheClips([clip], { folder: join(root, "cache"), side: 64, maxFrames: 400, logger: silent });
  await using here = new BatchSampler(segments, config);
  await using there = await openBatchThread(segments, config);
  const [first, second] = await Promise.all([there.batch(3), there.batch(7)]);
  expect(first).toEqual(await here.batch(3));
  expect(second).toEqual(await here.batch(7));
  const short = trainingConfig({ steps: 1, gaps: [50], gapWeights: [1] });
  await expect(openBatchThread(segments, short)).rejects.toThrow(/every clip is too short/);
});
