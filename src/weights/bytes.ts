/** @file Bytes that are read in parts, from a file or memory. */

/** A file, or its equivalent in memory, read piece by piece. */
export interface FileBytes {
  /** Names it in messages. */
  readonly path: string;
  /** Bytes in the file. */
  readonly size: number;
  /** Exactly `length` bytes from `start` in a separate buffer; the caller has checked that they lie in the file. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes in memory as a file. @param path names them in messages. */
export function inMemory(path: string, bytes: Uint8Array): FileBytes {
  return {
    path,
    size: bytes.length,
    read: (start, length) => Promise.resolve(new Uint8Array(bytes.subarray(start, start + length))),
  };
}
