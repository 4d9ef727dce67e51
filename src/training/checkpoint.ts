/** @file The whole state of a run in one file, so that it can resume bit for bit. */
import { readFile } from "node:fs/promises";
import { endianness } from "node:os";
import { messageOf, UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { STATE_NAMES } from "./step.ts";

/** The arrays that travel from step to step. */
export type State = Record<(typeof STATE_NAMES)[number], Float32Array>;

/** Everything a resumed run needs beside its configuration. */
export interface Checkpoint {
  readonly step: number;
  readonly minutes: number;
  /** Loss smoothed over the last steps, which the explosion guard compares with; undefined before the first step. */
  readonly smoothedLoss?: number;
  readonly state: State;
}

const MAGIC = "tsumugi-checkpoint-1\n";

/** Writes `MAGIC`, a line of JSON, then the arrays as little-endian float32; atomic. */
export async function writeCheckpoint(path: string, { state, ...rest }: Checkpoint): Promise<void> {
  const lengths = STATE_NAMES.map((name) => state[name].length);
  const head = Buffer.from(`${MAGIC}${JSON.stringify({ ...rest, lengths, endianness: endianness() })}\n`);
  await writeFileAtomic(path, Buffer.concat([head, ...STATE_NAMES.map((name) => bytesOf(state[name]))]));
}

/** @throws UserError `training/checkpoint` when the file is missing, cut off or something else. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw damaged(path, missing ? "no such file" : messageOf(error), error);
  });
  const end = bytes.indexOf("\n", MAGIC.length);
  if (bytes.subarray(0, MAGIC.length).toString() !== MAGIC || end < 0) throw damaged(path, "another kind of file");
  const { lengths, endianness: order, ...rest } = parseHead(path, bytes.subarray(MAGIC.length, end).toString());
  if (order !== endianness()) throw damaged(path, "a checkpoint from a machine of another byte order");
  const state: Partial<State> = {};
  let at = end + 1;
  STATE_NAMES.forEach((name, i) => {
    const length = lengths[i] * Float32Array.BYTES_PER_ELEMENT;
    if (at + length > bytes.length) throw damaged(path, "a file that was cut off");
    // Copied, because a Float32Array needs an aligned start.
    state[name] = new Float32Array(Uint8Array.prototype.slice.call(bytes, at, at + length).buffer);
    at += length;
  });
  return { ...rest, state: state as State };
}

type Head = Omit<Checkpoint, "state"> & { lengths: number[]; endianness: string };

function parseHead(path: string, text: string): Head {
  try {
    return JSON.parse(text) as Head;
  } catch (error) {
    throw damaged(path, "a damaged header", error);
  }
}

function bytesOf(data: Float32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function damaged(path: string, got: string, cause?: unknown): UserError {
  return new UserError(
    "training/checkpoint",
    {
      what: `cannot resume from ${path}`,
      got,
      expected: "a checkpoint of tsumugi train",
      todo: "start the run again without --resume",
    },
    cause,
  );
}
