/** @file Routes of sites: made of chosen clips with targets, what is done, what to label, what to do next. */
import { z } from "zod";
import { defined } from "../../core/defined.ts";
import { UserError } from "../../core/errors.ts";
import { silent } from "../../core/log.ts";
import { initSite } from "../../site/initSite.ts";
import { ROLES } from "../../site/plan/planFile.ts";
import { type SitePrices, sitePricesSchema } from "../../site/siteFile.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { currentTargets, parseTarget } from "../../site/targets.ts";
import { RUN_STEPS, type RunStep } from "../../tasks/site/runSite.ts";
import { answers, type Api, idOf } from "../api/requests.ts";
import { jobBody } from "../api/schemas.ts";
import type { Probe } from "../clips/frameThread.ts";
import type { ServiceContext } from "../context.ts";
import { ENDED, type Job } from "../jobs/queue.ts";
import { NEXT_STEPS, type QueuedFrame, siteState, type SiteState, STEP_STATES } from "../sites/siteState.ts";
import { shownJob } from "./jobs.ts";

const params = z.object({ site: idOf });
const tags = ["sites"];

const targets = z
  .array(z.string().max(100))
  .max(20)
  .describe("What is to be reached, such as iou=0.8 or pck@0.1=0.6; set before results are seen.");
const clips = z.array(idOf).max(10_000).describe("Ids of clips; one folder of them is one camera.");
const prices = sitePricesSchema.partial().describe("What work costs. What is left out stays as it is.");
const newSite = z.strictObject({
  name: z.string().min(1).max(200),
  clips: clips.min(1),
  targets: targets.default([]),
  prices: prices.default({}),
});
const siteChange = z.strictObject({
  name: z.string().min(1).max(200).exactOptional(),
  clips: clips.default([]).describe("Clips to add."),
  targets: targets.default([]),
  prices: prices.default({}),
});

const clipOfSite = z.object({
  id: z.string().nullable().describe("Null where the clip is gone."),
  key: z.string().describe("What the site calls it."),
  camera: z.string(),
  frames: z.int(),
  seconds: z.number(),
});
const targetBody = z.object({
  metric: z.string(),
  value: z.number(),
  set: z.string().describe("When, ISO 8601."),
  afterResults: z.boolean().describe("It was set or changed when results had been seen."),
});
const labelsBody = z.object({
  planned: z.int().describe("Frames of the plan."),
  labelled: z.int(),
  leftSec: z.number().describe("To label the others, seconds."),
  reach: z.number().describe("How far the 95 % interval of the mean IoU will reach to each side."),
  wantedReach: z.number(),
  passages: z.int(),
  availablePassages: z.int(),
});

const siteBody = z
  .object({
    id: z.string(),
    name: z.string(),
    made: z.string().describe("ISO 8601."),
    clips: z.array(clipOfSite),
    targets: z.array(targetBody).describe("Those that count now."),
    prices: sitePricesSchema,
    steps: z.array(z.object({ step: z.enum(RUN_STEPS), state: z.enum(STEP_STATES), why: z.string().nullable() })),
    labels: labelsBody.nullable().describe("Null before there is a plan."),
    model: z.int().describe("Number of the model in use."),
    preset: z.string().nullable().describe("Name of the settings that were found for the site."),
    decision: z.enum(["go", "no-go", "not-enough"]).nullable().describe("Of the latest report; null without targets."),
    reported: z.string().nullable().describe("When the latest report was made, ISO 8601."),
    current: z.boolean().describe("The report is of the labels, targets and models as they are now."),
    next: z
      .enum(NEXT_STEPS)
      .describe(
        "run: what is not done; label: frames of the plan; more: footage or a larger plan; decide: a verdict is there.",
      ),
    job: jobBody.nullable().describe("The latest job of the site."),
    working: z.enum(RUN_STEPS).nullable().describe("The step that this job is at, while it runs."),
  })
  .meta({ id: "Site" });

const planBody = z
  .object({
    frames: z.array(
      z.object({
        clip: z.string().nullable().describe("Null where the clip is gone."),
        key: z.string(),
        camera: z.string(),
        frame: z.int(),
        role: z.enum(ROLES).describe("start: given; tuning: may be given as a correction; verdict: only measures."),
        labelled: z.boolean(),
      }),
    ),
  })
  .meta({ id: "SitePlan" });

/** Adds the routes. */
export async function siteRoutes(api: Api, context: ServiceContext): Promise<void> {
  reading(api, context);
  making(api, context);
}

function reading(api: Api, context: ServiceContext): void {
  const { sites } = context;
  api.get(
    "/api/sites",
    {
      schema: {
        tags,
        summary: "All sites, the newest first.",
        response: answers(z.object({ sites: z.array(siteBody) })),
      },
    },
    async () => {
      const all = await Promise.all((await sites.all()).map((id) => shown(id, context)));
      return { sites: all.sort((a, b) => (a.made < b.made ? 1 : -1)) };
    },
  );

  api.get(
    "/api/sites/:site",
    { schema: { tags, summary: "A site: what is done, and what to do next.", params, response: answers(siteBody) } },
    async ({ params }) => shown(params.site, context),
  );

  api.get(
    "/api/sites/:site/plan",
    {
      schema: {
        tags,
        summary: "The frames to label, in their order.",
        description:
          "Labels of clips are labels of their sites: draw them as of any clip. A frame in which nothing is to be seen gets a mask without an object.",
        params,
        response: answers(planBody),
      },
    },
    async ({ params }) => {
      const { queue } = await siteState(await sites.site(params.site), context);
      return { frames: queue.map(shownFrame) };
    },
  );
}

function making(api: Api, context: ServiceContext): void {
  const { sites, queue } = context;
  api.post(
    "/api/sites",
    {
      schema: {
        tags,
        summary: "Makes a site of clips.",
        description:
          "What follows are jobs: `{ task: { task: 'site', step: 'run', folder: 'site:ID' } }` does everything that is not done yet.",
        body: newSite,
        response: answers(siteBody),
      },
    },
    async ({ body }) => {
      const { id, folder } = sites.fresh();
      await written(folder, body, context);
      return shown(id, context);
    },
  );

  api.patch(
    "/api/sites/:site",
    {
      schema: {
        tags,
        summary: "Adds clips, changes targets, prices or the name.",
        description: "A target that is changed after results were seen is marked as such in every later report.",
        params,
        body: siteChange,
        response: answers(siteBody),
      },
    },
    async ({ params, body }) => {
      await written(await sites.site(params.site), body, context);
      return shown(params.site, context);
    },
  );

  api.delete(
    "/api/sites/:site",
    {
      schema: {
        tags,
        summary: "Deletes a site with its models and results; clips and their labels stay.",
        params,
        response: answers(z.object({})),
      },
    },
    async ({ params }) => {
      const [job] = await queue.list({ states: ["queued", "running"], session: `site:${params.site}`, limit: 1 });
      if (job !== undefined)
        throw new UserError("service/busy", { what: `job ${job.id} works on it`, todo: "cancel the job first" });
      await sites.remove(params.site);
      return {};
    },
  );
}

/**
 * Makes or changes a site. Clips are opened by the thread of frames, so that a long one holds up nobody, and all of them
 * before anything is written.
 */
async function written(
  folder: SiteFolder,
  { name, clips: ids, targets: wanted, prices: given }: z.output<typeof siteChange>,
  { clips: list, frames }: ServiceContext,
): Promise<void> {
  const targets = wanted.map(parseTarget);
  const chosen = await Promise.all(ids.map((id) => list.clip(id)));
  const probes = new Map<string, Probe>();
  for (const clip of chosen) probes.set(clip.path, await frames.probe(clip));
  await initSite({
    folder: folder.root,
    name,
    footage: [...probes.keys()],
    targets,
    prices: defined(given) as Partial<SitePrices>,
    objects: {},
    tracker: {},
    logger: silent,
    signal: new AbortController().signal,
    look: async (path) => probes.get(path) as Probe,
  });
}

async function shown(id: string, context: ServiceContext): Promise<z.output<typeof siteBody>> {
  const state = await siteState(await context.sites.site(id), context);
  const { site, plan, queue: frames, report, isReported, steps, next } = state;
  const [job] = await context.queue.list({ session: `site:${id}`, limit: 1 });
  return {
    id,
    name: site.name,
    made: site.made,
    clips: state.clips.map(({ id: clip, key, camera, frames, seconds }) => ({
      id: clip,
      key,
      camera,
      frames,
      seconds,
    })),
    targets: currentTargets(site.targets).map(({ metric, value, set, afterResults }) => ({
      metric,
      value,
      set,
      afterResults,
    })),
    prices: site.prices,
    steps: steps.map(({ why, ...step }) => ({ ...step, why: context.hide(why) })),
    labels: plan === undefined ? null : labelCounts(state),
    model: site.model,
    preset: site.preset?.name ?? null,
    decision: report?.decision ?? null,
    reported: report?.made ?? null,
    current: isReported,
    next: frames.length === 0 ? "run" : next,
    job: job === undefined ? null : shownJob(job, context),
    working: job === undefined ? null : workingOn(job, steps),
  };
}

function shownFrame({ clipId, clip, camera, frame, role, labelled }: QueuedFrame) {
  return { clip: clipId, key: clip, camera, frame, role, labelled };
}

function labelCounts({ site, plan, queue }: SiteState): z.output<typeof labelsBody> | null {
  if (plan === undefined) return null;
  const labelled = queue.filter((one) => one.labelled).length;
  return {
    planned: queue.length,
    labelled,
    leftSec: (queue.length - labelled) * plan.objectsPerFrame * site.prices.maskSec,
    reach: plan.reach,
    wantedReach: plan.asked.reach,
    passages: plan.passages,
    availablePassages: plan.available,
  };
}

/** Minutes of a run by its steps: 0 leaves a step out. */
const MINUTES: Readonly<Partial<Record<RunStep, string>>> = { adapt: "adaptMinutes", tune: "tuneMinutes" };

/** The first step that is not done, and not left out. */
function workingOn({ state, asked }: Job, steps: SiteState["steps"]): RunStep | null {
  if (ENDED.has(state)) return null;
  const own = RUN_STEPS.find((step) => step === asked["step"]);
  if (own !== undefined) return own;
  const isWanted = (step: RunStep): boolean => asked[MINUTES[step] ?? ""] !== 0;
  return steps.find(({ step, state: now }) => now === "open" && isWanted(step))?.step ?? "report";
}
