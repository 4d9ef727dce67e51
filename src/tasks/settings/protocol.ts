/** @file How labels are carried, as keys of a task: a protocol by name, single choices over it, and a mode. */
import { z } from "zod";
import { type Mode, type ModeName, modes, usualMode } from "../../tracking/modes.ts";
import { type Protocol, resolveProtocol } from "../../tracking/protocols.ts";
import {
  CAMERAS,
  CANDIDATES,
  FIRST_FRAMES,
  MODES,
  POINT_MOTIONS,
  PROTOCOLS,
  TARGETS,
  UPSAMPLINGS,
  VISIBILITIES,
} from "../choices.ts";
import { choice, strict } from "../task.ts";

/** `motion` and `camera`, of every task that encodes frames. */
export const motionKeys = {
  motion: z.boolean().default(true).describe("Use the motion image that the encoder was trained with, if it was."),
  camera: choice(CAMERAS)
    .exactOptional()
    .describe("What is known of the camera, for motion. Default: as the weights were learned."),
};

/** The shorter side of the encoder's input. */
export const shortSideKey = z
  .int()
  .min(16)
  .max(8192)
  .exactOptional()
  .describe("Resizes frames for the encoder to this shorter side, px. Default: what mode and labels need.");

/** The protocol and single choices over it. */
export const protocolKeys = {
  protocol: choice(PROTOCOLS).default("default").describe("How labels are carried from frame to frame."),
  topK: z
    .union([z.int().min(1), z.literal("all")])
    .exactOptional()
    .describe("Candidates kept for each cell, or all."),
  radius: z.number().gt(0).exactOptional().describe("Search radius in feature cells."),
  temperature: z.number().gt(0).exactOptional().describe("Divides the similarities before the softmax."),
  memory: z
    .union([z.int().min(0).max(256), z.array(z.int().min(1).max(256)).min(1)])
    .exactOptional()
    .describe("Recent frames in the memory: how many, or a list of distances back."),
  first: choice(FIRST_FRAMES)
    .exactOptional()
    .describe("The labelled frame in the memory: searched everywhere, within the radius, or not at all."),
  upsampling: choice(UPSAMPLINGS)
    .exactOptional()
    .describe("From feature cells to mask pixels; guided follows the edges of the picture."),
  visibility: choice(VISIBILITIES)
    .exactOptional()
    .describe("judged: an object that seems covered or gone has an empty mask; always: never empty."),
  target: choice(TARGETS)
    .exactOptional()
    .describe(
      "motion: a model of each object, learned on the clip, helps, by looks and motion; model: by looks alone; none: labels are only copied.",
    ),
  pointMotion: choice(POINT_MOTIONS)
    .exactOptional()
    .describe("flow: a point is searched where optical flow carries it; none: near where it was."),
  ...motionKeys,
  shortSide: shortSideKey,
};

/** The mode's key alone. */
export const modeKey = choice(MODES)
  .exactOptional()
  .describe("How much exactness is traded for speed. Default: fast for masks with the protocol default, else exact.");

/** The mode, and where cells may copy from. */
export const maskKeys = {
  mode: modeKey,
  candidates: choice(CANDIDATES)
    .exactOptional()
    .describe("clusters: cells copy only from regions like their own. Default: from all."),
};

const settingsSchema = strict({ ...protocolKeys, ...maskKeys });

/** All of these keys; tasks without some of them leave them out. */
export type ProtocolSettings = z.output<typeof settingsSchema>;

/** The name of the mode: by default the usual one, or with a radius the one that keeps to it. */
export function modeNameOf(
  { mode, protocol, radius }: Pick<ProtocolSettings, "mode" | "protocol" | "radius">,
  hasPoints = false,
): ModeName {
  return mode ?? (radius === undefined ? usualMode(protocol, hasPoints) : "exact");
}

/** The mode; memory frames asked for by number are not cut down. @param name default `modeNameOf` of the settings. */
export function modeOf(settings: ProtocolSettings, name = modeNameOf(settings)): Mode {
  return settings.memory === undefined ? modes[name] : { ...modes[name], recentFrames: null };
}

/** The protocol with its single choices. @throws UserError `protocol/invalid` */
export function protocolOf(settings: ProtocolSettings): Protocol {
  const {
    topK,
    temperature,
    shortSide,
    upsampling,
    visibility,
    target,
    pointMotion,
    radius,
    memory: recent,
    first,
    candidates,
  } = settings;
  return resolveProtocol(settings.protocol, {
    topK: topK === "all" ? null : topK,
    temperature,
    shortSide,
    upsampling,
    candidates,
    visibility,
    target,
    pointMotion,
    radius: { cells: radius },
    memory: { recent, first },
  });
}
