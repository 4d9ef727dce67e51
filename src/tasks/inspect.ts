/** @file The task `inspect`: what the method sees in a clip, as pictures, a video and a page. */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { type Inspection, inspectClip } from "../inspection/inspectClip.ts";
import { openEncoder } from "../method/node/openEncoder.ts";
import type { MotionMap } from "../motion/motionEstimator.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../method/node/weightsFile.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { weightsKey } from "./settings/encoder.ts";
import { protocolKeys, protocolOf } from "./settings/protocol.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { defineTask, strict, taskObject } from "./task.ts";

const inspectSchema = taskObject("inspect", {
  clip: z.string().describe("A video file or a folder of images."),
  out: z.string().describe("Folder for the pictures."),
  weights: weightsKey,
  frames: z
    .array(z.int().min(0))
    .min(1)
    .exactOptional()
    .describe("Frames to show. Default: five, spread over the clip."),
  every: z.int().min(1).exactOptional().describe("Show every n-th frame instead."),
  pixels: z
    .array(strict({ x: z.int().describe("Pixels to the right."), y: z.int().describe("Pixels down.") }))
    .min(1)
    .exactOptional()
    .describe("Pixels to follow up. Default: what moves most."),
  gap: z.int().min(1).max(256).default(5).describe("Frames back to the reference of candidates and value."),
  video: z.boolean().default(true).describe("Write a video too, of the stretch of frames shown."),
  ...protocolKeys,
});

type InspectSettings = z.output<typeof inspectSchema>;

/** Shows what the method sees in a clip. */
export const inspectTask = defineTask("inspect", inspectSchema, async (task, context): Promise<Inspection> => {
  const { frames, every, pixels, gap, video, out, motion, camera } = task;
  refuseBoth(task);
  requireOtherFolder(task.clip, out);
  const protocol = protocolOf(task);
  const { logger, machine, signal } = context;
  await using source = await openFrameSource(task.clip, { logger });
  const weights = await readEncoderWeights(task.weights ?? DEFAULT_WEIGHTS);
  let seen: MotionMap | undefined;
  // On this thread, where the motion that it finds can be drawn.
  await using encoder = await openEncoder({ ...machine, weights, motion, camera, onMotion: (map) => (seen = map) });
  return await inspectClip({
    source,
    encoder,
    encoderMotion: () => seen,
    weights,
    out,
    gap,
    video,
    protocol,
    logger,
    signal,
    frames,
    every,
    pixels,
    camera,
    threads: machine.threads,
  });
});

/** @throws UserError `inspect/frames` */
function refuseBoth({ frames, every }: InspectSettings): void {
  if (frames === undefined || every === undefined) return;
  throw new UserError("inspect/frames", {
    what: "--frames and --every both say which frames to show",
    expected: "one of them",
  });
}
