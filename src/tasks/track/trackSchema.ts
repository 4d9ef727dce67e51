/** @file The keys of a track task. */
import { z } from "zod";
import { BOXES, DIRECTIONS, LABEL_FORMATS } from "../choices.ts";
import { ensembleKey, weightsKey } from "../settings/encoder.ts";
import { encodingKey } from "../settings/encoding.ts";
import { pointMethodKey } from "../settings/pointMethod.ts";
import { maskKeys, protocolKeys } from "../settings/protocol.ts";
import { streamKeys } from "../settings/stream.ts";
import { choice, strict, taskObject } from "../task.ts";
import { endOfObject, labelFile } from "./trackLabels.ts";

export const trackSchema = taskObject("track", {
  video: streamKeys.video,
  labels: z.array(labelFile).min(1, "expected at least one file of labels").describe("Labels of one frame or more."),
  encoding: encodingKey(".csv and .json labels"),
  format: choice(LABEL_FORMATS)
    .exactOptional()
    .describe("The format of the labels. Default: told by the contents of each file."),
  out: z.string().describe("Folder of the results. One that holds results of the same video is resumed."),
  weights: weightsKey,
  start: z
    .int()
    .min(0)
    .exactOptional()
    .describe("The frame that labels without a frame belong to; of points and boxes, only this frame's. Default: 0."),
  ends: z.array(endOfObject).exactOptional().describe("Objects or points that end at a frame."),
  direction: choice(DIRECTIONS)
    .default("forward")
    .describe("Where labels are carried; both: also back, and merged between labelled frames."),
  range: strict({
    start: z.int().min(0).exactOptional().describe("The first frame. Default: 0."),
    end: z.int().min(0).exactOptional().describe("The frame after the last. Default: the end of the clip."),
  })
    .exactOptional()
    .describe("Only these frames."),
  depth: z
    .string()
    .exactOptional()
    .describe(
      "Folder with the depth of every frame, 16-bit PNG or .npy: what colours cannot tell apart is told by how far " +
        "away it is.",
    ),
  arrivals: z
    .string()
    .exactOptional()
    .describe(
      "Things that come in later become objects too: like:NAME (they look like this labelled object), like:any, or " +
        "moving (they move). Forward, from the labels of one frame.",
    ),
  boxes: choice(BOXES)
    .exactOptional()
    .describe(
      "What boxes stand for: refine: the thing inside, found by colour and edges; exact: the whole rectangle. " +
        "Default: refine, or as in the session that is resumed.",
    ),
  follow: streamKeys.follow,
  labelsFrame: z
    .string()
    .exactOptional()
    .describe("Of live sources: the picture that was labelled, to be found again among the first frames that come."),
  labelsWithin: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe("Of live sources: among how many frames the labelled picture is looked for."),
  ...protocolKeys,
  ...maskKeys,
  method: pointMethodKey,
  ensemble: ensembleKey,
  mmPerPx: z.number().gt(0).exactOptional().describe("Millimetres a pixel where the objects move, for speeds in mm/s."),
  overlay: z.boolean().default(true).describe("Write a video of the results."),
  pictures: z.boolean().default(true).describe("Write pictures of trajectories, speeds and a heat map."),
});

/** A track task with its defaults. */
export type TrackSettings = z.output<typeof trackSchema>;
