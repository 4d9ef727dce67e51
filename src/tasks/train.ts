/** @file The tasks `train` and `resume`: footage in, an encoder out. */
import { z } from "zod";
import { DEFAULT_INIT, trainingConfig, trainingConfigSchema } from "../training/config.ts";
import { resumeTraining, startTraining } from "../training/trainer.ts";
import { runKeys, trainOptions } from "./settings/training.ts";
import { defineTask, taskObject } from "./task.ts";

const trainSchema = taskObject("train", {
  footage: z
    .array(z.string())
    .min(1, "no footage: expected videos, image folders, or folders of both")
    .describe("Videos, image folders, or folders of both; no labels are needed."),
  out: z.string().describe("Folder of the new run."),
  // Checked as a whole, with what depends on several keys; its messages name the keys.
  config: z
    .preprocess((given = {}) => trainingConfig(fromDefaultWeights(given)), trainingConfigSchema)
    .describe(
      "The training configuration: steps or minutes, and any other of its keys (docs/training.md). It starts from the default weights; init none: from random ones.",
    ),
  ...runKeys,
});

function fromDefaultWeights(given: unknown): unknown {
  return typeof given === "object" && given !== null ? { init: DEFAULT_INIT, ...given } : given;
}

/** Trains an encoder from footage without labels. */
export const trainTask = defineTask("train", trainSchema, async (task, context) =>
  startTraining(task.config, task.footage, await trainOptions(task.out, task, context)),
);

const resumeSchema = taskObject("resume", {
  run: z.string().describe("Folder of a run that was stopped; it keeps its footage and its configuration."),
  ...runKeys,
});

/** Resumes a training run. */
export const resumeTask = defineTask("resume", resumeSchema, async (task, context) =>
  resumeTraining(await trainOptions(task.run, task, context)),
);
