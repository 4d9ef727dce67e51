/** @file The task `demo`: the main job on a clip that is rendered here, scored against the exact truth. */
import { z } from "zod";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import { type DemoResult, runDemo } from "./demo/runDemo.ts";
import { openWeights, weightsIdentity, weightsKey } from "./settings/encoder.ts";
import { defineTask, taskObject } from "./task.ts";

const demoSchema = taskObject("demo", {
  out: z.string().default("tsumugi-demo").describe("Folder for everything; files of an earlier demo are replaced."),
  seed: z.int().min(0).default(1).describe("Which clip to render."),
  weights: weightsKey,
});

/** Renders a production line, tracks its parts from the first mask and scores them. */
export const demoTask = defineTask("demo", demoSchema, async (task, context): Promise<DemoResult> => {
  const { out, seed, weights = DEFAULT_WEIGHTS } = task;
  const { logger, signal, machine } = context;
  // As `track` opens them by default, so that it can resume the folder.
  const settings = { weights, motion: true };
  await using encoder = await openWeights(settings, machine);
  const identity = await weightsIdentity(settings, machine);
  return await runDemo({ ...machine, out, clip: { seed }, encoder, weights, identity, logger, signal });
});
