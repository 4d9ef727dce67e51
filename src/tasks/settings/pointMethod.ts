/** @file How points are followed: `method` as a key of a task, and what it chooses. */
import type { z } from "zod";
import { UserError } from "../../core/errors.ts";
import type { Machine } from "../../core/machine.ts";
import {
  copyFirstPoints,
  type PointMethod,
  type PointTracking,
  trackedPoints,
} from "../../evaluation/benchmarks/pointMethods.ts";
import type { InputSize } from "../../tracking/encodedFrames.ts";
import { modes } from "../../tracking/modes.ts";
import { DirectMatching } from "../../tracking/points/directMatching.ts";
import { POINT_METHODS } from "../choices.ts";
import { choice } from "../task.ts";
import { type EncoderSettings, openChosenEncoder } from "./encoder.ts";
import { modeNameOf, modeOf, type ProtocolSettings, protocolOf } from "./protocol.ts";

/** The method's key. */
export const pointMethodKey = choice(POINT_METHODS)
  .default("propagation")
  .describe("How points are followed: propagation of heat maps, or direct matching of the features around them.");

/** The keys that say how points are followed. */
export type FollowerSettings = ProtocolSettings & { readonly method: z.output<typeof pointMethodKey> };

const directMatching = (): DirectMatching => new DirectMatching();

/** How points are followed, and all that their tracks depend on. @throws UserError `mode/points` and as `protocolOf` */
export function pointTrackingOf(
  settings: FollowerSettings,
  machine: Machine,
): {
  readonly tracking: PointTracking;
  readonly identity: Readonly<Record<string, unknown>>;
} {
  const { method } = settings;
  const protocol = protocolOf(settings);
  if (method === "direct")
    return { tracking: { protocol, mode: modes.exact, follower: directMatching }, identity: { method } };
  if (settings.mode === "live")
    throw new UserError("mode/points", {
      what: "benchmarks of points have no mode live: their input has one size",
      expected: "--mode exact or fast",
    });
  const mode = modeOf(settings, modeNameOf(settings, true));
  const tracking = { protocol, mode, threads: machine.threads };
  return { tracking, identity: { method, protocol, pruning: mode.pruning } };
}

/** What makes the tracks. */
export interface ChosenPointMethod extends AsyncDisposable {
  readonly method: PointMethod;
  /** All that the tracks depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/**
 * @param size of the encoder's input without `shortSide`.
 * @throws UserError those of `pointTrackingOf` and `openChosenEncoder`
 */
export async function openPointMethod(
  settings: EncoderSettings & FollowerSettings,
  size: InputSize,
  machine: Machine,
): Promise<ChosenPointMethod> {
  if (settings.baseline === "copy-first")
    return { method: copyFirstPoints, identity: { method: "copy-first" }, [Symbol.asyncDispose]: async () => {} };
  const { tracking, identity: how } = pointTrackingOf(settings, machine);
  const { encoder, identity } = await openChosenEncoder(settings, machine);
  const inputSize = settings.shortSide ?? size;
  return {
    method: trackedPoints({ ...tracking, encoder, inputSize }),
    identity: { ...how, ...identity, inputSize },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
