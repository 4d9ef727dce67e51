/**
 * @file Which clips are tracked with what: every passage with a label to start from, with each model that is compared,
 * with and without corrections. The tracking itself is the task `track`.
 */
import { VOID } from "../video/labelMap.ts";
import { readSitePoints, type SiteLabel, type SiteMasks } from "./labels.ts";
import { modelFolder, type SiteModel } from "./models.ts";
import type { PlannedPassage } from "./plan/planFile.ts";
import type { SitePreset } from "./siteFile.ts";

/** What is compared: a model of the registry, or an encoder that has learned nothing. */
export type RunModel = Pick<SiteModel, "number" | "name"> | "untrained";

/** A passage as it was labelled. */
export interface LabelledPassage {
  readonly passage: PlannedPassage;
  /** What the tracker may be given, by frame: the first is where it starts. */
  readonly given: readonly SiteLabel[];
  /** What it is measured by. */
  readonly verdict: readonly SiteLabel[];
}

/**
 * What a run is compared as. `model`: the model in use with the settings in use; `untuned`: the same with the usual
 * settings; `default`: the weights of the package with the usual settings.
 */
export type RunMethod = "untrained" | "default" | "untuned" | "model";

/** What tracks. */
export interface Runner {
  readonly model: RunModel;
  /** Null: the site's usual settings. */
  readonly preset: SitePreset | null;
}

/** A passage to track. */
export interface SiteRun extends Runner {
  readonly method: RunMethod;
  /** Labels given beyond the first. */
  readonly corrections: number;
  readonly labelled: LabelledPassage;
}

/**
 * The passages with a label, in the plan's order. Labels in which there is nothing cannot be given: a passage starts
 * from the first that has something.
 * @throws UserError those of `SiteMasks.read`
 */
export async function labelledPassages(
  labels: readonly SiteLabel[],
  passages: readonly PlannedPassage[],
  masks: SiteMasks,
): Promise<LabelledPassage[]> {
  const found: LabelledPassage[] = [];
  for (const passage of passages) {
    const own = labels.filter((label) => label.passage.key === passage.key);
    if (own.length === 0) continue;
    const given: SiteLabel[] = [];
    for (const label of own) if (label.role !== "verdict" && (await hasSomething(label, masks))) given.push(label);
    found.push({ passage, given, verdict: own.filter(({ role }) => role === "verdict") });
  }
  return found;
}

async function hasSomething(label: SiteLabel, masks: SiteMasks): Promise<boolean> {
  if (label.kind === "points") return (await readSitePoints(label)).length > 0;
  return (await masks.read(label)).data.some((value) => value !== 0 && value !== VOID);
}

/** Name of what tracks, in `runs/` and in messages: `0001-adapted+tuned`. */
export function runnerKey({ model, preset }: Runner): string {
  const name = model === "untrained" ? model : modelFolder(model);
  return preset === null ? name : `${name}+${preset.name}`;
}

/** The folder of a run below the site's: `runs/0000-default/0/clip@00000`. */
export function runFolder({ corrections, labelled, ...runner }: SiteRun): readonly string[] {
  return ["runs", runnerKey(runner), String(corrections), labelled.passage.key];
}

/**
 * The labels of a passage, in the order in which they are given: the first, then those that split what is left most
 * evenly, as someone who looks through the passage and corrects would meet them.
 */
export function correctionOrder(given: readonly SiteLabel[], end: number): SiteLabel[] {
  if (given.length === 0) return [];
  const taken = [given[0]];
  const left = given.slice(1);
  const room = ({ frame }: SiteLabel): number =>
    Math.min(...[...taken.map((one) => one.frame), end].map((other) => Math.abs(other - frame)));
  while (left.length > 0) {
    const next = left.reduce((best, one) => (room(one) > room(best) ? one : best));
    taken.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return taken;
}

/**
 * Everything to track, the most important first: without corrections with what is in use, then corrections, then what it
 * is compared with. A passage with too few labels for a number of corrections is not in it.
 * @param most corrections
 */
export function plannedRuns(passages: readonly LabelledPassage[], inUse: Runner, most: number): SiteRun[] {
  const started = passages.filter(({ given }) => given.length > 0);
  const corrected = Array.from({ length: most + 1 }, (_, corrections) =>
    started
      .filter(({ given }) => given.length > corrections)
      .map((labelled): SiteRun => ({ ...inUse, method: "model", corrections, labelled })),
  ).flat();
  const others = comparedWith(inUse).flatMap((one) =>
    started.map((labelled): SiteRun => ({ ...one, corrections: 0, labelled })),
  );
  return [...corrected, ...others];
}

/** What shows where a gain comes from: nothing that is the same as what is in use. */
function comparedWith({ model, preset }: Runner): (Runner & Pick<SiteRun, "method">)[] {
  const isDefault = model !== "untrained" && model.number === 0;
  return [
    ...(preset !== null && !isDefault ? [{ method: "untuned" as const, model, preset: null }] : []),
    ...(preset !== null || !isDefault
      ? [{ method: "default" as const, model: { number: 0, name: "default" }, preset: null }]
      : []),
    { method: "untrained", model: "untrained", preset: null },
  ];
}
