/** @file `tsumugi track` on what is still going on: a camera's address, a pipe, a file that grows. */
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { readPointLabels } from "../formats/registry.ts";
import type { DeviceKind } from "../tensor/index.ts";
import { boxMask } from "../tracking/boxLabels.ts";
import { type LiveResult, trackLive } from "../tasks/track/trackLive.ts";
import { type LiveInput, openLiveFrames } from "../video/liveSource.ts";
import { readMaskPng } from "../video/maskPng.ts";
import { type EncoderFlags, openFlaggedEncoder } from "./encoderChoice.ts";
import { type ModeFlags, modeOf, type ProtocolFlags, protocolOf } from "./protocolOptions.ts";
import { print, terminalLogger } from "./terminal.ts";
import { isPointFile, type LabelFile } from "./trackLabels.ts";

/** The flags that count here. */
export interface StreamFlags extends ProtocolFlags, ModeFlags, Pick<EncoderFlags, "ensemble"> {
  readonly labels: readonly LabelFile[];
  readonly out: string;
  readonly weights?: string;
  readonly follow?: boolean;
  readonly threads?: number;
  readonly device: DeviceKind;
}

/** Whether the video is no file that lies there whole. */
export function isStream(video: string, { follow = false }: Pick<StreamFlags, "follow">): boolean {
  return follow || video === "-" || /^[a-z][a-z0-9+]+:\/\//iu.test(video);
}

/** @throws UserError those of `openLiveFrames`, `trackLive` and the labels; `track/live` for points */
export async function trackStream(video: string, flags: StreamFlags, signal: AbortSignal): Promise<void> {
  const { labels, out, threads } = flags;
  const [file] = labels;
  const first = await firstMask(file);
  const protocol = protocolOf(flags);
  const processors = threads === undefined ? {} : { threads };
  await using encoder = await openFlaggedEncoder(flags);
  await using live = await openLiveFrames(inputOf(video, flags));
  const work = { live, sourceName: video, encoder, first, firstName: file.path, protocol, mode: modeOf(flags), out };
  report(await trackLive({ ...work, ...processors, signal, logger: terminalLogger() }), out);
  // A pipe that is still open would keep the process alive.
  if (video === "-") process.stdin.destroy();
}

function inputOf(video: string, { follow = false }: StreamFlags): LiveInput {
  if (video === "-") return { bytes: process.stdin };
  return follow ? { growingFile: video } : { url: video };
}

/** Labels of the first frame, once its size is known. */
async function firstMask(file: LabelFile): Promise<Parameters<typeof trackLive>[0]["first"]> {
  if (!isPointFile(file)) {
    const mask = await readMaskPng(file.path);
    return () => mask;
  }
  const { frames } = await readPointLabels(file.path);
  if (frames.some(({ points = [] }) => points.length > 0))
    throw new UserError("track/live", {
      what: `${file.path} has points, which cannot be followed in a live source yet`,
      expected: "a mask or boxes of the first frame",
    });
  const { boxes = [] } = frames[0];
  return (size) => boxMask(boxes, size, file.path);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function report({ frames, dropped, framesPerSecond, latencySec, peakRssMb }: LiveResult, out: string): void {
  print(
    `tracked ${frames} frames, ${dropped} dropped (${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB)`,
  );
  const { median, p95, largest } = latencySec;
  print(`latency: ${seconds(median)} (median), 95 % within ${seconds(p95)}, at most ${seconds(largest)}`);
  print(`masks: ${join(out, "masks")}`);
  print(`records: ${join(out, "frames.jsonl")}`);
}
