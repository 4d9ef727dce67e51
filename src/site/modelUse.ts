/**
 * @file Which model of the registry is used: changing it, and going back. `site.json` says which it is, the history why.
 */
import { UserError } from "../core/errors.ts";
import { commandLine } from "../core/shell.ts";
import type { SiteEvent } from "./history.ts";
import {
  modelFolder,
  modelNumbered,
  readModels,
  type SiteModel,
  type WeightsState,
  weightsState,
  wholeWeights,
} from "./models.ts";
import type { Site } from "./siteFile.ts";
import { SiteFolder } from "./siteFolder.ts";

/** What is asked of the registry. */
export type ModelsAction =
  | { readonly action: "list" }
  | { readonly action: "show"; readonly number: number }
  | { readonly action: "use"; readonly number: number }
  | { readonly action: "rollback" };

/** A model with what became of it. */
export interface ListedModel extends SiteModel {
  readonly inUse: boolean;
  readonly weightsState: WeightsState;
}

/** What there is; after a change, what was used before. */
export interface ModelsResult {
  readonly action: ModelsAction["action"];
  readonly inUse: number;
  /** The model in use before; null where nothing changed. */
  readonly before: number | null;
  /** All, or the one that was asked for. */
  readonly models: readonly ListedModel[];
}

/** @throws UserError `site/missing`, `site/model`, `site/weights`, `site/no-rollback`, `lock/busy`, `file/write` */
export async function siteModels(root: string, asked: ModelsAction): Promise<ModelsResult> {
  const folder = new SiteFolder(root);
  const site = await folder.read();
  if (asked.action === "list" || asked.action === "show") {
    const models = asked.action === "list" ? await readModels(folder) : [await modelNumbered(folder, asked.number)];
    return { action: asked.action, inUse: site.model, before: null, models: await listed(folder, site, models) };
  }
  await using _ = await folder.lock();
  // Read again: another process may have changed it before the lock was free.
  const now = await folder.read();
  const number = asked.action === "use" ? asked.number : await modelBefore(folder, now);
  const after = await useModel(folder, now, number, asked.action);
  return {
    action: asked.action,
    inUse: after.model,
    before: now.model === after.model ? null : now.model,
    models: await listed(folder, after, await readModels(folder)),
  };
}

function listed(folder: SiteFolder, site: Site, models: readonly SiteModel[]): Promise<ListedModel[]> {
  return Promise.all(
    models.map(async (model) => ({
      ...model,
      inUse: model.number === site.model,
      weightsState: await weightsState(folder, model),
    })),
  );
}

/** Why the model in use was changed: by a person, because a new one was better, or because it was worse after all. */
export type UseReason = "use" | "rollback" | "accepted";

/**
 * Uses a model, whether it was accepted or refused: whoever chooses one may know more. The site's lock is held.
 * @throws UserError `site/model`, `site/weights`, `file/write`
 */
export async function useModel(
  folder: SiteFolder,
  site: Site,
  number: number,
  why: UseReason,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Site> {
  const model = await modelNumbered(folder, number);
  await wholeWeights(folder, model);
  if (site.model === number) return site;
  const after = { ...site, model: number };
  await folder.write(after);
  await folder.note("model", { from: site.model, to: number, name: modelFolder(model), why, ...more });
  return after;
}

/**
 * The models that were used, the one in use last. Going back takes the last one away, so that going back twice leads to
 * the one before that. A change that a crash kept from being noted counts too.
 */
export function usedModels(history: readonly SiteEvent[], inUse: number): number[] {
  const used = [0];
  for (const { what, ...more } of history) {
    if (what !== "model") continue;
    if (more["why"] === "rollback") used.pop();
    const to = Number(more["to"]);
    if (used.at(-1) !== to) used.push(to);
  }
  return used.at(-1) === inUse ? used : [...used, inUse];
}

/** @throws UserError `site/no-rollback` */
async function modelBefore(folder: SiteFolder, site: Site): Promise<number> {
  const before = usedModels(await folder.history(), site.model).at(-2);
  if (before !== undefined) return before;
  throw new UserError("site/no-rollback", {
    what: "there is no model to go back to",
    got: `model ${site.model}, the first that was used`,
    todo: `choose one: ${commandLine(["tsumugi", "site", "models", folder.root, "use", "N"])}`,
  });
}
