/** @file The task `site`: from a folder of footage to a decision, step by step. A step is loaded when it is done. */
import { z } from "zod";
import { defined } from "../core/defined.ts";
import type { CheckOutcome } from "../footage/checkFootage.ts";
import type { InitSiteResult } from "../site/initSite.ts";
import type { ModelsAction, ModelsResult } from "../site/modelUse.ts";
import type { PlanSiteResult } from "../site/plan/planSite.ts";
import type { ReportSiteResult } from "../site/report/reportSite.ts";
import { sitePricesSchema } from "../site/siteFile.ts";
import { parseTarget } from "../site/targets.ts";
import { LANGUAGES, MODELS_ACTIONS, MODES, PROTOCOLS } from "./choices.ts";
import { jsonKey, writeJson } from "./settings/scores.ts";
import { cacheKey } from "./settings/cache.ts";
import type { AdaptSiteResult } from "./site/adaptSite.ts";
import type { RunSiteResult } from "./site/runSite.ts";
import type { TuneSiteResult } from "./site/tuneSite.ts";
import type { TrackSiteResult } from "./site/trackSite.ts";
import type { WatchSiteResult } from "./site/watchSite.ts";
import { choice, defineTask, type RunContext, strict, taskObject, taskUnion } from "./task.ts";

const folder = z.string().describe("The folder of the site.");
const shared = { folder, json: jsonKey };
const price = sitePricesSchema.shape;

const objectKey = z
  .string()
  .regex(/^(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/u, "expected the value of an object in masks, 1 to 254");

const initSchema = taskObject("site", {
  step: z.literal("init").describe("Make a site of footage, or change what is known of one."),
  ...shared,
  name: z
    .string()
    .min(1, "expected a name")
    .max(200)
    .exactOptional()
    .describe("What the site is called in reports. Default: as before, at first as its folder."),
  footage: z
    .array(z.string())
    .default([])
    .describe("Videos, image folders, or folders of both. What comes from one camera lies in one folder."),
  targets: z
    .array(z.string())
    .default([])
    .describe("What is to be reached, such as iou=0.8 or pck@0.1=0.6, set before results are seen."),
  objects: z
    .record(objectKey, z.string().min(1, "expected a name"))
    .default({})
    .describe("Names of objects by their value in masks."),
  prices: strict({
    maskSec: price.maskSec.exactOptional().describe("Seconds to draw a mask by hand."),
    correctionSec: price.correctionSec.exactOptional().describe("Seconds to correct a tracked mask."),
    objectsPerFrame: price.objectsPerFrame.exactOptional().describe("Objects to a frame, on average."),
    wagePerHour: price.wagePerHour.exactOptional().describe("Cost of an hour of work; null: unknown."),
    machinePerHour: price.machinePerHour.exactOptional().describe("Cost of an hour of the machine."),
    currency: price.currency.exactOptional().describe("Of the costs."),
  })
    .default({})
    .describe("What work costs. What is left out stays as it is."),
  tracker: strict({
    mode: choice(MODES).exactOptional().describe("The mode of tracking."),
    protocol: choice(PROTOCOLS).exactOptional().describe("The protocol of tracking."),
    shortSide: z.int().min(16).max(8192).exactOptional().describe("Shorter side of the encoder's input, px."),
  })
    .default({})
    .describe("How the site's clips are tracked."),
  seed: z.int().min(0).exactOptional().describe("Of all that is drawn at random; only when the site is made."),
});
const planSchema = taskObject("site", {
  step: z.literal("plan").describe("Choose the frames to label."),
  ...shared,
  reach: z
    .number()
    .gt(0)
    .lt(0.5)
    .exactOptional()
    .describe("How far the 95 % interval of the mean IoU may reach to each side. Default: as before, at first 0.03."),
  passageSec: z
    .number()
    .gt(0)
    .exactOptional()
    .describe("The longest stretch that is tracked from one label, seconds. Default: as before, at first 10."),
  passages: z
    .int()
    .min(1)
    .exactOptional()
    .describe("Passages to label. Default: as before, at first as many as the reach needs."),
  tuning: z
    .int()
    .min(0)
    .exactOptional()
    .describe("Frames for corrections and tuning. Default: as before, at first one for every other passage."),
});
const trackSchema = taskObject("site", {
  step: z.literal("track").describe("Track the labelled passages with all that is compared."),
  ...shared,
  corrections: z.int().min(0).max(20).default(1).describe("The most further labels that are tried in a passage."),
});
const reportSchema = taskObject("site", {
  step: z.literal("report").describe("Measure against the targets: verdict, report.html, report.json."),
  ...shared,
  language: choice(LANGUAGES).default("en").describe("The language of the page."),
});

const checkStepSchema = taskObject("site", {
  step: z.literal("check").describe("Check the quality of the footage."),
  ...shared,
  language: choice(LANGUAGES).default("en").describe("The language of the page."),
});

const adaptSchema = taskObject("site", {
  step: z.literal("adapt").describe("Continue learning on the site's footage; accepted only if it gets better."),
  ...shared,
  minutes: z.number().gt(0).default(30).describe("For everything: learning and comparing."),
  replay: z
    .array(z.string())
    .default([])
    .describe("Other clips that are learned from beside the site's, so that what they taught is not forgotten."),
  includePoor: z.boolean().default(false).describe("Also learn from clips that the footage check refused."),
  anew: z.boolean().default(false).describe("Throw away what is under way and begin anew."),
  config: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Keys of the training configuration (docs/training.md) that are not as usual."),
  cache: cacheKey,
});

const tuneSchema = taskObject("site", {
  step: z.literal("tune").describe("Find settings of tracking for the site; used only if they are better."),
  ...shared,
  minutes: z.number().gt(0).default(15).describe("For everything; fewer settings are tried where there is less time."),
  fps: z.number().gt(0).exactOptional().describe("Frames a second that tracking must make on this machine."),
  usual: z.boolean().default(false).describe("Go back to the usual settings instead."),
});

const runSchema = taskObject("site", {
  step: z.literal("run").describe("Everything that is not done yet, in order."),
  ...shared,
  adaptMinutes: z.number().min(0).default(30).describe("For adapting; 0: leave it out."),
  tuneMinutes: z.number().min(0).default(15).describe("For tuning; 0: leave it out."),
  corrections: trackSchema.shape.corrections,
  language: reportSchema.shape.language,
  config: adaptSchema.shape.config,
  cache: cacheKey,
});

const watchSchema = taskObject("site", {
  step: z.literal("watch").describe("Take in recordings as they arrive, learn from them, accept, refuse and go back."),
  ...shared,
  from: z.array(z.string()).default([]).describe("Folders in which recordings arrive. Default: those of before."),
  every: z.number().gt(0).default(60).describe("Seconds between looks."),
  once: z.boolean().default(false).describe("One look and what follows from it, then the end."),
  settle: z
    .number()
    .min(0)
    .default(10)
    .describe("With once: seconds until what was not seen before is looked at again."),
  night: z.string().exactOptional().describe("Learn only in these hours, local time, such as 22:00-05:00."),
  minutes: z.number().gt(0).default(20).describe("For each time it learns: learning and comparing."),
  includePoor: z.boolean().default(false).describe("Also take recordings that the footage check finds poor."),
  config: adaptSchema.shape.config,
  cache: z.string().exactOptional().describe("Folder of decoded footage. Default: in the site, until it has learned."),
});

const modelsSchema = taskObject("site", {
  step: z.literal("models").describe("List the site's models, look at one, use another one, or go back."),
  ...shared,
  action: choice(MODELS_ACTIONS)
    .default("list")
    .describe("list; show: all of one; use: from now on this one; rollback: the one that was used before."),
  number: z.int().min(0).exactOptional().describe("Of the model to show or to use."),
}).superRefine(({ action, number }, context) => {
  const needs = action === "show" || action === "use";
  if (needs === (number === undefined))
    context.addIssue({
      code: "custom",
      path: ["number"],
      message: needs ? `${action} needs the number of a model` : `${action} takes no number`,
    });
});

const siteSchema = taskUnion("step", [
  initSchema,
  checkStepSchema,
  planSchema,
  trackSchema,
  reportSchema,
  adaptSchema,
  tuneSchema,
  runSchema,
  watchSchema,
  modelsSchema,
]);
type SiteSettings = z.output<typeof siteSchema>;

/** What a step did. */
export type SiteOutcome =
  | ({ readonly step: "init" } & InitSiteResult)
  | ({ readonly step: "check"; readonly folder: string } & CheckOutcome)
  | ({ readonly step: "plan"; readonly folder: string } & PlanSiteResult)
  | ({ readonly step: "track"; readonly folder: string } & TrackSiteResult)
  | ({ readonly step: "report"; readonly folder: string } & ReportSiteResult)
  | ({ readonly step: "adapt"; readonly folder: string } & AdaptSiteResult)
  | ({ readonly step: "tune"; readonly folder: string } & TuneSiteResult)
  | ({ readonly step: "run"; readonly folder: string } & RunSiteResult)
  | ({ readonly step: "watch"; readonly folder: string } & WatchSiteResult)
  | ({ readonly step: "models"; readonly folder: string } & ModelsResult);

/** Does one step for a site. */
export const siteTask = defineTask("site", siteSchema, async (task, context): Promise<SiteOutcome> => {
  const outcome = await done(task, context);
  await writeJson(task.json, outcome);
  return outcome;
});

async function done(task: SiteSettings, context: RunContext): Promise<SiteOutcome> {
  const { logger, signal, machine } = context;
  switch (task.step) {
    case "init": {
      const { initSite } = await import("../site/initSite.ts");
      const targets = task.targets.map(parseTarget);
      return { step: "init", ...(await initSite({ ...task, targets, logger, signal })) };
    }
    case "check": {
      const { checkSite } = await import("../site/checkSite.ts");
      const options = { ...task, threads: machine.threads, logger, signal };
      return { step: "check", folder: task.folder, ...(await checkSite(options)) };
    }
    case "plan":
      return { step: "plan", folder: task.folder, ...(await planned(task, context)) };
    case "track": {
      const { trackSite } = await import("./site/trackSite.ts");
      return { step: "track", folder: task.folder, ...(await trackSite(task.folder, task.corrections, context)) };
    }
    case "adapt": {
      const { adaptSite } = await import("./site/adaptSite.ts");
      return { step: "adapt", folder: task.folder, ...(await adaptSite(task.folder, task, context)) };
    }
    case "tune": {
      const { tuneSite } = await import("./site/tuneSite.ts");
      return { step: "tune", folder: task.folder, ...(await tuneSite(task.folder, task, context)) };
    }
    case "run": {
      const { runSite } = await import("./site/runSite.ts");
      return { step: "run", folder: task.folder, ...(await runSite(task.folder, task, context)) };
    }
    case "watch": {
      const { watchSite } = await import("./site/watchSite.ts");
      return { step: "watch", folder: task.folder, ...(await watchSite(task.folder, task, context)) };
    }
    case "models": {
      const { siteModels } = await import("../site/modelUse.ts");
      return { step: "models", folder: task.folder, ...(await siteModels(task.folder, modelsAction(task))) };
    }
    default: {
      const { reportSite } = await import("../site/report/reportSite.ts");
      return { step: "report", folder: task.folder, ...(await reportSite({ ...task, logger, signal })) };
    }
  }
}

function modelsAction({ action, number = 0 }: Extract<SiteSettings, { step: "models" }>): ModelsAction {
  return action === "show" || action === "use" ? { action, number } : { action };
}

async function planned(
  { folder, reach, passageSec, passages, tuning }: Extract<SiteSettings, { step: "plan" }>,
  { logger, signal }: RunContext,
): Promise<PlanSiteResult> {
  const [{ planSite }, { seenSoFar }] = await Promise.all([
    import("../site/plan/planSite.ts"),
    import("../site/report/seenSoFar.ts"),
  ]);
  const wishes = defined({ reach, passageSec, passages, tuning });
  return planSite({ folder, wishes, logger, signal }, await seenSoFar(folder, logger));
}
