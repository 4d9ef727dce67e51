/**
 * @file Routes of uploads: the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload) with its extensions creation,
 * creation-with-upload, checksum and termination; and deleting what was uploaded.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { answers, type Api, idOf, nothing } from "../api/requests.ts";
import { errorBody } from "../api/schemas.ts";
import { ClipList } from "../clips/clipList.ts";
import type { ServiceContext } from "../context.ts";
import { type Checksum, CHECKSUMS, type Upload, UploadStore } from "../uploads/uploadStore.ts";

const VERSION = "1.0.0";
const BYTES = "application/offset+octet-stream";
const tags = ["uploads"];
const params = z.object({ upload: idOf });
const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const empty = (code: 201 | 204) => ({ [code]: nothing, "4xx": errorBody, "5xx": errorBody });
const checksumHeader = { "upload-checksum": z.string().exactOptional().describe("`sha256 BASE64` of the body.") };

/** Adds the routes. @param most bytes of an upload. */
export async function uploadRoutes(api: Api, context: ServiceContext, most: number): Promise<void> {
  const store = new UploadStore(context.data, context.uploads.path, most);
  api.addContentTypeParser(BYTES, (_, payload, done) => done(null, payload));
  describe(api, most);
  create(api, store, context);
  goOn(api, store, context);
  deleteClip(api, context);
}

/** What the protocol can do here. */
function describe(api: Api, most: number): void {
  api.options(
    "/api/uploads",
    { schema: { tags, summary: "What of tus is spoken.", response: empty(204) } },
    async (_, reply) => {
      void reply.headers({
        "tus-resumable": VERSION,
        "tus-version": VERSION,
        "tus-extension": "creation,creation-with-upload,checksum,termination",
        "tus-max-size": most,
        "tus-checksum-algorithm": CHECKSUMS.join(","),
      });
      return reply.code(204).send();
    },
  );
}

function create(api: Api, store: UploadStore, context: ServiceContext): void {
  api.post(
    "/api/uploads",
    {
      schema: {
        tags,
        summary: "Begins an upload (tus).",
        description:
          "Location of the answer is where the bytes go. The name comes in Upload-Metadata: filename BASE64.",
        headers: z.looseObject({
          "upload-length": size.min(1),
          "upload-metadata": z.string().default(""),
          ...checksumHeader,
        }),
        response: empty(201),
      },
    },
    async (request, reply) => {
      requireVersion(request);
      const { "upload-length": length, "upload-metadata": metadata } = request.headers;
      let upload = await store.create(nameIn(metadata), length);
      if (request.headers["content-type"] === BYTES)
        upload = await store.append(upload.id, 0, request.body as Readable, checksumOf(request));
      void reply.header("location", `/api/uploads/${upload.id}`);
      return told(reply.code(201), upload, context);
    },
  );
}

function goOn(api: Api, store: UploadStore, context: ServiceContext): void {
  api.head(
    "/api/uploads/:upload",
    { schema: { tags, summary: "How much of an upload has arrived (tus).", params, response: answers(nothing) } },
    async (request, reply) => {
      requireVersion(request);
      const upload = await store.state(request.params.upload);
      void reply.headers({ "upload-length": upload.length, "cache-control": "no-store" });
      return told(reply.code(200), upload, context);
    },
  );
  api.patch(
    "/api/uploads/:upload",
    {
      schema: {
        tags,
        summary: "Sends bytes of an upload, from where it stopped (tus).",
        description: "When all are there, the answer's header Clip has the id of the clip.",
        consumes: [BYTES],
        params,
        headers: z.looseObject({ "upload-offset": size, ...checksumHeader }),
        response: empty(204),
      },
    },
    async (request, reply) => {
      requireVersion(request);
      if (request.headers["content-type"] !== BYTES)
        throw new UserError("service/media", { what: "the body has another type", expected: BYTES });
      const { "upload-offset": offset } = request.headers;
      const upload = await store.append(request.params.upload, offset, request.body as Readable, checksumOf(request));
      return told(reply.code(204), upload, context);
    },
  );
  api.delete(
    "/api/uploads/:upload",
    { schema: { tags, summary: "Gives up an upload that is not complete (tus).", params, response: empty(204) } },
    async (request, reply) => {
      requireVersion(request);
      await store.remove(request.params.upload);
      return reply.code(204).header("tus-resumable", VERSION).send();
    },
  );
}

function deleteClip(api: Api, { clips, uploads, queue, sessions, labelsOf }: ServiceContext): void {
  api.delete(
    "/api/clips/:clip",
    {
      schema: {
        tags: ["clips"],
        summary: "Deletes an uploaded clip with its labels and sessions.",
        params: z.object({ clip: idOf }),
        response: answers(z.object({})),
      },
    },
    async ({ params }) => {
      const { id, root, path, name } = await clips.clip(params.clip);
      if (root !== uploads.name)
        throw new UserError("service/path", { what: `${name} was not uploaded`, todo: "delete it where it lies" });
      const [job] = await queue.list({ states: ["queued", "running"], clip: id, limit: 1 });
      if (job !== undefined)
        throw new UserError("service/busy", { what: `job ${job.id} works with ${name}`, todo: "cancel the job first" });
      for (const session of await sessions.all(id)) await sessions.remove(session.id);
      await rm(labelsOf(id).folder, { recursive: true, force: true });
      const folder = dirname(path);
      await rm(folder === uploads.path ? path : folder, { recursive: true, force: true });
      clips.changed();
      return {};
    },
  );
}

/** Says how far an upload is; a complete one is a clip. */
function told(reply: FastifyReply, { offset, clip }: Upload, { clips }: ServiceContext): FastifyReply {
  if (clip !== undefined) {
    clips.changed();
    void reply.header("clip", ClipList.idOf(clip));
  }
  return reply.headers({ "tus-resumable": VERSION, "upload-offset": offset }).send();
}

function requireVersion({ headers }: FastifyRequest): void {
  const got = headers["tus-resumable"];
  if (got === VERSION) return;
  throw new UserError("upload/version", {
    what: "the request speaks no known version of tus",
    got: got === undefined ? "no Tus-Resumable" : String(got),
    expected: `Tus-Resumable: ${VERSION}`,
  });
}

/** The name in `Upload-Metadata`: pairs of a key and a value in Base64, separated by commas. */
function nameIn(metadata: string): string {
  const pairs = metadata.split(",").map((pair) => pair.trim().split(" "));
  const [, value = ""] = pairs.find(([key]) => key === "filename" || key === "name") ?? [];
  return Buffer.from(value, "base64").toString("utf8");
}

/** @throws UserError `service/invalid` */
function checksumOf({ headers }: FastifyRequest): Checksum | undefined {
  const given = headers["upload-checksum"];
  if (given === undefined) return undefined;
  const [name, value] = String(given).split(" ");
  const algorithm = CHECKSUMS.find((known) => known === name);
  if (algorithm !== undefined && value !== undefined) return { algorithm, value };
  throw new UserError("service/invalid", {
    what: "the header Upload-Checksum is not as expected",
    got: String(given),
    expected: `one of ${CHECKSUMS.join(", ")} and the checksum in Base64`,
  });
}
