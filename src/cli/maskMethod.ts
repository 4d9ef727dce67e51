/** @file The way of carrying masks that a benchmark's flags choose. */
import { copyFirstMask, type MaskMethod } from "../evaluation/benchmarks/davisBenchmark.ts";
import { trackedMasks } from "../evaluation/benchmarks/trackedMasks.ts";
import { type EncoderFlags, openChosenEncoder } from "./encoderChoice.ts";
import { type ModeFlags, modeNameOf, modeOf, type ProtocolFlags, protocolOf } from "./protocolOptions.ts";

/** What makes the masks. */
export interface ChosenMaskMethod extends AsyncDisposable {
  readonly method: MaskMethod;
  /** All that the masks depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** What else is worth noting. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** @throws UserError those of `protocolOf` and `openChosenEncoder` */
export async function openMaskMethod(flags: EncoderFlags & ProtocolFlags & ModeFlags): Promise<ChosenMaskMethod> {
  if (flags.baseline === "copy-first")
    return {
      method: copyFirstMask,
      identity: { method: "copy-first" },
      notes: {},
      [Symbol.asyncDispose]: async () => {},
    };
  const protocol = protocolOf(flags);
  const mode = modeOf(flags);
  const { encoder, identity, notes } = await openChosenEncoder(flags);
  const { threads } = flags;
  return {
    method: trackedMasks({ encoder, protocol, mode, ...(threads !== undefined && { threads }) }),
    identity: { method: "propagation", ...identity, protocol, mode },
    notes: { protocolName: flags.protocol, modeName: modeNameOf(flags), ...notes },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
