/**
 * @file The registry of a site's models: `models/NUMBER-NAME/model.json`, each with where its weights lie, what it came
 * from and why it was accepted or refused. Model 0 is the package's.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { readJson } from "../formats/json.ts";
import type { SiteFolder } from "./siteFolder.ts";

export const siteModelSchema = z.strictObject({
  format: z.literal(1),
  number: z.int().min(0),
  name: z.string().min(1),
  made: z.iso.datetime(),
  /** Of the model it was learned from; null = none of this site. */
  parent: z.int().min(0).nullable(),
  /** Relative to the model's folder; null = the weights of the package. */
  weights: z.string().nullable(),
  /** Of the weights, when the model was made. */
  sha256: z.string(),
  /** What it was learned with. */
  config: z.record(z.string(), z.unknown()),
  /** Numbers that the decision was made by. */
  scores: z.record(z.string(), z.number()),
  accepted: z.boolean(),
  /** Why it was accepted or refused. */
  reason: z.string(),
});
/** The contents of `model.json`. */
export type SiteModel = z.output<typeof siteModelSchema>;

/** Name of a model's folder: `0000-default`. */
export function modelFolder({ number, name }: Pick<SiteModel, "number" | "name">): string {
  return `${String(number).padStart(4, "0")}-${name}`;
}

/** All models, by number. @throws UserError `json/invalid` */
export async function readModels(folder: SiteFolder): Promise<SiteModel[]> {
  const names = (await readdir(folder.at("models")).catch(() => [])).filter((name) => /^\d+-/u.test(name));
  const models = await Promise.all(
    names.map((name) => readJson(folder.at("models", name, "model.json"), siteModelSchema, "model")),
  );
  return models.sort((a, b) => a.number - b.number);
}

/** Registers the weights of the package as model 0. @param weights their path @throws UserError `file/write` */
export async function registerDefault(folder: SiteFolder, weights: string): Promise<void> {
  const model: SiteModel = {
    format: 1,
    number: 0,
    name: "default",
    made: new Date().toISOString(),
    parent: null,
    weights: null,
    sha256: await sha256(weights),
    config: {},
    scores: {},
    accepted: true,
    reason: "the weights of the package",
  };
  await folder.writeJson(["models", modelFolder(model), "model.json"], model);
}

/** Of a file. */
export async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
