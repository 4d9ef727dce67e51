/** @file Routes of a site's report: the verdict in words, the frames to look at, the whole page in either language. */
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import type { SiteReport } from "../../site/report/reportData.ts";
import { readReport, writtenPage } from "../../site/report/reportSite.ts";
import { picturePath } from "../../site/report/pictures.ts";
import { verdictTexts } from "../../site/report/verdictPart.ts";
import { Words } from "../../site/report/words.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { LANGUAGES } from "../../tasks/choices.ts";
import { answers, type Api, contents, idOf } from "../api/requests.ts";
import type { ServiceContext } from "../context.ts";
import { PAGE_POLICY, sendFile } from "../results/resultFiles.ts";
import { clipsOf } from "../sites/siteClips.ts";

const params = z.object({ site: idOf });
const tags = ["sites"];
const query = z.object({ language: z.enum(LANGUAGES).default("en") });

const mean = z.object({
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  clusters: z.int().describe("Passages."),
  values: z.int().describe("Frames."),
});

const reportBody = z
  .object({
    made: z.string().describe("ISO 8601."),
    decision: z.enum(["go", "no-go", "not-enough"]).nullable(),
    title: z.string(),
    sentences: z.array(z.string()).describe("The verdict, one for each target, then what would settle what is open."),
    basis: z.array(z.string()),
    doubts: z.array(z.string()).describe("What makes the numbers less worth than they look."),
    changes: z.array(z.string()).describe("Of targets."),
    targets: z.array(
      z.object({
        metric: z.string(),
        target: z.number(),
        decision: z.enum(["go", "no-go", "not-enough"]),
        score: mean,
      }),
    ),
    methods: z
      .array(z.object({ metric: z.string(), method: z.string(), corrections: z.int(), score: mean }))
      .describe("What is in use, and what it is compared with."),
    frames: z
      .array(
        z.object({
          kind: z.enum(["best", "median", "worst"]),
          clip: z.string().nullable().describe("Null where the clip is gone."),
          key: z.string(),
          frame: z.int(),
          score: z.number().describe("IoU."),
          label: z.string().describe("Address of a picture with what was labelled."),
          tracked: z.string().describe("Address of a picture with what was tracked."),
        }),
      )
      .describe("Verdict frames to look at."),
  })
  .meta({ id: "SiteReport" });

/** Adds the routes. */
export async function siteReportRoutes(api: Api, context: ServiceContext): Promise<void> {
  const { sites } = context;
  api.get(
    "/api/sites/:site/report",
    {
      schema: {
        tags,
        summary: "The latest report: verdict, numbers, frames to look at.",
        params,
        querystring: query,
        response: answers(reportBody),
      },
    },
    async ({ params, query: { language } }) => {
      const folder = await sites.site(params.site);
      const report = await reportOf(folder);
      const ids = new Map((await clipsOf(await folder.read(), context.clips)).map(({ key, id }) => [key, id]));
      return shown(report, new Words(language), params.site, (clip) => ids.get(clip) ?? null);
    },
  );

  api.get(
    "/api/sites/:site/report/page",
    {
      schema: {
        tags,
        summary: "The latest report as a page of its own, which needs nothing else.",
        params,
        querystring: query,
        response: contents("text/html"),
      },
    },
    async ({ params, query: { language } }, reply) => {
      const folder = await sites.site(params.site);
      const page = await writtenPage(folder, await reportOf(folder), language);
      void reply.header("content-security-policy", PAGE_POLICY).header("cache-control", "private, no-cache");
      return reply.type("text/html; charset=utf-8").send(page);
    },
  );

  api.get(
    "/api/sites/:site/report/frames/:index/:what",
    {
      schema: {
        tags,
        summary: "A frame of the report, with what was labelled or with what was tracked.",
        params: params.extend({ index: z.coerce.number().int().min(0).max(100), what: z.enum(["label", "tracked"]) }),
        response: contents("image/jpeg"),
      },
    },
    async ({ params: { site, index, what } }, reply) => {
      const folder = await sites.site(site);
      const frame = (await reportOf(folder)).frames[index];
      if (frame === undefined) throw new UserError("service/missing", { what: `the report has no frame ${index}` });
      return sendFile(reply, folder.root, picturePath(index, frame, what).join("/"));
    },
  );
}

/** @throws UserError `service/missing` */
async function reportOf(folder: SiteFolder): Promise<SiteReport> {
  const report = await readReport(folder);
  if (report !== undefined) return report;
  throw new UserError("service/missing", { what: "there is no report yet", todo: "ask for a job with the step run" });
}

function shown(
  report: SiteReport,
  words: Words,
  site: string,
  idOfClip: (key: string) => string | null,
): z.output<typeof reportBody> {
  const { made, decision, verdicts, metrics, frames } = report;
  const { title, sentences, basis, doubts, changes } = verdictTexts(report, words);
  const address = (i: number, what: string): string => `/api/sites/${site}/report/frames/${i}/${what}?made=${made}`;
  return {
    made,
    decision,
    title,
    sentences: [...sentences],
    basis: [...basis],
    doubts: [...doubts],
    changes: [...changes],
    targets: verdicts.map(({ metric, target, decision: own, score }) => ({ metric, target, decision: own, score })),
    methods: metrics.flatMap(({ metric, methods }) =>
      methods.map(({ method, corrections, score }) => ({ metric, method, corrections, score })),
    ),
    frames: frames.map(({ kind, clip, frame, score }, i) => ({
      kind,
      clip: idOfClip(clip),
      key: clip,
      frame,
      score,
      label: address(i, "label"),
      tracked: address(i, "tracked"),
    })),
  };
}
