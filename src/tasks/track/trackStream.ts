/** @file The task `track` on a video that is still coming in: a camera's address, a pipe, a file that grows. */
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { readPointLabels } from "../../formats/registry.ts";
import { boxMask, type BoxShape, outlineMask } from "../../tracking/masks/boxLabels.ts";
import { type LiveInput, openLiveFrames } from "../../video/sources/liveSource.ts";
import { readLabelMask } from "../../video/masks/labelMask.ts";
import { openWeights } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import type { RunContext } from "../task.ts";
import { fitLabels } from "./fitLabels.ts";
import { isPointFile, type LabelFile } from "./trackLabels.ts";
import { type LiveResult, trackLive, type TrackLiveOptions } from "./trackLive.ts";
import type { TrackSettings } from "./trackSchema.ts";

/** A live source was tracked. */
export interface StreamOutcome {
  readonly kind: "stream";
  /** Folder of the results. */
  readonly out: string;
  readonly result: LiveResult;
}

/** Whether the video is anything but a complete file. */
export function isStream({ video, follow }: Pick<TrackSettings, "video" | "follow">): boolean {
  return follow || video === "-" || /^[a-z][a-z0-9+]+:\/\//iu.test(video);
}

/** Refuses what needs frames that have not come yet, or are gone. @throws UserError `track/live` */
export function refuseInStream({ video, direction, range, ends, start, labels }: TrackSettings): void {
  const wrong =
    (direction !== "forward" && "--direction") ||
    (range !== undefined && "--range") ||
    (ends !== undefined && "--end") ||
    (start !== undefined && "--start") ||
    ((labels.length > 1 || labels[0].frame !== undefined) && "labels of several frames");
  if (wrong === false) return;
  throw new UserError("track/live", {
    what: `${video} is a live source: ${wrong} cannot be used`,
    expected: "labels of the first frame that comes",
    todo: "record it first to track it in other ways",
  });
}

/** @throws UserError those of `openLiveFrames`, `trackLive` and the labels; `track/live` for points */
export async function trackStream(task: TrackSettings, context: RunContext): Promise<StreamOutcome> {
  try {
    return await trackFrames(task, context);
  } finally {
    // A pipe that is still open would keep the process alive.
    if (task.video === "-") process.stdin.destroy();
  }
}

async function trackFrames(task: TrackSettings, { logger, machine, signal }: RunContext): Promise<StreamOutcome> {
  const { video, labels, boxes, out, encoding } = task;
  const [file] = labels;
  const first = await firstMask(file, boxes, { logger, ...(encoding !== undefined && { encoding }) });
  const protocol = protocolOf(task);
  await using encoder = await openWeights(task, machine);
  await using live = await openLiveFrames(inputOf(task));
  const work = { live, sourceName: video, encoder, first, firstName: file.path, protocol, mode: modeOf(task), out };
  const result = await trackLive({ ...work, threads: machine.threads, signal, logger });
  return { kind: "stream", out, result };
}

function inputOf({ video, follow }: TrackSettings): LiveInput {
  if (video === "-") return { bytes: process.stdin };
  return follow ? { growingFile: video } : { url: video };
}

/** Labels of the first frame, once it has come. */
async function firstMask(
  file: LabelFile,
  shape: BoxShape = "refine",
  options: ReadOptions & { readonly logger: Logger },
): Promise<TrackLiveOptions["first"]> {
  if (!isPointFile(file)) {
    const mask = await readLabelMask(file.path, { logger: options.logger });
    return () => mask;
  }
  const { frames } = await readPointLabels(file.path, options);
  if (frames.some(({ points = [] }) => points.length > 0))
    throw new UserError("track/live", {
      what: `${file.path} has points, which cannot be followed in a live source yet`,
      expected: "a mask or boxes of the first frame",
    });
  const [{ frame, boxes = [] }] = frames;
  const labels = [{ frame, boxes, name: file.path }];
  return (picture) => {
    const fitted = fitLabels(labels, picture, options.logger).flatMap((one) => one.boxes ?? []);
    const numbered = { boxes: fitted, ids: fitted.map((_, i) => i + 1), name: file.path };
    return shape === "exact" ? boxMask(numbered, picture) : outlineMask(numbered, picture, options.logger);
  };
}
