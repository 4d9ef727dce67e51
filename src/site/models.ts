/**
 * @file The registry of a site's models: `models/NUMBER-NAME/model.json`, each with where its weights lie, what it came
 * from and why it was accepted or refused. Model 0 is the package's. A model's folder is there whole or not at all.
 */
import { createHash } from "node:crypto";
import { copyFile, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { isThere, makeFolders, temporaryPath, writeError, writeFileAtomic } from "../core/files.ts";
import { commandLine } from "../core/shell.ts";
import { readJson } from "../formats/json.ts";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import type { Site } from "./siteFile.ts";
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

/** What a crash left of one that was being added ends in `.part`. */
const MODEL_FOLDER = /^\d+-(?!.*\.part$)/u;

/** All models, by number. @throws UserError `json/invalid` */
export async function readModels(folder: SiteFolder): Promise<SiteModel[]> {
  const names = (await readdir(folder.at("models")).catch(() => [])).filter((name) => MODEL_FOLDER.test(name));
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

/** The number that the next model gets. */
export function nextNumber(models: readonly SiteModel[]): number {
  return 1 + Math.max(0, ...models.map(({ number }) => number));
}

/** The name of weights in a model's folder, and of how the loss fell while they were learned. */
const WEIGHTS = "weights.safetensors";
export const METRICS = "metrics.jsonl";

/**
 * Adds a model: its folder is made beside its place and renamed, so that a crash leaves nothing or all of it.
 * @param weights a file, copied
 * @param metrics of the run that learned them, copied where there are any
 * @throws UserError `file/write`
 */
export async function addModel(
  folder: SiteFolder,
  given: Omit<SiteModel, "format" | "made" | "weights" | "sha256">,
  weights: string,
  metrics?: string,
): Promise<SiteModel> {
  const model: SiteModel = {
    format: 1,
    ...given,
    made: new Date().toISOString(),
    weights: WEIGHTS,
    sha256: await sha256(weights),
  };
  const place = folder.at("models", modelFolder(model));
  const temporary = temporaryPath(place);
  try {
    await rm(temporary, { recursive: true, force: true });
    await makeFolders(temporary);
    await copyFile(weights, join(temporary, WEIGHTS));
    await onDisk(join(temporary, WEIGHTS));
    if (metrics !== undefined && (await isThere(metrics))) await copyFile(metrics, join(temporary, METRICS));
    await writeFileAtomic(join(temporary, "model.json"), `${JSON.stringify(model, undefined, 1)}\n`);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error instanceof UserError ? error : writeError(place, error);
  }
  return model;
}

async function onDisk(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The model with a number. @throws UserError `site/model`, `json/invalid` */
export async function modelNumbered(folder: SiteFolder, number: number): Promise<SiteModel> {
  const models = await readModels(folder);
  const found = models.find((one) => one.number === number);
  if (found !== undefined) return found;
  throw new UserError("site/model", {
    what: `${folder.root} has no model ${number}`,
    expected: `one of ${models.map((one) => one.number).join(", ")}`,
    todo: `see ${commandLine(["tsumugi", "site", "models", folder.root])}`,
  });
}

/** The model in use. @throws UserError `site/model`, `json/invalid` */
export function modelInUse(folder: SiteFolder, { model }: Site): Promise<SiteModel> {
  return modelNumbered(folder, model);
}

/** Where the weights of a model are. */
export function weightsPath(folder: SiteFolder, model: Pick<SiteModel, "number" | "name" | "weights">): string {
  return model.weights === null ? DEFAULT_WEIGHTS : folder.at("models", modelFolder(model), model.weights);
}

/**
 * `changed`: they are not those that the model was made with; those of the package change with its version.
 */
export type WeightsState = "whole" | "changed" | "gone";

/** What became of a model's weights since it was made. */
export async function weightsState(folder: SiteFolder, model: SiteModel): Promise<WeightsState> {
  const path = weightsPath(folder, model);
  if (!(await isThere(path))) return "gone";
  return (await sha256(path)) === model.sha256 ? "whole" : "changed";
}

/**
 * The weights of a model, as they were made. Those of the package may be of another version.
 * @throws UserError `site/weights`
 */
export async function wholeWeights(folder: SiteFolder, model: SiteModel): Promise<string> {
  const path = weightsPath(folder, model);
  const state = await weightsState(folder, model);
  if (state === "whole" || (state === "changed" && model.weights === null)) return path;
  throw new UserError("site/weights", {
    what: `the weights of model ${modelFolder(model)} are ${state === "gone" ? "gone" : "not those that it was made with"}`,
    got: path,
    expected: `a file with the SHA-256 ${model.sha256}`,
    todo: `put it back, or use another model: ${commandLine(["tsumugi", "site", "models", folder.root, "use", "N"])}`,
  });
}

/** Of a file. */
export async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
