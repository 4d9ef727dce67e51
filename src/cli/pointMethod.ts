/** @file `--method`, and the way of following points that the flags choose. */
import { type Command, Option } from "commander";
import { copyFirstPoints, type PointMethod, trackedPoints } from "../evaluation/pointMethods.ts";
import { DirectMatching } from "../tracking/points/directMatching.ts";
import type { PointFollower } from "../tracking/points/pointFollower.ts";
import { PointPropagation } from "../tracking/points/pointPropagation.ts";
import type { InputSize } from "../tracking/points/trackPoints.ts";
import type { Protocol } from "../tracking/protocols.ts";
import { type EncoderFlags, openChosenEncoder } from "./encoderChoice.ts";
import { type ProtocolFlags, protocolOf } from "./protocolOptions.ts";

/** How points are followed. */
export type PointMethodName = "propagation" | "direct";

/** The flag of `pointMethodOption`. */
export interface PointMethodFlags {
  readonly method: PointMethodName;
}

/** Adds `--method`. */
export function pointMethodOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--method <name>",
      "how points are followed: propagation of heat maps, or direct matching of the features around them",
    )
      .choices(["propagation", "direct"])
      .default("propagation"),
  );
}

/** A new follower for each run. */
export function followerOf(method: PointMethodName, protocol: Protocol, threads?: number): () => PointFollower {
  return () =>
    method === "direct"
      ? new DirectMatching()
      : new PointPropagation({ protocol, ...(threads !== undefined && { threads }) });
}

/** What makes the tracks. */
export interface ChosenPointMethod extends AsyncDisposable {
  readonly method: PointMethod;
  /** All that the tracks depend on. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/**
 * @param size of the encoder's input without `--short-side`.
 * @throws UserError those of `protocolOf` and `openChosenEncoder`
 */
export async function openPointMethod(
  flags: EncoderFlags & ProtocolFlags & PointMethodFlags,
  size: InputSize,
): Promise<ChosenPointMethod> {
  if (flags.baseline === "copy-first")
    return { method: copyFirstPoints, identity: { method: "copy-first" }, [Symbol.asyncDispose]: async () => {} };
  const protocol = protocolOf(flags);
  const { encoder, identity } = await openChosenEncoder(flags);
  const inputSize = protocol.shortSide ?? size;
  return {
    method: trackedPoints({ encoder, follower: followerOf(flags.method, protocol, flags.threads), inputSize }),
    identity: { method: flags.method, ...identity, inputSize, ...(flags.method === "propagation" && { protocol }) },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
