/** @file The task `demo`: the main job on a clip that is rendered here, scored against the exact truth. */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import { type DemoResult, runDemo } from "./demo/runDemo.ts";
import { runSiteDemo, type SiteDemoResult } from "./demo/runSiteDemo.ts";
import { openWeights, weightsIdentity, weightsKey } from "./settings/encoder.ts";
import { defineTask, taskObject } from "./task.ts";

const demoSchema = taskObject("demo", {
  out: z
    .string()
    .exactOptional()
    .describe("Folder for everything; files of an earlier demo are replaced. Default: tsumugi-demo."),
  seed: z.int().min(0).default(1).describe("Which clip to render."),
  site: z
    .boolean()
    .default(false)
    .describe("A whole site instead, from the footage check to the report; the folder's default is tsumugi-site-demo."),
  weights: weightsKey,
});

/** What was shown. */
export type DemoOutcome = ({ readonly kind: "clip" } & DemoResult) | ({ readonly kind: "site" } & SiteDemoResult);

/** Renders a production line, tracks its parts from the first mask and scores them; or goes through a whole site. */
export const demoTask = defineTask("demo", demoSchema, async (task, context): Promise<DemoOutcome> => {
  if (task.site) {
    if (task.weights !== undefined)
      throw new UserError("task/invalid", { what: "demo: weights: a site begins with the weights of the package" });
    const { out = "tsumugi-site-demo", seed } = task;
    return { kind: "site", ...(await runSiteDemo({ out, seed }, context)) };
  }
  const { out = "tsumugi-demo", seed, weights = DEFAULT_WEIGHTS } = task;
  const { logger, signal, machine } = context;
  // As `track` opens them by default, so that it can resume the folder.
  const settings = { weights, motion: true };
  await using encoder = await openWeights(settings, machine);
  const identity = await weightsIdentity(settings, machine);
  const result = await runDemo({ ...machine, out, clip: { seed }, encoder, weights, identity, logger, signal });
  return { kind: "clip", ...result };
});
