/** @file The route of regions that grow from clicks. */
import { z } from "zod";
import { answers, type Api, frameOf, idOf } from "../api/requests.ts";
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

/** Adds the route. */
export async function regionRoutes(api: Api, { clips, clicks }: ServiceContext): Promise<void> {
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
