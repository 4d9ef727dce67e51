/** @file The route of footage checks: what the latest check of a clip found, in words for people. */
import { join } from "node:path";
import { z } from "zod";
import { type CheckedReading, checkSchema } from "../../footage/checkFile.ts";
import { VERDICTS } from "../../footage/judge.ts";
import { checkedReading } from "../../footage/sentences.ts";
import { readJson } from "../../formats/json.ts";
import { LANGUAGES } from "../../tasks/choices.ts";
import { answers, type Api, idOf } from "../api/requests.ts";
import { jobBody } from "../api/schemas.ts";
import type { ServiceContext } from "../context.ts";
import type { Job } from "../jobs/queue.ts";
import { shownJob } from "./jobs.ts";

const finding = z
  .object({
    name: z.string(),
    verdict: z.enum(VERDICTS),
    said: z.string().describe("What there is."),
    todo: z.string().nullable().describe("What to change at the camera."),
    frame: z.int().nullable().describe("Where it is worst, or begins; null: all of the clip."),
  })
  .meta({ id: "CheckFinding" });

const checkBody = z
  .object({
    job: jobBody.nullable().describe("The latest check of this clip alone; null where there is none of its contents."),
    verdict: z.enum(VERDICTS).nullable().describe("Null until that job is done."),
    findings: z.array(finding).describe("What is not good, the worst first."),
  })
  .meta({ id: "ClipCheck" });

/** The file that a job's process writes, see `jobProcess.ts`. */
const resultSchema = z.object({ check: checkSchema });

/** Jobs of a clip that are looked through. */
const MOST_JOBS = 200;

/** Adds the route. */
export async function checkRoutes(api: Api, context: ServiceContext): Promise<void> {
  api.get(
    "/api/clips/:clip/check",
    {
      schema: {
        tags: ["clips"],
        summary: "What the latest check of a clip found.",
        description: "To check a clip ask for a job: `{ task: { task: 'check', clips: ['clip:ID'] } }`.",
        params: z.object({ clip: idOf }),
        querystring: z.object({ language: z.enum(LANGUAGES).default("en") }),
        response: answers(checkBody),
      },
    },
    async ({ params, query: { language } }) => {
      const clip = await context.clips.clip(params.clip);
      const jobs = await context.queue.list({ clip: clip.id, limit: MOST_JOBS });
      const job = jobs.find((one) => one.name === "check" && one.clips.length === 1 && one.created >= clip.modified);
      if (job?.state !== "done")
        return { job: job === undefined ? null : shownJob(job, context), verdict: null, findings: [] };
      const readings = (await readingsOf(job, context)).map((reading) =>
        checkedReading({ ...reading, at: reading.at ?? undefined }, language),
      );
      const found = readings.filter(({ verdict }) => verdict !== "good").toSorted(byVerdict);
      return { job: shownJob(job, context), verdict: found[0]?.verdict ?? "good", findings: found.map(shown) };
    },
  );
}

async function readingsOf({ id }: Job, { folderOf }: ServiceContext): Promise<readonly CheckedReading[]> {
  const { check } = await readJson(join(folderOf(id), "result.json"), resultSchema, "check");
  return check.clips.flatMap((clip) => (clip.verdict === "unreadable" ? [] : clip.readings));
}

const byVerdict = (a: CheckedReading, b: CheckedReading): number =>
  VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);

const shown = ({ name, verdict, said, todo, at }: CheckedReading): z.output<typeof finding> => ({
  name,
  verdict,
  said,
  todo,
  frame: at?.frame ?? null,
});
