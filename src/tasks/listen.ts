/** @file The task `listen`: what happens in the sound of a clip. */
import { basename } from "node:path";
import { z } from "zod";
import { openFrameSource } from "../video/frameSource.ts";
import { listenClip, type ListenOutcome } from "../watch/listenClip.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { defineTask, taskObject } from "./task.ts";

const listenSchema = taskObject("listen", {
  clip: z.string().describe("A video file with sound."),
  out: z.string().describe("Folder for events, numbers of every frame and the spectrogram."),
  sound: z.string().exactOptional().describe("The file that has the sound. Default: the clip."),
  json: z.boolean().default(false).describe("The command prints what was heard as JSON instead of a table."),
});

/** Tells what was heard. */
export const listenTask = defineTask(
  "listen",
  listenSchema,
  async ({ clip: path, out, sound, json }, { logger }): Promise<ListenOutcome & { asJson: boolean }> => {
    requireOtherFolder(path, out, "where the clip is");
    await using clip = await openFrameSource(path, { logger });
    return { ...(await listenClip({ clip, sound, name: basename(path), out, logger })), asJson: json };
  },
);
