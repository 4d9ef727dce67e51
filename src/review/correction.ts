/** @file The commands that correct a frame: take what was tracked there, change it, track again from it. */
import { join } from "node:path";
import type { NamedPoint } from "../annotations/point.ts";
import { commandLine, shellQuoted } from "../core/shell.ts";
import { csvField } from "../formats/csv.ts";
import type { TrackedFolder } from "./trackedFolder.ts";

/** What is to be corrected in a frame. */
export interface Correction {
  readonly frame: number;
  /** The clip, as a path that exists where the command runs. */
  readonly video: string;
  /** Whether the frame's mask is to be corrected. */
  readonly hasMask: boolean;
  /** Points as they were tracked, or the best guess. */
  readonly points: readonly NamedPoint[];
}

/** Keys of a track task that the command names by itself. */
const NAMED = new Set(["task", "video", "labels", "encoding", "out", "direction"]);

/**
 * Lines for a POSIX shell; the last one tracks again, those before it make the files that a person changes. None where
 * the folder holds no session, which cannot be corrected.
 */
export function correctionLines(folder: TrackedFolder, correction: Correction): string[] {
  if (folder.session === undefined) return [];
  const { frame, video, hasMask, points } = correction;
  const fixed = `fixed-${String(frame).padStart(5, "0")}`;
  const mask = hasMask ? folder.maskPath(frame) : undefined;
  const files = [...(mask === undefined ? [] : [`${fixed}.png`]), ...(points.length === 0 ? [] : [`${fixed}.csv`])];
  return [
    ...(mask === undefined ? [] : [commandLine(["cp", mask, `${fixed}.png`])]),
    ...(points.length === 0
      ? []
      : [`${commandLine(["printf", String.raw`%s\n`, ...pointFile(correction)])} > ${shellQuoted(`${fixed}.csv`)}`]),
    commandLine([
      "tsumugi",
      "track",
      video,
      ...files.flatMap((file) => ["--labels", `${file}@${frame}`]),
      "--out",
      folder.path,
      ...settings(folder),
    ]),
  ];
}

function pointFile({ frame, points }: Correction): string[] {
  const rows = points.map(({ name, x, y }) => [frame, csvField(name), x.toFixed(1), y.toFixed(1)].join());
  return ["frame,name,x,y", ...rows];
}

/** What the session was tracked with, so that it is not refused: the task's file where it says more than defaults. */
function settings({ path, task = {}, summary }: TrackedFolder): string[] {
  const { direction, encoding } = task;
  const { device } = summary.settings;
  const hasMore = Object.keys(task).some((key) => !NAMED.has(key));
  return [
    ...(typeof direction === "string" ? ["--direction", direction] : []),
    ...(hasMore ? ["--config", join(path, "task.json")] : []),
    // That of the labels given first need not be that of the file made here.
    ...(hasMore && encoding !== undefined ? ["--encoding", "utf-8"] : []),
    ...(device === "cpu" ? [] : ["--device", device]),
  ];
}
