/** @file Routes of a site's models: what was learned, why it was accepted or refused, which one is used. */
import { z } from "zod";
import { readAdapt } from "../../site/adapt/adaptFile.ts";
import { METRICS, modelFolder, modelNumbered, siteModelSchema } from "../../site/models.ts";
import { type ListedModel, type ModelsAction, siteModels } from "../../site/modelUse.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { answers, type Api, idOf } from "../api/requests.ts";
import { metricsBody, placeQuery } from "../api/schemas.ts";
import type { ServiceContext } from "../context.ts";
import { readMetricsFrom } from "../results/metrics.ts";

const params = z.object({ site: idOf });
const modelParams = params.extend({ model: z.coerce.number().int().min(0).max(1_000_000) });
const tags = ["sites"];

const modelBody = siteModelSchema
  .pick({ number: true, name: true, made: true, parent: true, scores: true, accepted: true, reason: true })
  .extend({
    inUse: z.boolean(),
    state: z.enum(["whole", "changed", "gone"]).describe("What became of its weights."),
  })
  .meta({ id: "SiteModel" });

const modelsBody = z
  .object({
    models: z.array(modelBody).describe("By number; 0 is the package's."),
    learning: z
      .object({
        begun: z.string().describe("ISO 8601."),
        minutes: z.number().describe("In all."),
        trainMinutes: z.number().nullable().describe("Of learning alone; null until it is known."),
        trained: z.boolean().describe("Learning is done; what follows is comparing."),
        clips: z.int().describe("Stretches that are learned from."),
        aside: z.int().describe("Stretches that it is judged by."),
      })
      .nullable()
      .describe("What is under way, also while no job goes on with it."),
  })
  .meta({ id: "SiteModels" });

type ModelsBody = z.output<typeof modelsBody>;

/** Adds the routes. */
export async function siteModelRoutes(api: Api, context: ServiceContext): Promise<void> {
  choosing(api, context);
  learned(api, context);
}

function choosing(api: Api, { sites }: ServiceContext): void {
  const list = async (id: string, action: ModelsAction = { action: "list" }): Promise<ModelsBody> => {
    const folder = await sites.site(id);
    const { models } = await siteModels(folder.root, action);
    return { models: models.map(shown), learning: await learningIn(folder) };
  };
  api.get(
    "/api/sites/:site/models",
    {
      schema: {
        tags,
        summary: "The models of a site, and what is learned now.",
        params,
        response: answers(modelsBody),
      },
    },
    ({ params: { site } }) => list(site),
  );

  api.post(
    "/api/sites/:site/models/:model/use",
    { schema: { tags, summary: "From now on uses this model.", params: modelParams, response: answers(modelsBody) } },
    ({ params: { site, model } }) => list(site, { action: "use", number: model }),
  );

  api.post(
    "/api/sites/:site/models/rollback",
    {
      schema: { tags, summary: "Goes back to the model that was used before.", params, response: answers(modelsBody) },
    },
    ({ params: { site } }) => list(site, { action: "rollback" }),
  );
}

function learned(api: Api, { sites }: ServiceContext): void {
  api.get(
    "/api/sites/:site/models/:model/metrics",
    {
      schema: {
        tags,
        summary: "The steps by which a model was learned; none where that was not kept.",
        params: modelParams,
        querystring: placeQuery,
        response: answers(metricsBody),
      },
    },
    async ({ params: { site, model: number }, query }) => {
      const folder = await sites.site(site);
      return readMetricsFrom(folder.at("models", modelFolder(await modelNumbered(folder, number)), METRICS), query);
    },
  );
}

/** Without where its weights are, and without its configuration. */
function shown({ weightsState: state, ...model }: ListedModel): ModelsBody["models"][number] {
  const { number, name, made, parent, scores, accepted, reason, inUse } = model;
  return { number, name, made, parent, scores, accepted, reason, inUse, state };
}

async function learningIn(folder: SiteFolder): Promise<ModelsBody["learning"]> {
  const file = await readAdapt(folder);
  if (file === undefined) return null;
  const { begun, minutes, trainMinutes, trained, learn, aside } = file;
  return { begun, minutes, trainMinutes, trained, clips: learn.length, aside: aside.length };
}
