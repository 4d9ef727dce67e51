/** @file The way of carrying masks that a benchmark's keys choose. */
import type { Machine } from "../../core/machine.ts";
import { copyFirstMask, type CorrectableMethod } from "../../evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../../evaluation/benchmarks/trackedMasks.ts";
import { type EncoderSettings, openChosenEncoder } from "./encoder.ts";
import { modeNameOf, modeOf, type ProtocolSettings, protocolOf } from "./protocol.ts";

/** What makes the masks. */
export interface ChosenMaskMethod extends AsyncDisposable {
  readonly method: CorrectableMethod;
  /** All that the masks depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** @throws UserError those of `protocolOf` and `openChosenEncoder` */
export async function openMaskMethod(
  settings: EncoderSettings & ProtocolSettings,
  machine: Machine,
): Promise<ChosenMaskMethod> {
  if (settings.baseline === "copy-first")
    return {
      method: copyFirstMask,
      identity: { method: "copy-first" },
      notes: {},
      [Symbol.asyncDispose]: async () => {},
    };
  const protocol = protocolOf(settings);
  const mode = modeOf(settings);
  const { encoder, identity, notes } = await openChosenEncoder(settings, machine);
  return {
    method: trackedMasks({ encoder, protocol, mode, threads: machine.threads }),
    identity: { method: "propagation", ...identity, protocol, mode },
    notes: { protocolName: settings.protocol, modeName: modeNameOf(settings), ...notes },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
