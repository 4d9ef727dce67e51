/** @file The task `monitor`: what is wrong with a camera, as it happens. */
import { z } from "zod";
import { monitorFootage, type MonitorOutcome } from "../monitor/monitorFootage.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { defineTask, type RunContext, taskObject } from "./task.ts";

const watchSchema = taskObject("monitor", {
  step: z.literal("watch").describe("Tell what is wrong with a camera."),
  video: z.string().describe("A video file or a folder of images."),
  out: z.string().describe("Folder for events, their pictures and the summary; a run that was stopped resumes."),
  json: z.boolean().default(false).describe("The command prints every event as a line of JSON."),
});

/** What was found. */
export interface WatchOutcome extends MonitorOutcome {
  readonly step: "watch";
  readonly asJson: boolean;
}

/** Monitors a source. */
export const monitorTask = defineTask("monitor", watchSchema, watch);

async function watch(
  { video, out, json }: z.output<typeof watchSchema>,
  { logger, machine, signal, tell }: RunContext,
): Promise<WatchOutcome> {
  requireOtherFolder(video, out);
  await using source = await openFrameSource(video, { logger });
  const { threads } = machine;
  return { step: "watch", asJson: json, ...(await monitorFootage({ source, out, tell, threads, logger, signal })) };
}
