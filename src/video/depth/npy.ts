/** @file Depth as NumPy writes it (`.npy`). */
import { UserError } from "../../core/errors.ts";
import { npyArray, numbersOf, NumpyError } from "../../core/numpyArray.ts";

/** An array. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly data: Float32Array;
}

/** Numbers become float32. @param path for messages @throws UserError `depth/unreadable` */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  try {
    const array = npyArray(bytes);
    return { shape: array.shape, data: Float32Array.from(numbersOf(array)) };
  } catch (error) {
    if (!(error instanceof NumpyError)) throw error;
    throw new UserError(
      "depth/unreadable",
      {
        what: `${path} is not an array of numbers in NumPy's format`,
        got: error.message,
        expected: "an .npy file of numbers",
      },
      error,
    );
  }
}
