/** @file The task `snapshot`: one frame of a clip or a live source as a picture, to be labelled. */
import { access } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import type { Frame } from "../video/frame.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { openLiveFrames } from "../video/sources/liveSource.ts";
import { encodePng } from "../video/writing/png.ts";
import { isStream, releaseStream, streamInput, streamKeys } from "./settings/stream.ts";
import { defineTask, taskObject } from "./task.ts";

const snapshotSchema = taskObject("snapshot", {
  ...streamKeys,
  out: z.string().describe("The picture, a .png file."),
  frame: z.int().min(0).exactOptional().describe("Index of the frame, from 0. Default: the first one."),
  timeSec: z
    .number()
    .min(0)
    .exactOptional()
    .describe(
      "Or its time, s: the frame that a clip shows then; of a live source the first one so long after its start.",
    ),
  overwrite: z.boolean().default(false).describe("Replace the picture if it is there already."),
});

type SnapshotSettings = z.output<typeof snapshotSchema>;

/** The frame that was written. */
export interface Snapshot extends Pick<Frame, "index" | "timeSec" | "width" | "height"> {
  /** The picture. */
  readonly out: string;
}

/** Writes one frame of a clip or a live source. */
export const snapshotTask = defineTask(
  "snapshot",
  snapshotSchema,
  async (task, { logger, signal }): Promise<Snapshot> => {
    const { out, overwrite } = task;
    refuseBoth(task);
    requirePng(out);
    if (!overwrite) await requireNew(out);
    const frame = await (isStream(task) ? streamFrame(task, signal) : clipFrame(task, logger));
    await writeFileAtomic(out, await encodePng(frame));
    const { index, timeSec, width, height } = frame;
    return { out, index, timeSec, width, height };
  },
);

/** @throws UserError `snapshot/frame` */
function refuseBoth({ frame, timeSec }: SnapshotSettings): void {
  if (frame === undefined || timeSec === undefined) return;
  throw new UserError("snapshot/frame", {
    what: "--frame and --time both say which frame to write",
    expected: "one of them",
  });
}

/** @throws UserError `snapshot/format` */
function requirePng(out: string): void {
  if (/\.png$/iu.test(out)) return;
  throw new UserError("snapshot/format", {
    what: "the picture is a PNG",
    got: out,
    expected: "a name that ends in .png",
  });
}

/** @throws UserError `snapshot/exists` */
async function requireNew(out: string): Promise<void> {
  const isThere = await access(out).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new UserError("snapshot/exists", {
    what: `${out} is there already`,
    todo: "name another file with --out, or say --overwrite",
  });
}

/** @throws UserError `snapshot/frame`, those of `openFrameSource` */
async function clipFrame({ video, frame, timeSec }: SnapshotSettings, logger: Logger): Promise<Frame> {
  await using source = await openFrameSource(video, { logger });
  const { frameCount, timesSec } = source;
  const index =
    timeSec === undefined
      ? (frame ?? 0)
      : Math.max(
          0,
          timesSec.findLastIndex((time) => time <= timeSec),
        );
  const last = timesSec[frameCount - 1];
  if (timeSec !== undefined && timeSec > last)
    throw noFrame(video, `${timeSec} s`, `${timesSec[0].toFixed(3)} to ${last.toFixed(3)} s`);
  if (index >= frameCount) throw noFrame(video, `frame ${index}`, `0 to ${frameCount - 1}`);
  return await source.frame(index);
}

/** @throws UserError `snapshot/frame`, those of `openLiveFrames`; the signal's reason */
async function streamFrame(task: SnapshotSettings, signal: AbortSignal): Promise<Frame> {
  const { video, frame = 0, timeSec = 0 } = task;
  await using live = await openLiveFrames(streamInput(task));
  const stop = (): void => void live.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    let last: Frame | undefined;
    for await (const one of live) {
      if (one.index >= frame && one.timeSec >= timeSec) return one;
      last = one;
    }
    signal.throwIfAborted();
    const asked = task.timeSec === undefined ? `frame ${frame}` : `${timeSec} s`;
    throw noFrame(video, asked, `0 to ${task.timeSec === undefined ? last?.index : `${last?.timeSec.toFixed(3)} s`}`);
  } finally {
    signal.removeEventListener("abort", stop);
    releaseStream(task);
  }
}

function noFrame(video: string, got: string, expected: string): UserError {
  return new UserError("snapshot/frame", { what: `${video} has no such frame`, got, expected });
}
