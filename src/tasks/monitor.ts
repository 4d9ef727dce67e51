/** @file The task `monitor`: what is wrong with a camera, as it happens. */
import { z } from "zod";
import type { Threads } from "../core/machine.ts";
import { publicAddress } from "../core/publicAddress.ts";
import { monitorFootage, type MonitorOutcome } from "../monitor/monitorFootage.ts";
import { monitorLive } from "../monitor/monitorLive.ts";
import type { MonitorRunOptions } from "../monitor/monitorRun.ts";
import { destinationsAt } from "../outbox/address.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { openLiveFrames } from "../video/sources/liveSource.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { sendKey } from "./settings/send.ts";
import { isStream, releaseStream, streamInput, streamKeys } from "./settings/stream.ts";
import { defineTask, type RunContext, taskObject } from "./task.ts";

const watchSchema = taskObject("monitor", {
  step: z.literal("watch").describe("Tell what is wrong with a camera."),
  ...streamKeys,
  out: z.string().describe("Folder for events, their pictures and the summary; a run that was stopped resumes."),
  send: sendKey,
  json: z.boolean().default(false).describe("The command prints every event as a line of JSON."),
});
type WatchSettings = z.output<typeof watchSchema>;

/** What was found. */
export interface WatchOutcome extends MonitorOutcome {
  readonly step: "watch";
  readonly asJson: boolean;
}

/** Monitors a source. */
export const monitorTask = defineTask("monitor", watchSchema, watch);

async function watch(task: WatchSettings, context: RunContext): Promise<WatchOutcome> {
  requireOtherFolder(task.video, task.out);
  const { logger, machine, signal, tell } = context;
  const send = await destinationsAt(task.send);
  const options = { out: task.out, tell, send, threads: machine.threads, logger, signal };
  const outcome = isStream(task) ? await watchStream(task, options) : await watchClip(task, options);
  return { step: "watch", asJson: task.json, ...outcome };
}

type Options = MonitorRunOptions & Pick<RunContext, "signal"> & Threads;

async function watchClip({ video }: WatchSettings, options: Options): Promise<MonitorOutcome> {
  await using source = await openFrameSource(video, { logger: options.logger });
  return await monitorFootage({ ...options, source });
}

async function watchStream(task: WatchSettings, options: Options): Promise<MonitorOutcome> {
  const name = task.video === "-" ? "stdin" : publicAddress(task.video);
  const open = () => openLiveFrames(streamInput(task));
  try {
    return await monitorLive({ ...options, name, open, isLasting: task.video !== "-" });
  } finally {
    releaseStream(task);
  }
}
