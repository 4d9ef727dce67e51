/**
 * @file The task `federate`: a site takes part in learning over several sites, or a coordinator's folder is looked
 * at.
 */
import { z } from "zod";
import type { Federation } from "../federation/federationFile.ts";
import type { JoinResult } from "./federate/joinFederation.ts";
import { jsonKey, writeJson } from "./settings/scores.ts";
import { cacheKey } from "./settings/cache.ts";
import { defineTask, type RunContext, taskObject, taskUnion } from "./task.ts";

const joinSchema = taskObject("federate", {
  step: z
    .literal("join")
    .describe("Take part with footage of this machine, which stays here, until all rounds are over."),
  url: z.string().describe("Address of the coordinator, such as http://127.0.0.1:4500."),
  token: z.string().describe("The site's token, with the scope federate."),
  footage: z
    .array(z.string())
    .min(1, "no footage: expected videos, image folders, or folders of both")
    .describe("Videos, image folders, or folders of both; no labels are needed."),
  out: z.string().describe("The site's own folder: what is under way, and the common weights."),
  steps: z
    .int()
    .min(1)
    .exactOptional()
    .describe("Steps of training in each round. Default: as many as the coordinator asks for."),
  cache: cacheKey,
  json: jsonKey,
});

const statusSchema = taskObject("federate", {
  step: z.literal("status").describe("What happened so far, round by round, at the coordinator."),
  data: z.string().describe("The coordinator's folder."),
  json: jsonKey,
});

const federateSchema = taskUnion("step", [joinSchema, statusSchema]);

/** What a step did. */
export type FederateOutcome =
  | ({ readonly step: "join" } & JoinResult)
  | { readonly step: "status"; readonly federation: Federation };

/** Takes part, or looks. */
export const federateTask = defineTask("federate", federateSchema, async (task, context): Promise<FederateOutcome> => {
  const outcome = await done(task, context);
  await writeJson(task.json, outcome);
  return outcome;
});

async function done(task: z.output<typeof federateSchema>, context: RunContext): Promise<FederateOutcome> {
  if (task.step === "join") {
    const { joinFederation } = await import("./federate/joinFederation.ts");
    return { step: "join", ...(await joinFederation(task, context)) };
  }
  const { readFederation } = await import("../federation/readFederation.ts");
  return { step: "status", federation: await readFederation(task.data) };
}
