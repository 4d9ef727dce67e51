/** @file Arrays in an `.npz`: a ZIP of `.npy` files (numpy's `lib/npyio.py`, `savez`). */
import { isThere, replaceFile } from "../core/files.ts";
import { UserError } from "../core/errors.ts";
import { type NumpyArray, NumpyError, npyArray, npyOf, type WrittenValues } from "../core/numpyArray.ts";
import { readZip, writeZip } from "./zip.ts";

/**
 * Some arrays of a file.
 * @param wanted their names; those that the file lacks are missing in the result.
 * @throws UserError `file/missing`, `format/npz`, `format/zip`, `format/limit`
 */
export async function readNpz(path: string, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, NumpyArray>> {
  if (!(await isThere(path)))
    throw new UserError("file/missing", { what: `no such file of arrays: ${path}`, todo: "check the path" });
  const files = await readZip(path, (name) => wanted.has(stem(name)));
  return new Map([...files].map(([name, bytes]) => [stem(name), arrayIn(bytes, path, name)]));
}

const stem = (name: string): string => name.replace(/\.npy$/u, "");

function arrayIn(bytes: Uint8Array, path: string, name: string): NumpyArray {
  return withNumpyErrors(`${path}, ${name}`, () => npyArray(bytes));
}

/** @param what is read, for the message. @throws UserError `format/npz` for a NumpyError */
export function withNumpyErrors<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NumpyError)) throw error;
    throw new UserError("format/npz", { what: `${what}: ${error.message}` }, error);
  }
}

/** An array to write: its values, rows first, and the lengths of its axes. */
export interface WrittenArray {
  readonly values: WrittenValues;
  readonly shape: readonly number[];
}

/** Atomic. @throws UserError `file/write` */
export async function writeNpz(path: string, arrays: Readonly<Record<string, WrittenArray>>): Promise<void> {
  const files = Object.entries(arrays).map(([name, { values, shape }]) => ({
    name: `${name}.npy`,
    from: npyOf(values, shape),
  }));
  await replaceFile(path, (temporary) => writeZip(temporary, files));
}
