/** @file How trials of a site track: as its clips are tracked, on small pictures. */
import type { Machine } from "../../core/machine.ts";
import type { TrialSetup } from "../../site/adapt/trials.ts";
import type { Site } from "../../site/siteFile.ts";
import { openWeights } from "../settings/encoder.ts";
import { modeOf, type ProtocolSettings, protocolOf } from "../settings/protocol.ts";
import { trackTask } from "../track.ts";

/** Shorter side of the pictures of trials, px: what tells weights apart shows in small ones, in a fraction of the time. */
export const TRIAL_SIDE = 240;

/** The settings of tracking with those of a site over the usual ones. @throws UserError `task/invalid` */
export function settingsOf(tracker: Site["tracker"]): ProtocolSettings {
  return trackTask.parse({ video: "", labels: [""], out: "", ...tracker });
}

/** An open encoder with the settings of tracking; disposed of as a whole. */
export async function openTrialSetup(
  weights: string,
  tracker: Site["tracker"],
  machine: Machine,
): Promise<TrialSetup & AsyncDisposable> {
  const settings = settingsOf(tracker);
  const protocol = protocolOf(settings);
  const mode = modeOf(settings);
  const encoder = await openWeights({ weights, motion: true }, machine);
  return {
    encoder,
    protocol,
    mode,
    threads: machine.threads,
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
