/** @file Routes of what the method sees: the region that clicks mean, where a pixel's label comes from, layers of frames. */
import { z } from "zod";
import { LAYERS } from "../../inspection/layerNames.ts";
import { answers, type Api, contents, frameOf, idOf, sendTagged } from "../api/requests.ts";
import type { ServiceContext } from "../context.ts";

const click = z.strictObject({
  x: z.number().describe("Pixels of the clip, origin at the corner of the first pixel."),
  y: z.number(),
  inside: z.boolean().default(true).describe("false: the region shall end before it."),
});

const regionBody = z
  .object({
    width: z.int(),
    height: z.int(),
    runs: z
      .array(z.int())
      .describe("Lengths of runs, row by row over the whole frame: outside, inside, and so on; the first may be 0."),
  })
  .meta({ id: "Region" });

const lookBody = z
  .object({
    memory: z
      .array(
        z.object({
          frame: z.int(),
          share: z.number().describe("Of the weight; over all frames 1."),
          width: z.int().describe("Cells."),
          height: z.int(),
          heat: z.string().describe("Base64 of a byte a cell, row by row: how alike; 0: not searched, or not at all."),
          chosen: z
            .array(z.object({ x: z.number(), y: z.number(), weight: z.number() }))
            .describe("Places that the label is copied from, pixels of the clip, the best first."),
        }),
      )
      .describe("By frame; none for the labelled frame itself."),
  })
  .meta({ id: "LookBack" });

/** Adds the routes. */
export async function regionRoutes(api: Api, context: ServiceContext): Promise<void> {
  region(api, context);
  look(api, context);
  layer(api, context);
}

function layer(api: Api, { clips, clicks }: ServiceContext): void {
  api.get(
    "/api/clips/:clip/frames/:frame/layers/:layer",
    {
      schema: {
        tags: ["clips"],
        summary: "A frame as the method sees it: its motion, clusters, regions or features.",
        description: "What `tsumugi inspect` draws, with the weights of the package; at most 480 pixels high or wide.",
        params: z.object({ clip: idOf, frame: frameOf, layer: z.enum(LAYERS) }),
        response: contents("image/jpeg"),
      },
    },
    async (request, reply) => {
      const { clip, frame, layer: name } = request.params;
      const { path, version } = await clips.clip(clip);
      const bytes = await clicks.layer({ clip: { path, version }, frame, layer: name });
      return sendTagged(request, reply, { type: "image/jpeg", tag: `${version}-${frame}-${name}`, bytes });
    },
  );
}

function look(api: Api, { clips, clicks }: ServiceContext): void {
  api.post(
    "/api/clips/:clip/frames/:frame/look-back",
    {
      schema: {
        tags: ["clips"],
        summary: "Where a pixel's label would be copied from, if the clip were tracked from a labelled frame on.",
        params: z.object({ clip: idOf, frame: frameOf }),
        body: z.strictObject({
          x: z.number().describe("Pixels of the clip, origin at the corner of the first pixel."),
          y: z.number(),
          from: frameOf.default(0).describe("The labelled frame, not after this one."),
        }),
        response: answers(lookBody),
      },
    },
    async ({ params: { clip, frame }, body: { x, y, from } }) => {
      const { path, version } = await clips.clip(clip);
      const found = await clicks.look({ clip: { path, version }, frame, from, place: { x, y } });
      return {
        memory: found.map((one) => ({
          ...one,
          heat: Buffer.from(one.heat).toString("base64"),
          chosen: [...one.chosen],
        })),
      };
    },
  );
}

function region(api: Api, { clips, clicks }: ServiceContext): void {
  api.post(
    "/api/clips/:clip/frames/:frame/region",
    {
      schema: {
        tags: ["labels"],
        summary: "The region that clicks in a frame mean.",
        description:
          "It grows over what looks alike, up to edges, with the encoder's features. Without clicks the frame is made ready, so that the first click is answered at once. Nothing is stored.",
        params: z.object({ clip: idOf, frame: frameOf }),
        body: z.strictObject({ clicks: z.array(click).max(200) }),
        response: answers(regionBody),
      },
    },
    async ({ params: { clip, frame }, body }) => {
      const { path, version } = await clips.clip(clip);
      const { width, height, runs } = await clicks.region({ clip: { path, version }, frame, clicks: body.clicks });
      return { width, height, runs: [...runs] };
    },
  );
}
