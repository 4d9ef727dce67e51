/** @file What `tsumugi track` prints: the speed, and where the results are. */
import { basename, join } from "node:path";
import { counted } from "../../core/counted.ts";
import type { WrittenResults } from "../../results/resultWriter.ts";
import { type TrackOutcome, trackTask } from "../../tasks/track.ts";
import type { TrackResult } from "../../tasks/track/trackClip.ts";
import type { LiveResult } from "../../tasks/track/trackLive.ts";
import type { PointTrackResult } from "../../tasks/track/trackPointsClip.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(trackTask, reportTrack);

/** Prints what was tracked. */
export function reportTrack(outcome: TrackOutcome): void {
  switch (outcome.kind) {
    case "session":
      return reportSession(outcome.result, outcome.out);
    case "direct":
      return reportPoints(outcome.result, outcome.out);
    case "stream":
      return reportStream(outcome.result, outcome.out);
  }
}

function reportSession(result: TrackResult, out: string): void {
  const { summary, tracked } = result;
  if (tracked > 0) reportPace({ ...summary, tracked });
  else print(`nothing to do: ${allOf(summary.frameCount)} tracked already with these labels`);
  reportFiles(result, out);
  if (!summary.complete) reportStop("run the same command again to resume");
}

function allOf(frames: number): string {
  return frames === 1 ? "the only frame is" : `all ${frames} frames are`;
}

function reportPoints(result: PointTrackResult, out: string): void {
  const { summary } = result;
  reportPace({ ...summary, tracked: summary.frameCount });
  reportFiles({ ...result, masks: null }, out);
  if (!summary.complete) reportStop("run the same command again to track the whole clip");
}

function reportFiles(
  { masks, overlay, tables, pictures }: WrittenResults & { readonly masks: string | null },
  out: string,
): void {
  if (masks !== null) print(`masks: ${masks}`);
  for (const path of tables) print(`${basename(path).replace(/\..*$/u, "")}: ${path}`);
  if (overlay !== null) print(`overlay: ${overlay}`);
  for (const path of pictures.filter((name) => name.endsWith(".png"))) print(`${basename(path, ".png")}: ${path}`);
  print(`summary: ${join(out, "summary.json")}`);
}

interface Pace {
  readonly tracked: number;
  readonly framesPerSecond: number;
  readonly complete: boolean;
  readonly peakRssMb: number;
}

function reportPace({ tracked, framesPerSecond, complete, peakRssMb }: Pace): void {
  const pace = `${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB`;
  print(`${complete ? "tracked" : "stopped after"} ${counted(tracked, "frame")} (${pace})`);
}

function reportStop(todo: string): void {
  print(`results written so far are kept; ${todo}`);
  process.exitCode = 130;
}

function reportStream({ frames, dropped, framesPerSecond, latencySec, peakRssMb }: LiveResult, out: string): void {
  print(
    `tracked ${counted(frames, "frame")}, ${dropped} dropped (${framesPerSecond.toFixed(1)} frames/s, at most ${peakRssMb} MB)`,
  );
  const { median, p95, largest } = latencySec;
  print(`latency: ${seconds(median)} (median), 95 % within ${seconds(p95)}, at most ${seconds(largest)}`);
  print(`masks: ${join(out, "masks")}`);
  print(`tracks: ${join(out, "tracks.csv")}`);
  print(`records: ${join(out, "frames.jsonl")}`);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
