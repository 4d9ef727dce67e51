/** @file Routes of clips: lists, sizes and times, exact frames as pictures, the file itself. */
import fastifyStatic from "@fastify/static";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { answers, type Api, contents, frameOf, idOf, sendTagged } from "../api/requests.ts";
import { clipBody, probedClipBody, timesBody } from "../api/schemas.ts";
import type { Clip } from "../clips/clipList.ts";
import { PICTURE_FORMATS } from "../clips/frameThread.ts";
import type { ServiceContext } from "../context.ts";

const params = z.object({ clip: idOf });
const frameParams = z.object({ clip: idOf, frame: frameOf });
const pictureQuery = z.object({
  format: z.enum(PICTURE_FORMATS).default("jpeg").describe("png is exact."),
  shortSide: z.coerce.number().int().min(16).max(8192).exactOptional().describe("Pixels; never enlarged."),
  v: z.string().exactOptional().describe("The clip's version: with it a browser keeps the picture for good."),
});

/** What the API says of a clip: not where it lies. */
const shown = ({ path: _path, ...clip }: Clip) => clip;

/** Adds the routes. */
export async function clipRoutes(api: Api, context: ServiceContext): Promise<void> {
  await api.register(fastifyStatic, { root: "/", serve: false, index: false, dotfiles: "allow", cacheControl: false });
  aboutClips(api, context);
  pictures(api, context);
}

function aboutClips(api: Api, { clips, frames }: ServiceContext): void {
  api.get(
    "/api/clips",
    { schema: { tags: ["clips"], summary: "All clips.", response: answers(z.object({ clips: z.array(clipBody) })) } },
    async () => ({ clips: (await clips.all()).map(shown) }),
  );

  api.get(
    "/api/clips/:clip",
    { schema: { tags: ["clips"], summary: "A clip, opened.", params, response: answers(probedClipBody) } },
    async ({ params }) => {
      const clip = await clips.clip(params.clip);
      const { width, height, frameCount, timesSec } = await frames.probe(clip);
      return { ...shown(clip), width, height, frameCount, durationSec: timesSec[frameCount - 1] - timesSec[0] };
    },
  );

  api.get(
    "/api/clips/:clip/times",
    { schema: { tags: ["clips"], summary: "The time of every frame.", params, response: answers(timesBody) } },
    async ({ params }) => ({ timesSec: [...(await frames.probe(await clips.clip(params.clip))).timesSec] }),
  );
}

function pictures(api: Api, { clips, frames }: ServiceContext): void {
  api.get(
    "/api/clips/:clip/frames/:frame",
    {
      schema: {
        tags: ["clips"],
        summary: "Exactly the frame of this index, as a picture.",
        params: frameParams,
        querystring: pictureQuery,
        response: contents("image/jpeg", "image/webp", "image/png"),
      },
    },
    async (request, reply) => {
      const { format, shortSide, v } = request.query;
      const clip = await clips.clip(request.params.clip);
      const { frame } = request.params;
      const bytes = await frames.picture({ clip, index: frame, format, shortSide });
      const cache = v === clip.version ? "private, max-age=31536000, immutable" : "private, no-cache";
      const tag = `${clip.version}-${frame}-${format}-${shortSide ?? 0}`;
      return sendTagged(request, reply, { type: `image/${format}`, tag, cache, bytes });
    },
  );

  api.get(
    "/api/clips/:clip/media",
    {
      schema: {
        tags: ["clips"],
        summary: "The file as it is; ranges are served.",
        params,
        response: contents("video/*"),
      },
    },
    async ({ params }, reply) => {
      const clip = await clips.clip(params.clip);
      if (clip.isFolder)
        throw new UserError("service/missing", {
          what: `${clip.name} is a folder of images`,
          todo: "ask for its frames",
        });
      return reply.sendFile(basename(clip.path), dirname(clip.path));
    },
  );
}
