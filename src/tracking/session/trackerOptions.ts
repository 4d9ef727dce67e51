/** @file The options of a `Tracker` are checked when it opens, so that a wrong one fails at once and by name. */
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { editDistance, nearest } from "../../core/nearest.ts";
import { schemaIssue } from "../../core/schemaIssue.ts";
import { BOX_SHAPES } from "../masks/boxLabels.ts";
import { requireMode, requireProtocol } from "../modeChecks.ts";

const has = (method: string) => (value: unknown) =>
  typeof value === "object" && value !== null && typeof (value as Record<string, unknown>)[method] === "function";

const optionsSchema = z.object({
  folder: z.string().min(1),
  source: z.custom(has("frames"), "a FrameSource, for example of openFrameSource()"),
  encoder: z.custom(has("encode"), "a FeatureExtractor, for example of openEncoder()"),
  protocol: z.unknown(),
  mode: z.unknown().optional(),
  direction: z.enum(["forward", "backward", "both"]).optional(),
  range: z.strictObject({ start: z.number().optional(), end: z.number().optional() }).optional(),
  boxes: z.enum(BOX_SHAPES).optional(),
  depth: z.custom(has("at"), "a DepthSource, for example of openDepthFolder()").optional(),
  arrivals: z
    .strictObject({
      what: z.string(),
      births: z.int().min(1).max(1000).optional(),
      deaths: z.int().min(1).max(1000).optional(),
      away: z.int().min(0).max(100_000).optional(),
    })
    .optional(),
  identity: z.record(z.string(), z.unknown()).optional(),
  threads: z.int().min(1).max(256).optional(),
  logger: z.custom(has("info"), "a Logger").optional(),
});

/** `TrackerOptions` before they are checked. */
interface CheckedOptions {
  readonly protocol: unknown;
  readonly mode?: unknown;
}

const NAMES = Object.keys(optionsSchema.shape);

/** Two keys pressed wrong: further from a name than this, a key belongs to a caller that has options of its own. */
const TYPO = 2;

/**
 * Callers may pass more than these options (they often spread their own), but a key that is nearly one of them is a
 * typo.
 * @throws UserError `tracking/options`, `mode/invalid`, `protocol/invalid`
 */
export function requireTrackerOptions(options: CheckedOptions): void {
  requireNames(Object.keys(options));
  const checked = optionsSchema.safeParse(options);
  if (!checked.success) {
    const example = { range: { start: 0, end: 1 } };
    throw new UserError(
      "tracking/options",
      schemaIssue("options of the tracker", checked.error.issues[0], options, example),
    );
  }
  requireProtocol(options.protocol);
  if (options.mode !== undefined) requireMode(options.mode);
}

function requireNames(keys: readonly string[]): void {
  const isTypo = (key: string): boolean =>
    !NAMES.includes(key) && NAMES.some((name) => editDistance(name.toLowerCase(), key.toLowerCase()) <= TYPO);
  const typo = keys.find(isTypo);
  if (typo === undefined) return;
  throw new UserError("tracking/options", {
    what: `the tracker has no option "${typo}"`,
    expected: NAMES.join(", "),
    todo: `did you mean ${nearest(typo, NAMES)}?`,
  });
}
