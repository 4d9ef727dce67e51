/** @file Routes of jobs: asking for work, how far it is, stopping it, its files. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { NEXT } from "../../site/adapt/adaptFile.ts";
import { taskJsonSchema } from "../../tasks/task.ts";
import { RUN_FILES } from "../../training/runFiles.ts";
import { answers, type Api, contents, idOf } from "../api/requests.ts";
import { fileBody, jobBody, metricsBody, placeQuery } from "../api/schemas.ts";
import type { ServiceContext } from "../context.ts";
import { JOB_STATES, type Job } from "../jobs/queue.ts";
import { filesOf, JOB_TASKS, jobTasks } from "../jobs/references.ts";
import { submit } from "../jobs/submit.ts";
import { readMetricsFrom } from "../results/metrics.ts";
import { listFiles, sendFile } from "../results/resultFiles.ts";
import { ownerOf } from "../security/owner.ts";

const params = z.object({ job: idOf });
const tags = ["jobs"];

/** Keys that every request for a job has. */
export const jobKeys = {
  priority: z.int().min(-100).max(100).default(0).describe("Higher ones go first."),
  retries: z.int().min(0).max(20).default(3).describe("After failures that may pass; errors of the task are final."),
};

export const idempotency = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(200)
    .exactOptional()
    .describe("The same key with the same task is the same job, however often it is sent."),
});

const request = z.strictObject({
  task: z
    .looseObject({ task: z.enum(JOB_TASKS) })
    .describe(
      "A task as /api/tasks/{task} describes it. Instead of paths it has references: clip:ID, session:ID/FILE, job:ID/FILE, site:ID; of labels also labels:CLIP. Results go into the job's files, those of track into the session that `out` names, those of a site into the site.",
    ),
  ...jobKeys,
});

/** What the API says of a job: no paths. */
export function shownJob(job: Job, { hide }: ServiceContext): z.output<typeof jobBody> {
  const { work: _work, worker: _worker, key: _key, name, asked, session, clips, progress, error, ...rest } = job;
  return {
    ...rest,
    task: { task: name, ...asked },
    session: session === undefined || session.includes(":") ? null : session,
    site: session?.startsWith("site:") === true ? session.slice("site:".length) : null,
    clips: [...clips],
    progress: hide(progress),
    error: hide(error),
  };
}

/** The folder of the training run that a job begins or goes on with; of a site it is there while it learns. */
function runOf({ task, step, out, run, folder }: Job["work"]["task"]): string | undefined {
  if (task === "train") return String(out);
  if (task === "resume") return String(run);
  return task === "site" && (step === "adapt" || step === "run") ? join(String(folder), ...NEXT, "run") : undefined;
}

/** Adds the routes. */
export async function jobRoutes(api: Api, context: ServiceContext): Promise<void> {
  asking(api, context);
  jobs(api, context);
  files(api, context);
  metrics(api, context);
}

/** @throws UserError `service/missing` */
async function jobNamed(id: string, { queue }: ServiceContext): Promise<Job> {
  const found = await queue.get(id);
  if (found !== undefined) return found;
  throw new UserError("service/missing", { what: `there is no job ${id}`, todo: "list them at /api/jobs" });
}

function asking(api: Api, context: ServiceContext): void {
  api.get(
    "/api/tasks/:task",
    {
      schema: {
        tags,
        summary: "The JSON Schema of a task, as `tsumugi schema` prints it.",
        params: z.object({ task: z.enum(JOB_TASKS) }),
        response: answers(z.record(z.string(), z.unknown())),
      },
    },
    async ({ params }) => taskJsonSchema(jobTasks[params.task].task) as Record<string, unknown>,
  );

  api.post(
    "/api/jobs",
    {
      schema: { tags, summary: "Asks for a job.", headers: idempotency, body: request, response: answers(jobBody) },
    },
    async (request) => {
      const { task, priority, retries } = request.body;
      const { task: name, ...asked } = task;
      const key = request.headers["idempotency-key"];
      const { job } = await submit({ name, asked, priority, retries, key, owner: ownerOf(request) }, context);
      return shownJob(job, context);
    },
  );
}

function jobs(api: Api, context: ServiceContext): void {
  const { queue, folderOf } = context;
  api.get(
    "/api/jobs",
    {
      schema: {
        tags,
        summary: "Jobs, the newest first.",
        querystring: z.object({
          state: z.enum(JOB_STATES).exactOptional(),
          task: z.enum(JOB_TASKS).exactOptional(),
          session: idOf.exactOptional(),
          site: idOf.exactOptional(),
          clip: idOf.exactOptional(),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: answers(z.object({ jobs: z.array(jobBody) })),
      },
    },
    async ({ query: { state, task: name, session, site, ...rest } }) => {
      const own = site === undefined ? session : `site:${site}`;
      const jobs = await queue.list({ states: state && [state], name, session: own, ...rest });
      return { jobs: jobs.map((job) => shownJob(job, context)) };
    },
  );

  api.get(
    "/api/jobs/:job",
    { schema: { tags, summary: "A job.", params, response: answers(jobBody) } },
    async ({ params }) => shownJob(await jobNamed(params.job, context), context),
  );

  api.post(
    "/api/jobs/:job/cancel",
    {
      schema: {
        tags,
        summary: "Stops a job; what it has written is kept.",
        description: "A running job is cancelled a moment later. One that has ended stays as it is.",
        params,
        response: answers(jobBody),
      },
    },
    async ({ params }) => {
      await jobNamed(params.job, context);
      return shownJob((await queue.cancel(params.job)) as Job, context);
    },
  );

  api.delete(
    "/api/jobs/:job",
    { schema: { tags, summary: "Forgets an ended job and its files.", params, response: answers(z.object({})) } },
    async ({ params }) => {
      await jobNamed(params.job, context);
      if (!(await queue.remove(params.job)))
        throw new UserError("service/busy", { what: `job ${params.job} has not ended`, todo: "cancel it first" });
      await rm(folderOf(params.job), { recursive: true, force: true });
      return {};
    },
  );
}

function files(api: Api, context: ServiceContext): void {
  const { folderOf } = context;
  api.get(
    "/api/jobs/:job/result",
    {
      schema: {
        tags,
        summary: "What the task returned, once it is done.",
        params,
        response: contents("application/json"),
      },
    },
    async ({ params }, reply) => {
      await jobNamed(params.job, context);
      return sendFile(reply, folderOf(params.job), "result.json");
    },
  );

  api.get(
    "/api/jobs/:job/files",
    {
      schema: {
        tags,
        summary: "The files that a job wrote.",
        params,
        response: answers(z.object({ files: z.array(fileBody) })),
      },
    },
    async ({ params }) => {
      await jobNamed(params.job, context);
      return { files: await listFiles(filesOf(folderOf(params.job))) };
    },
  );

  api.get(
    "/api/jobs/:job/files/*",
    {
      schema: {
        tags,
        summary: "A file that a job wrote.",
        params: params.extend({ "*": z.string() }),
        response: contents("application/octet-stream"),
      },
    },
    async ({ params }, reply) => {
      await jobNamed(params.job, context);
      return sendFile(reply, filesOf(join(folderOf(params.job))), params["*"]);
    },
  );
}

function metrics(api: Api, context: ServiceContext): void {
  api.get(
    "/api/jobs/:job/metrics",
    {
      schema: {
        tags,
        summary: "The steps of a training run, as they come: loss, pairs a second, scores.",
        description:
          "Of jobs that train (train, resume, and a site's adapt and run while they learn). Begin without after and version; read on with `next` and `version` of the answer.",
        params,
        querystring: placeQuery,
        response: answers(metricsBody),
      },
    },
    async ({ params, query }) => {
      const { work } = await jobNamed(params.job, context);
      const run = runOf(work.task);
      if (run === undefined)
        throw new UserError("service/missing", { what: `job ${params.job} does not train`, todo: "ask for its files" });
      return readMetricsFrom(join(run, RUN_FILES.metrics), query);
    },
  );
}
