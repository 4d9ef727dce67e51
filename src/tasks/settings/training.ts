/** @file The keys that a new run and a resumed one share: where footage is kept, and scores while training. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { scoreDavis } from "../../evaluation/benchmarks/davisBenchmark.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { trackedMasks } from "../../evaluation/benchmarks/trackedMasks.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import type { TrainOptions } from "../../training/trainer.ts";
import { type RunContext, strict } from "../task.ts";
import { unlabelledScore } from "./unlabelledScore.ts";

/** Where decoded footage is kept by default. */
const CACHE = join(homedir(), ".cache", "tsumugi", "footage");

/** The cache's key. */
export const cacheKey = z
  .string()
  .exactOptional()
  .describe("Folder of decoded footage, kept for later runs. Default: ~/.cache/tsumugi/footage.");

/** The shared keys. */
export const runKeys = {
  cache: cacheKey,
  profile: z.boolean().default(false).describe("Measure the time each type of operation takes."),
  score: strict({
    data: z.string().describe("Annotated sequences in DAVIS layout."),
    split: z.string().describe("Which of them: a file with a name a line."),
    resolution: z.string().default("480p").describe("Resolution folder of the annotated sequences."),
    frames: z.int().min(3).exactOptional().describe("Only so many frames of each sequence. Default: all."),
  })
    .exactOptional()
    .describe("Score the weights at intervals on annotated sequences, and keep the best."),
  scoreOn: z
    .array(z.string())
    .default([])
    .describe("Score the weights at intervals on these clips, without labels: a grid is carried forward and back."),
};

const settingsSchema = strict(runKeys);
type RunSettings = z.output<typeof settingsSchema>;

/** The cache's folder. */
export function cacheOf({ cache = CACHE }: Pick<RunSettings, "cache">): string {
  return cache;
}

/** The options of both ways to train. @throws UserError `train/score`, those of `readSplit` and of the clips */
export async function trainOptions(
  folder: string,
  settings: RunSettings,
  { logger, machine, signal }: RunContext,
): Promise<TrainOptions> {
  const { profile, score, scoreOn } = settings;
  const shared = { folder, cache: cacheOf(settings), ...machine, logger, signal, profile };
  if (score !== undefined && scoreOn.length > 0)
    throw new UserError("train/score", {
      what: "weights are scored on annotated sequences or on clips without labels",
      got: "both score and scoreOn",
      expected: "one of them",
    });
  if (scoreOn.length > 0) return { ...shared, score: await unlabelledScore(scoreOn, { logger, machine, signal }) };
  return score === undefined ? shared : { ...shared, score: await scorer(score, { machine, signal }) };
}

/** J&F on annotated sequences, tracked with the default protocol. */
async function scorer(
  { data, split, resolution, frames }: NonNullable<RunSettings["score"]>,
  { machine, signal }: Pick<RunContext, "machine" | "signal">,
): Promise<NonNullable<TrainOptions["score"]>> {
  const benchmark = { root: data, sequences: await readSplit(split), resolution };
  const limits = { signal, maxFrames: frames };
  return async (weights) => {
    await using encoder = await openEncoder({ weights, ...machine });
    const method = trackedMasks({ encoder, protocol: resolveProtocol("default"), threads: machine.threads });
    return (await scoreDavis(benchmark, method, limits)).JF_mean;
  };
}
