/** @file Which program or library decodes and encodes video files, and how to get one. */
import { access, constants, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { loadNodeAv, type NodeAv } from "./nodeAvLibrary.ts";

/** What decodes and encodes video files; images need neither. */
export type VideoBackend = "auto" | "node-av" | "ffmpeg";

/** The advice given wherever neither is found. */
export const HOW_TO_GET_A_BACKEND =
  "for video files install node-av (npm install node-av) or FFmpeg 5.1 or later (on the PATH, or FFMPEG_PATH set to it)";

/** The error when nothing decodes or encodes video files. */
export function noBackend(): UserError {
  return new UserError("video/no-backend", {
    what: "neither node-av nor the programs ffmpeg and ffprobe were found",
    todo: `${HOW_TO_GET_A_BACKEND}, or give a folder of images`,
  });
}

/**
 * The full path of a program: `FFMPEG_PATH` names ffmpeg itself or its folder (ffprobe is expected beside it); without
 * it the PATH is searched. Undefined if it is not found.
 */
export async function findProgram(name: "ffmpeg" | "ffprobe"): Promise<string | undefined> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const set = process.env["FFMPEG_PATH"];
  if (set !== undefined && set !== "")
    return firstExecutable([...(name === "ffmpeg" ? [set] : []), join(set, file), join(dirname(set), file)]);
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return firstExecutable(folders.map((folder) => join(folder, file)));
}

async function firstExecutable(candidates: readonly string[]): Promise<string | undefined> {
  for (const path of candidates) if (await isExecutableFile(path)) return path;
  return undefined;
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * node-av, if the requested backend allows it.
 * @returns undefined when `ffmpeg` is requested, or when `auto` does not find node-av
 * @throws UserError `video/no-backend` when `node-av` is requested and cannot be loaded
 */
export async function nodeAvFor(backend: VideoBackend): Promise<NodeAv | undefined> {
  if (backend === "ffmpeg") return undefined;
  if (backend === "node-av") return loadNodeAv();
  return loadNodeAv().catch(() => undefined);
}
