/** @file Every setting of a training run, with its default: one object, unknown keys rejected. */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { encoderVariant, strideOf } from "../method/encoder.ts";
import { parts } from "./parts/index.ts";
import type { Part } from "./parts/part.ts";
import { type AnyConfig, claimOf, enabledParts } from "./runParts.ts";
import { batchKeys, motionKeys, runKeys } from "./settings.ts";

/** A key of the configuration for each part. */
type Blocks<List extends readonly Part[]> = { [P in List[number] as P["key"]]: z.ZodPrefault<P["schema"]> };

/** The shape of a configuration, key by key in the order in which it is saved. */
type Shape<List extends readonly Part[]> = typeof batchKeys & typeof motionKeys & typeof runKeys & Blocks<List>;

/**
 * A configuration with a block for each of some parts. The keys of motion stand behind the first block: saved
 * configurations are compared as text.
 */
function schemaOf<const List extends readonly Part[]>(list: List) {
  return z.strictObject({
    ...batchKeys,
    ...blocksOf(list.slice(0, 1)),
    ...motionKeys,
    ...blocksOf(list.slice(1)),
    ...runKeys,
  } as unknown as Shape<List>);
}

function blocksOf(list: readonly Part[]): Record<string, z.ZodType> {
  return Object.fromEntries(list.map(({ key, schema }) => [key, schema.prefault({})]));
}

/** A training run. Defaults: MAST's recipe (Lai et al. 2020) with the known cures, sized for a CPU. */
export const trainingConfigSchema = schemaOf(parts);

/** A complete configuration. */
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** What a user gives: any part of it. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;

/** `init` of a run that starts from seeded random weights. */
export const RANDOM_INIT = "none";

/** `init` of a run that starts from the weights of the package. */
export const DEFAULT_INIT = "default";

/**
 * From the default weights features are compared as these learned it (their notes): with other settings, what they know
 * would be undone first. The rate is a tenth of that of a random start, which undoes it too.
 */
const FROM_DEFAULT_WEIGHTS = { similarity: "cosine", temperature: 0.05, learningRate: 1e-4 } as const;

/**
 * Fills in the defaults and checks what depends on more than one key.
 * @throws UserError that lists every problem with its key.
 */
export function trainingConfig(given: unknown): TrainingConfig {
  return configOf(given, parts);
}

/** The same for any list of parts. */
export function configOf<const List extends readonly Part[]>(
  given: unknown,
  list: List,
): z.infer<ReturnType<typeof schemaOf<List>>> {
  const parsed = schemaOf(list).safeParse(withStart(given), { error: unknownKeys });
  if (!parsed.success) throw bad(z.prettifyError(parsed.error));
  const config = parsed.data;
  check(config as AnyConfig, list);
  return config;
}

/** A run from the default weights goes on as these were learned, unless told otherwise. */
function withStart(given: unknown): unknown {
  const isDefault = typeof given === "object" && given !== null && "init" in given && given.init === DEFAULT_INIT;
  return isDefault ? { ...FROM_DEFAULT_WEIGHTS, ...given } : given;
}

function check(config: AnyConfig, list: readonly Part[]): void {
  const stride = strideOf(encoderVariant(config.variant));
  if (config.size % stride !== 0)
    throw bad(`size: ${config.size} is no multiple of the stride ${stride} of ${config.variant}`);
  if (config.gaps.length !== config.gapWeights.length) {
    throw bad(`gapWeights: ${config.gapWeights.length} weights for ${config.gaps.length} gaps`);
  }
  checkLosses(config, list);
  if ((config.steps === undefined) === (config.minutes === undefined)) {
    throw bad("steps, minutes: give one of both, for example --minutes 30");
  }
}

/** Requires something to learn, and pairs for every loss to learn it from. */
function checkLosses(config: AnyConfig, list: readonly Part[]): void {
  const { pairs } = config;
  const enabled = enabledParts(config, list);
  const claim = enabled.find((part) => claimOf(part) > 0);
  const claimed = claim === undefined ? 0 : claimOf(claim);
  const key = `${claim?.part.key}.pairs`;
  if (claimed > pairs) throw bad(`${key}: ${claimed} of only ${pairs} pairs`);
  const teaching = enabled.filter(({ part }) => part.teaches);
  if (teaching.length === 0) {
    const able = list.filter(({ teaches }) => teaches).map(({ key }) => key);
    throw bad(`${able.join(", ")}: none is enabled, nothing would be learned`);
  }
  if (claimed === pairs && teaching.some((part) => part !== claim))
    throw bad(`${key}: all ${pairs} pairs, none is left for the other losses`);
}

/** Keys that do not exist, each with the nearest that does. */
function unknownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys" || !(issue.inst instanceof z.ZodObject)) return undefined;
  const known = Object.keys(issue.inst.shape);
  return issue.keys.map((key) => `unknown key "${key}", did you mean ${nearest(key, known)}?`).join("; ");
}

function bad(problems: string): UserError {
  return new UserError("training/config", { what: `the training configuration is not valid:\n${problems}` });
}
