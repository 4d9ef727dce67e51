/** @file The routes of a coordinator: what sites ask it, and nothing else. */
import { z } from "zod";
import type { Coordinator } from "../../federation/coordinator.ts";
import { hashOf, helloSchema, scoresSchema, turnSchema, updateQuery } from "../../federation/messages.ts";
import { answers, type Api, bytesOf, contents, sendTagged } from "../api/requests.ts";
import { ownerOf } from "../security/owner.ts";

const tags = ["federation"];
const roundOf = z.object({ round: z.coerce.number().int().min(1).max(100_000) });
const taken = z.object({ taken: z.literal(true) });
const TAKEN = { taken: true } as const;
const BYTES = "application/octet-stream";

/** Adds the routes. Who asks is the name of the token. */
export function federationRoutes(api: Api, coordinator: Coordinator): void {
  askRoutes(api, coordinator);
  tellRoutes(api, coordinator);
}

/** What a site asks. */
function askRoutes(api: Api, coordinator: Coordinator): void {
  api.get(
    "/health",
    { schema: { tags, summary: "The coordinator answers.", response: answers(z.object({ status: z.literal("ok") })) } },
    async () => ({ status: "ok" as const }),
  );
  api.post(
    "/api/federation/turns",
    { schema: { tags, summary: "What the site is to do now.", body: helloSchema, response: answers(turnSchema) } },
    async (request) => coordinator.turn(ownerOf(request), request.body),
  );
  api.get(
    "/api/federation/weights/:weights",
    {
      schema: {
        tags,
        summary: "A file of weights, by its SHA-256.",
        params: z.object({ weights: hashOf }),
        response: contents(BYTES),
      },
    },
    async (request, reply) => {
      const { weights } = request.params;
      const bytes = await coordinator.weights(weights);
      return sendTagged(request, reply, { type: BYTES, tag: weights, bytes });
    },
  );
}

/** What a site sends. */
function tellRoutes(api: Api, coordinator: Coordinator): void {
  api.put(
    "/api/federation/rounds/:round/update",
    {
      bodyLimit: coordinator.mostBytes,
      schema: {
        tags,
        summary: "What the site has learned, as a safetensors file.",
        consumes: [BYTES],
        params: roundOf,
        querystring: updateQuery,
        response: answers(taken),
      },
    },
    async (request) => {
      const { params, query } = request;
      await coordinator.update(ownerOf(request), params.round, query.frames, bytesOf(request));
      return TAKEN;
    },
  );
  api.put(
    "/api/federation/rounds/:round/scores",
    {
      schema: {
        tags,
        summary: "The site's scores without labels of the common weights and of the candidate.",
        params: roundOf,
        body: scoresSchema,
        response: answers(taken),
      },
    },
    async (request) => {
      await coordinator.scores(ownerOf(request), request.params.round, request.body);
      return TAKEN;
    },
  );
}
