/**
 * @file The keys that a new run and a resumed one share: where footage is kept, and scores while training. What scores is
 * loaded where scores are wanted.
 */
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import type { TrainOptions } from "../../training/trainer.ts";
import { type RunContext, strict } from "../task.ts";
import { cacheKey, cacheOf } from "./cache.ts";
import { scoreSchema } from "./scoreKey.ts";

/** The shared keys. */
export const runKeys = {
  cache: cacheKey,
  profile: z.boolean().default(false).describe("Measure the time each type of operation takes."),
  score: scoreSchema
    .exactOptional()
    .describe("Score the weights at intervals on annotated sequences, and keep the best."),
  scoreOn: z
    .array(z.string())
    .default([])
    .describe("Score the weights at intervals on these clips, without labels: a grid is carried forward and back."),
};

const settingsSchema = strict(runKeys);
type RunSettings = z.output<typeof settingsSchema>;

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
  if (scoreOn.length > 0) {
    const { unlabelledScore } = await import("./unlabelledScore.ts");
    return { ...shared, score: await unlabelledScore(scoreOn, { logger, machine, signal }) };
  }
  if (score === undefined) return shared;
  const { labelledScore } = await import("./labelledScore.ts");
  return { ...shared, score: await labelledScore(score, { machine, signal }) };
}
