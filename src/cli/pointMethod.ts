/** @file `--method`, and the way of following points that the flags choose. */
import { type Command, Option } from "commander";
import { copyFirstPoints, type PointMethod, trackedPoints } from "../evaluation/benchmarks/pointMethods.ts";
import { UserError } from "../core/errors.ts";
import { DirectMatching } from "../tracking/points/directMatching.ts";
import type { PointFollower } from "../tracking/points/pointFollower.ts";
import { PointPropagation } from "../tracking/points/pointPropagation.ts";
import type { InputSize } from "../tracking/points/trackPoints.ts";
import { type EncoderFlags, openChosenEncoder } from "./encoderChoice.ts";
import { type ModeFlags, modeNameOf, modeOf, type ProtocolFlags, protocolOf } from "./protocolOptions.ts";

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

/** The flags that say how points are followed, and with what. */
type FollowerFlags = ProtocolFlags & ModeFlags & PointMethodFlags & Pick<EncoderFlags, "threads">;

/** A new follower for each run, and all that its tracks depend on. @throws UserError as `protocolOf` */
export function followerOf(flags: FollowerFlags): {
  readonly follower: () => PointFollower;
  readonly identity: Readonly<Record<string, unknown>>;
} {
  const { method, threads } = flags;
  const protocol = protocolOf(flags);
  if (method === "direct") return { follower: () => new DirectMatching(), identity: { method } };
  if (flags.mode === "live")
    throw new UserError("mode/points", {
      what: "benchmarks of points have no mode live: their input has one size",
      expected: "--mode exact or fast",
    });
  const { pruning } = modeOf(flags, modeNameOf(flags, true));
  return {
    follower: () => new PointPropagation({ protocol, pruning, ...(threads !== undefined && { threads }) }),
    identity: { method, protocol, pruning },
  };
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
  flags: EncoderFlags & FollowerFlags,
  size: InputSize,
): Promise<ChosenPointMethod> {
  if (flags.baseline === "copy-first")
    return { method: copyFirstPoints, identity: { method: "copy-first" }, [Symbol.asyncDispose]: async () => {} };
  const { follower, identity: how } = followerOf(flags);
  const { encoder, identity } = await openChosenEncoder(flags);
  const inputSize = flags.shortSide ?? size;
  return {
    method: trackedPoints({ encoder, follower, inputSize }),
    identity: { ...how, ...identity, inputSize },
    [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose](),
  };
}
