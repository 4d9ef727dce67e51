/** @file HDF5 through h5wasm, an optional dependency: it is loaded when a file is, and its absence says how to install it. */
import { open } from "node:fs/promises";
import type { Dataset, File, Group } from "h5wasm/node";
import { messageOf, UserError } from "../core/errors.ts";
import { isThere, replaceFile } from "../core/files.ts";

/** A file that is not as its format has it; the message says why. */
export class Hdf5Error extends Error {}

/** Values that a dataset may have. */
const MOST_VALUES = 2 ** 27;

const SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * @param use what is read; the file is closed after it.
 * @throws UserError `file/missing`, `format/hdf5`, `format/packages` where h5wasm is not installed
 */
export async function withHdf5<Result>(path: string, use: (file: File) => Result): Promise<Result> {
  if (!(await isThere(path)))
    throw new UserError("file/missing", { what: `no such HDF5 file: ${path}`, todo: "check the path" });
  if (!(await hasSignature(path)))
    throw new UserError("format/hdf5", { what: `cannot read ${path}`, got: "a file without HDF5's signature" });
  const { File: Hdf5File } = await library();
  let file: File | undefined;
  try {
    file = new Hdf5File(path, "r");
    return use(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("format/hdf5", { what: `cannot read ${path}: ${reasonOf(error)}` }, error);
  } finally {
    if (file !== undefined && file.file_id > 0n) file.close();
  }
}

/** HDF5's errors are a stack of calls, of which the innermost says why. */
function reasonOf(error: unknown): string {
  const all = messageOf(error);
  return [...all.matchAll(/minor: (?<why>.*)/gu)].at(-1)?.groups?.["why"] ?? all;
}

/** Whether a file is HDF5 of some form; one that begins otherwise is not read for that. @throws UserError as `withHdf5` */
export async function isHdf5(path: string, is: (file: File) => boolean): Promise<boolean> {
  return (await hasSignature(path)) && withHdf5(path, is);
}

async function hasSignature(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(SIGNATURE.length), 0, SIGNATURE.length, 0);
    return buffer.equals(SIGNATURE);
  } finally {
    await file.close();
  }
}

/** Writes beside its place and renames. @throws UserError `file/write`, `format/packages` */
export async function writeHdf5(path: string, write: (file: File) => void): Promise<void> {
  const { File: Hdf5File } = await library();
  await replaceFile(path, (temporary) => {
    const file = new Hdf5File(temporary, "w");
    try {
      write(file);
    } finally {
      file.close();
    }
  });
}

/** @throws UserError `format/packages` */
async function library() {
  try {
    const hdf5 = await import("h5wasm/node");
    const module = await hdf5.ready;
    // Otherwise HDF5 prints its errors itself.
    module.activate_throwing_error_handler();
    return hdf5;
  } catch (error) {
    throw new UserError(
      "format/packages",
      {
        what: `HDF5 cannot be read or written: ${messageOf(error).split("\n")[0]}`,
        todo: "install what reads it with: npm install h5wasm",
      },
      error,
    );
  }
}

/** A dataset below a group; undefined for none. @throws Hdf5Error for one that is too large */
export function datasetIn(group: Group, name: string): Dataset | undefined {
  const found = group.get(name);
  if (found === null || !("shape" in found) || !("slice" in found)) return undefined;
  const count = (found.shape ?? []).reduce((product, length) => product * length, 1);
  if (count > MOST_VALUES) throw new Hdf5Error(`${name} has ${count} values, at most ${MOST_VALUES} are read`);
  return found;
}

/** The numbers of a dataset, rows first. @throws Hdf5Error where it has none of this many axes */
export function numbersIn(group: Group, name: string, axes: number): { values: ArrayLike<number>; shape: number[] } {
  const dataset = datasetIn(group, name);
  const { value, shape } = dataset ?? {};
  if (ArrayBuffer.isView(value) && shape?.length === axes) {
    const values = value as unknown as ArrayLike<number | bigint>;
    return {
      values: typeof values[0] === "bigint" ? Array.from(values, Number) : (values as ArrayLike<number>),
      shape,
    };
  }
  throw new Hdf5Error(`${name} is no array of numbers with ${axes} axes`);
}

/** The texts of a dataset of one axis; none for an empty one, or where there is none. */
export function textsIn(group: Group, name: string): string[] {
  const value = datasetIn(group, name)?.value;
  return Array.isArray(value) ? value.map(String) : [];
}
