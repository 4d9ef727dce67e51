/** @file The task `track`: labels of some frames, carried through a clip or a live source into a folder of results. */
import { defineTask } from "./task.ts";
import { trackSchema } from "./track/trackSchema.ts";
import { isStream } from "./settings/stream.ts";
import { refuseInClip, refuseInStream, type StreamOutcome, trackStream } from "./track/trackStream.ts";
import { type ClipOutcome, trackVideo } from "./track/trackVideo.ts";

/** The outcome, by the way it was tracked. */
export type TrackOutcome = ClipOutcome | StreamOutcome;

/** Carries masks, boxes or points of labelled frames through a video. */
export const trackTask = defineTask("track", trackSchema, async (task, context): Promise<TrackOutcome> => {
  if (!isStream(task)) {
    refuseInClip(task);
    return trackVideo(task, context);
  }
  refuseInStream(task);
  return trackStream(task, context);
});
