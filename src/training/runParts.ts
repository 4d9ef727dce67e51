/** @file The parts that a configuration switches on, and what they have to know of each other. */
import { internal } from "../core/errors.ts";
import { channelsOf, encoderVariant, strideOf } from "../method/encoder.ts";
import { parts } from "./parts/index.ts";
import type { ActivePart, Part, PartBlock, PartRun, Term, Traits } from "./parts/part.ts";
import type { BatchPlan } from "./parts/plan.ts";
import type { Settings } from "./settings.ts";

/** A configuration with whatever blocks its parts have. */
export type AnyConfig = Settings & Readonly<Record<string, unknown>>;

/** A run's parts. */
export interface RunParts extends PartRun {
  /** In the order of the list. */
  readonly active: readonly ActivePart[];
}

/** A part with its block of the configuration. */
interface EnabledPart {
  readonly part: Part;
  readonly own: PartBlock;
}

/** @param list the parts there are. */
export function partsOf(config: AnyConfig, list: readonly Part[] = parts): RunParts {
  const enabled = enabledParts(config, list);
  const run = { settings: config, plan: planOf(config, enabled), traits: traitsOf(enabled) };
  const active = enabled.map(({ part, own }) => part.on(own, run));
  if (active.filter((part) => part.guide !== undefined).length > 1) throw internal("two parts guide the affinity");
  return { ...run, active };
}

/** The parts that are switched on, in the order of the list. */
export function enabledParts(config: AnyConfig, list: readonly Part[]): EnabledPart[] {
  return list.map((part) => ({ part, own: config[part.key] as PartBlock })).filter(({ own }) => own.enabled);
}

/** How many pairs of a batch a part fills with views of its own. */
export function claimOf({ part, own }: EnabledPart): number {
  return part.claims?.(own) ?? 0;
}

/** All losses, in the order of the parts. */
export function termsOf({ active }: Pick<RunParts, "active">): Term[] {
  return active.flatMap(({ terms = [] }) => terms);
}

/** The losses that are put together. */
export function minimisedTerms(run: Pick<RunParts, "active">): Term[] {
  return termsOf(run).filter(({ role }) => role === "minimised");
}

function planOf({ pairs, references, size, variant }: Settings, enabled: readonly EnabledPart[]): BatchPlan {
  const encoder = encoderVariant(variant);
  const stride = strideOf(encoder);
  const claims = enabled.map(claimOf).filter((count) => count > 0);
  if (claims.length > 1) throw internal("two parts claim pairs of a batch");
  const [claimed = 0] = claims;
  return {
    claimed,
    temporal: pairs - claimed,
    references,
    cells: size / stride,
    stride,
    channels: channelsOf(encoder),
  };
}

const noTraits: Traits = {
  rebuilds: false,
  motion: false,
  weighted: false,
  keepsPlain: false,
  ownShareCounts: false,
  regionConsistency: false,
  watchesSum: false,
};

function traitsOf(enabled: readonly EnabledPart[]): Traits {
  const said = enabled.map(({ part, own }) => part.traits?.(own) ?? {});
  const names = Object.keys(noTraits) as (keyof Traits)[];
  return Object.fromEntries(
    names.map((name) => [name, said.some((traits) => traits[name] === true)]),
  ) as unknown as Traits;
}
