/** @file The task `events`: what tracked things do at lines and areas. */
import { basename } from "node:path";
import { z } from "zod";
import { destinationsAt } from "../outbox/address.ts";
import { watchTracks, type WatchOutcome } from "../watch/watchTracks.ts";
import { readZones } from "../watch/zones.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { READABLE_FORMATS } from "./choices.ts";
import { openLabels } from "./convert/openLabels.ts";
import { placedIn } from "./convert/placedFrames.ts";
import { encodingKey } from "./settings/encoding.ts";
import { frameSizeKey } from "./settings/frameSize.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { sendKey } from "./settings/send.ts";
import { choice, defineTask, taskObject } from "./task.ts";

const eventsSchema = taskObject("events", {
  tracks: z.string().describe("Tracks in any format, or a folder of the results of a track task."),
  zones: z.string().describe("The file of lines, areas and rules (docs/events.md)."),
  out: z.string().describe("Folder for events, counts, the dashboard and the overlay."),
  from: choice(READABLE_FORMATS).exactOptional().describe("The format of the tracks. Default: told by their contents."),
  video: z.string().exactOptional().describe("The clip: gives times and size of its frames, and an overlay is drawn."),
  sound: z.string().exactOptional().describe("A file whose sound is listened to; usually the clip."),
  fps: z.number().gt(0).exactOptional().describe("Frames a second, where neither tracks nor clip say times."),
  size: frameSizeKey.exactOptional().describe("Size of the frames, where labels are shares of it."),
  sequence: z.string().exactOptional().describe("Which clip, of tracks that hold several."),
  encoding: encodingKey("tracks that are text"),
  send: sendKey,
  json: z.boolean().default(false).describe("The command prints what happened as JSON instead of a table."),
});

/** Tells what happened at zones. */
export const eventsTask = defineTask(
  "events",
  eventsSchema,
  async (task, { logger, signal }): Promise<WatchOutcome & { asJson: boolean }> => {
    const { tracks: input, out, video, sound, fps, size, json } = task;
    requireOtherFolder(input, out, "where the tracks are");
    const zones = await readZones(task.zones);
    const send = await destinationsAt(task.send);
    const { stream } = await openLabels(input, task, logger);
    await using clip = video === undefined ? undefined : await openFrameSource(video, { logger, notFrames: [input] });
    const tracks = placedIn(stream, { input, clip, size, timed: true, logger });
    const name = stream.sequence ?? basename(input);
    const outcome = await watchTracks({
      tracks,
      name,
      zones,
      zonesName: task.zones,
      out,
      clip,
      sound,
      fps,
      send,
      logger,
      signal,
    });
    return { ...outcome, asJson: json };
  },
);
