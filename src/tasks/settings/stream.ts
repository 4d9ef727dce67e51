/** @file Videos that are still coming in: a camera's address, a pipe, a file that grows. */
import { z } from "zod";
import type { LiveInput } from "../../video/sources/liveSource.ts";

/** Which video, and whether it is still being written. */
export const streamKeys = {
  video: z
    .string()
    .describe("A video file, a folder of images, an address such as rtsp://…, or - for a stream on stdin."),
  follow: z.boolean().default(false).describe("The video is a file that is still being written."),
};

interface StreamSettings {
  readonly video: string;
  readonly follow: boolean;
}

/** Whether the video is anything but a complete file. */
export function isStream({ video, follow }: StreamSettings): boolean {
  return follow || video === "-" || /^[a-z][a-z0-9+]+:\/\//iu.test(video);
}

/** Where a stream comes from. */
export function streamInput({ video, follow }: StreamSettings): LiveInput {
  if (video === "-") return { bytes: process.stdin };
  return follow ? { growingFile: video } : { url: video };
}

/** To be called when a stream is done: a pipe that is still open would keep the process alive. */
export function releaseStream({ video }: Pick<StreamSettings, "video">): void {
  if (video === "-") process.stdin.destroy();
}
