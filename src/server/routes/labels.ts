/** @file Routes of labels: masks, points, boxes and ends of single frames, and what objects are called. */
import type { FastifyRequest } from "fastify";
import { deflateSync } from "node:zlib";
import { z } from "zod";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import { answers, type Api, bytesOf, contents, expectedOf, frameOf, idOf, sendTagged } from "../api/requests.ts";
import { labelledFrameBody } from "../api/schemas.ts";
import type { ServiceContext } from "../context.ts";
import { type LabelStore, objectsSchema, shapesSchema } from "../labels/labelStore.ts";

const params = z.object({ clip: idOf });
const frameParams = z.object({ clip: idOf, frame: frameOf });
const tagBody = z.object({ tag: z.string().describe("The ETag of what was written.") });
const tags = ["labels"];
/** As many bytes as a mask may have. */
const MASK_LIMIT = 64 * 1024 ** 2;

export const RAW = "application/octet-stream";

/** Adds the routes. */
export async function labelRoutes(api: Api, context: ServiceContext): Promise<void> {
  aboutLabels(api, context);
  readMasks(api, context);
  writeMasks(api, context);
  shapes(api, context);
  deletions(api, context);
}

/** The labels of a clip that is there. */
async function storeOf(clip: string, { clips, labelsOf }: ServiceContext): Promise<LabelStore> {
  return labelsOf((await clips.clip(clip)).id);
}

/** Size of a clip, once it is sure that it has the frame. @throws UserError `labels/frame` */
async function sizeOf(
  { clip, frame }: z.output<typeof frameParams>,
  { clips, frames }: ServiceContext,
): Promise<FrameSize> {
  const { frameCount, width, height } = await frames.probe(await clips.clip(clip));
  if (frame < frameCount) return { width, height };
  throw new UserError("labels/frame", {
    what: "the clip has no such frame",
    got: `frame ${frame}`,
    expected: `0 to ${frameCount - 1}`,
  });
}

function aboutLabels(api: Api, context: ServiceContext): void {
  api.get(
    "/api/clips/:clip/labels",
    {
      schema: {
        tags,
        summary: "Which frames are labelled, and what the objects are.",
        params,
        response: answers(z.object({ frames: z.array(labelledFrameBody), objects: objectsSchema })),
      },
    },
    async ({ params }) => {
      const store = await storeOf(params.clip, context);
      return { frames: await store.frames(), objects: await store.objects() };
    },
  );

  api.put(
    "/api/clips/:clip/objects",
    {
      schema: {
        tags,
        summary: "What ids in masks stand for.",
        params,
        body: objectsSchema,
        response: answers(objectsSchema),
      },
    },
    async ({ params, body }) => {
      await (await storeOf(params.clip, context)).writeObjects(body);
      return body;
    },
  );
}

function readMasks(api: Api, context: ServiceContext): void {
  api.get(
    "/api/clips/:clip/labels/:frame/mask",
    {
      schema: {
        tags,
        summary: "A frame's mask.",
        params: frameParams,
        querystring: z.object({
          format: z.enum(["png", "raw"]).default("png").describe("raw: a byte a pixel, row by row, without a header."),
        }),
        response: contents("image/png", RAW),
      },
    },
    async (request, reply) => {
      const { clip, frame } = request.params;
      const store = await storeOf(clip, context);
      const { png, tag } = await store.maskPng(frame);
      if (request.query.format === "png") return sendTagged(request, reply, { type: "image/png", tag, bytes: png });
      const { data } = await store.mask(frame);
      return sendRaw(request, reply, data, tag);
    },
  );
}

function writeMasks(api: Api, context: ServiceContext): void {
  api.put(
    "/api/clips/:clip/labels/:frame/mask",
    {
      bodyLimit: MASK_LIMIT,
      schema: {
        tags,
        summary: "Replaces a frame's mask.",
        description:
          "A palette PNG, or any picture that `tsumugi track --labels` takes; or as application/octet-stream a byte a pixel, row by row. If-Match takes the ETag of what is replaced, If-None-Match: * only writes where there is none.",
        consumes: ["image/png", RAW],
        params: frameParams,
        response: answers(tagBody),
      },
    },
    async (request) => {
      const { clip, frame } = request.params;
      const size = await sizeOf(request.params, context);
      const [store, bytes, expected] = [await storeOf(clip, context), bytesOf(request), expectedOf(request)];
      if (!isRaw(request)) return { tag: await store.writePicture(frame, bytes, size, expected) };
      requireBytes(bytes, size);
      return { tag: await store.writeMask(frame, { ...size, data: bytes }, size, expected) };
    },
  );
}

function shapes(api: Api, context: ServiceContext): void {
  api.get(
    "/api/clips/:clip/labels/:frame/shapes",
    {
      schema: {
        tags,
        summary: "A frame's points, boxes and ends.",
        params: frameParams,
        response: answers(shapesSchema),
      },
    },
    async ({ params }, reply) => {
      const { shapes, tag } = await (await storeOf(params.clip, context)).shapes(params.frame);
      void reply.header("etag", `"${tag}"`);
      return shapes;
    },
  );

  api.put(
    "/api/clips/:clip/labels/:frame/shapes",
    {
      schema: {
        tags,
        summary: "Replaces a frame's points, boxes and ends.",
        params: frameParams,
        body: shapesSchema,
        response: answers(tagBody),
      },
    },
    async (request) => {
      const { params, body } = request;
      await sizeOf(params, context);
      const store = await storeOf(params.clip, context);
      return { tag: await store.writeShapes(params.frame, body, expectedOf(request)) };
    },
  );
}

function deletions(api: Api, context: ServiceContext): void {
  for (const what of ["mask", "shapes"] as const)
    api.delete(
      `/api/clips/:clip/labels/:frame/${what}`,
      { schema: { tags, summary: `Forgets a frame's ${what}.`, params: frameParams, response: answers(z.object({})) } },
      async (request) => {
        const { clip, frame } = request.params;
        await (await storeOf(clip, context)).remove(frame, what, expectedOf(request));
        return {};
      },
    );
}

const isRaw = ({ headers }: FastifyRequest): boolean => headers["content-type"]?.startsWith(RAW) === true;

function requireBytes({ length }: Uint8Array, { width, height }: { width: number; height: number }): void {
  if (length === width * height) return;
  throw new UserError("labels/size", {
    what: "the mask has another size than the clip",
    got: `${length} bytes`,
    expected: `${width * height}, a byte a pixel of ${width}x${height}`,
  });
}

/** A label map without a header, compressed for the way: areas of one label take next to nothing. */
export function sendRaw(
  request: FastifyRequest,
  reply: Parameters<typeof sendTagged>[1],
  data: Uint8Array,
  tag: string,
): ReturnType<typeof sendTagged> {
  const isPacked = request.headers["accept-encoding"]?.includes("deflate") === true;
  if (isPacked) void reply.header("content-encoding", "deflate");
  void reply.header("vary", "accept-encoding");
  return sendTagged(request, reply, {
    type: RAW,
    tag: `${tag}-raw`,
    bytes: isPacked ? deflateSync(data, { level: 1 }) : data,
  });
}
