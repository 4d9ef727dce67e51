/** @file Estimates the disk space of a session before it begins, and refuses to start when the disk has less. */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../core/errors.ts";

/** What is going to be written. */
export interface DiskPlan {
  /** Frames without a result so far. */
  readonly frames: number;
  readonly objects: number;
  readonly points: number;
  /** Bytes of a mask like those to come, as a PNG file. */
  readonly maskBytes: number;
  /** Frames whose cells are on disk at once: those to resume from, and those waiting to be merged. */
  readonly savedFrames: number;
  /** Values of a frame's cells: cells times columns. */
  readonly values: number;
}

/** Bytes. */
export interface DiskUse {
  readonly masks: number;
  /** `frames.jsonl` and the files made of it. */
  readonly records: number;
  /** State; at the end only that of the last frames is left. */
  readonly state: number;
}

/** A file takes whole blocks of the disk. */
const BLOCK = 4096;
/** Masks may become more ragged than the given one. */
const RAGGED = 1.5;
/** Bytes of a line, and of an object and a point in it. */
const LINE = { own: 120, object: 190, point: 120 };
/** Of a cell's value, uncompressed: how much deflating saves depends on how spread out the labels are. */
const BYTES_OF_VALUE = 4;
/** Records are stored twice: in `frames.jsonl` and in the summary. */
const COPIES = 2;

/** An upper estimate for usual footage. */
export function diskUse({ frames, objects, points, maskBytes, savedFrames, values }: DiskPlan): DiskUse {
  return {
    masks: frames * blocks(maskBytes * RAGGED),
    records: COPIES * frames * (LINE.own + objects * LINE.object + points * LINE.point),
    state: savedFrames * blocks(values * BYTES_OF_VALUE),
  };
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

/** @param folder need not exist yet. @throws UserError `disk/full` when the disk has less than that free */
export async function requireDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(await nearestFolder(folder));
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new UserError("disk/full", {
    what: `the disk of ${folder} has too little free space for the results`,
    got: `${megabytes(free)} free`,
    expected: `about ${megabytes(bytes)}`,
    todo: "free some space, choose another folder, or track a shorter range",
  });
}

/** The folder itself or its nearest existing parent. */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const there = await statfs(at).then(
      () => true,
      () => false,
    );
    if (there || dirname(at) === at) return at;
  }
}

/** For people. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
