/** @file Routes of sessions: tracking a clip with its labels, and what came of it, frame by frame. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import type { TrackSummary } from "../../results/summary.ts";
import { SessionFolder } from "../../tracking/session/folder.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import { answers, type Api, contents, frameOf, idOf, sendTagged } from "../api/requests.ts";
import { fileBody, jobBody, placeQuery, recordsBody, sessionBody } from "../api/schemas.ts";
import type { ServiceContext } from "../context.ts";
import { tagOf } from "../labels/labelStore.ts";
import { submit } from "../jobs/submit.ts";
import { listFiles, sendFile } from "../results/resultFiles.ts";
import { ownerOf } from "../security/owner.ts";
import { readRecords } from "../sessions/records.ts";
import type { ServiceSession } from "../sessions/sessionList.ts";
import { idempotency, jobKeys, shownJob } from "./jobs.ts";
import { RAW, sendRaw } from "./labels.ts";

const params = z.object({ session: idOf });
const tags = ["sessions"];
/** Keys of a track task that say how it is tracked, not what. */
const settings = z
  .record(z.string(), z.unknown())
  .default({})
  .describe("Keys of a track task but video, labels and out, for example mode or direction.");
const newSession = z.strictObject({ clip: idOf, name: z.string().max(200).default(""), settings });
const trackRequest = z.strictObject({ settings, ...jobKeys });

/** Adds the routes. */
export async function sessionRoutes(api: Api, context: ServiceContext): Promise<void> {
  sessions(api, context);
  tracking(api, context);
  results(api, context);
  files(api, context);
}

async function shown(session: ServiceSession, { sessions }: ServiceContext): Promise<z.output<typeof sessionBody>> {
  const folder = sessions.folder(session.id);
  const text = await readFile(join(folder, "summary.json"), "utf8").catch(() => undefined);
  const complete = text !== undefined && (JSON.parse(text) as TrackSummary).complete;
  return { ...session, begun: await isThere(join(folder, "frames.jsonl")), complete };
}

/** The path of a frame's mask: its file is named after the frame. @throws UserError `service/missing` */
async function maskPath(session: ServiceSession, frame: number, context: ServiceContext): Promise<string> {
  const { frames, clips, sessions } = context;
  const name = (await frames.names(await clips.clip(session.clip)))[frame];
  const path = new SessionFolder(sessions.folder(session.id)).mask(name ?? "");
  if (name !== undefined && (await isThere(path))) return path;
  throw new UserError("service/missing", { what: `there is no mask of frame ${frame} yet` });
}

function sessions(api: Api, context: ServiceContext): void {
  const { clips, sessions: list, queue } = context;
  api.post(
    "/api/sessions",
    { schema: { tags, summary: "Begins a session of a clip.", body: newSession, response: answers(sessionBody) } },
    async ({ body }) => {
      const { name } = await clips.clip(body.clip);
      return shown(await list.add({ ...body, name: body.name || name }), context);
    },
  );

  api.get(
    "/api/sessions",
    {
      schema: {
        tags,
        summary: "Sessions, the newest first.",
        querystring: z.object({ clip: idOf.exactOptional() }),
        response: answers(z.object({ sessions: z.array(sessionBody) })),
      },
    },
    async ({ query }) => ({
      sessions: await Promise.all((await list.all(query.clip)).map((one) => shown(one, context))),
    }),
  );

  api.get(
    "/api/sessions/:session",
    { schema: { tags, summary: "A session.", params, response: answers(sessionBody) } },
    async ({ params }) => shown(await list.session(params.session), context),
  );

  api.delete(
    "/api/sessions/:session",
    { schema: { tags, summary: "Deletes a session and its results.", params, response: answers(z.object({})) } },
    async ({ params: { session } }) => {
      await list.session(session);
      const working = await queue.list({ states: ["queued", "running"], session, limit: 1 });
      if (working.length > 0)
        throw new UserError("service/busy", {
          what: `job ${working[0].id} works with it`,
          todo: "cancel the job first",
        });
      await list.remove(session);
      return {};
    },
  );
}

function tracking(api: Api, context: ServiceContext): void {
  const { sessions: list } = context;
  api.post(
    "/api/sessions/:session/track",
    {
      schema: {
        tags,
        summary: "Tracks the clip with the labels that it has now.",
        description:
          "A job like any other. Where the session has results, only what depends on labels that changed is tracked again; labels that were deleted are forgotten.",
        params,
        headers: idempotency,
        body: trackRequest,
        response: answers(jobBody),
      },
    },
    async (request) => {
      const { id, clip, settings } = await list.session(request.params.session);
      const own = { video: `clip:${clip}`, labels: [`labels:${clip}`], out: `session:${id}` };
      const asked = { ...settings, ...request.body.settings, ...own };
      const { priority, retries } = request.body;
      const key = request.headers["idempotency-key"];
      const owner = ownerOf(request);
      const { job } = await submit({ name: "track", asked, priority, retries, key, owner }, context);
      return shownJob(job, context);
    },
  );
}

function results(api: Api, context: ServiceContext): void {
  const { sessions: list } = context;
  api.get(
    "/api/sessions/:session/records",
    {
      schema: {
        tags,
        summary: "What was found in each frame, as it comes.",
        description: "Begin without after and version; read on with `next` and `version` of the answer.",
        params,
        querystring: placeQuery,
        response: answers(recordsBody),
      },
    },
    async ({ params, query }) => {
      await list.session(params.session);
      return readRecords(new SessionFolder(list.folder(params.session)).journal, query);
    },
  );

  api.get(
    "/api/sessions/:session/masks/:frame",
    {
      schema: {
        tags,
        summary: "The mask of a frame, as soon as it is tracked.",
        params: params.extend({ frame: frameOf }),
        querystring: z.object({ format: z.enum(["png", "raw"]).default("png").describe("As of labels.") }),
        response: contents("image/png", RAW),
      },
    },
    async (request, reply) => {
      const { session, frame } = request.params;
      const path = await maskPath(await list.session(session), frame, context);
      const png = await readFile(path);
      const tag = tagOf(png);
      if (request.query.format === "png") return sendTagged(request, reply, { type: "image/png", tag, bytes: png });
      return sendRaw(request, reply, (await readMaskPng(path)).data, tag);
    },
  );
}

function files(api: Api, context: ServiceContext): void {
  const { sessions: list } = context;
  api.get(
    "/api/sessions/:session/files",
    {
      schema: {
        tags,
        summary: "All files of the results.",
        params,
        response: answers(z.object({ files: z.array(fileBody) })),
      },
    },
    async ({ params }) => {
      await list.session(params.session);
      return { files: await listFiles(list.folder(params.session)) };
    },
  );

  api.get(
    "/api/sessions/:session/files/*",
    {
      schema: {
        tags,
        summary: "A file of the results: tracks.csv, summary.json, overlay.mp4 and so on.",
        params: params.extend({ "*": z.string() }),
        response: contents("application/octet-stream"),
      },
    },
    async ({ params }, reply) => {
      await list.session(params.session);
      return sendFile(reply, list.folder(params.session), params["*"]);
    },
  );
}
