/**
 * @file The two containers of torch.save: a zip with `data.pkl` and a file per storage (PyTorch 1.6 and later), and the
 * older row of pickles followed by the storages. Layouts: torch/serialization.py (`_save`, `_legacy_save`).
 */
import { unzipSync } from "fflate";
import { messageOf } from "../core/errors.ts";
import type { Dtype } from "./dtypes.ts";
import { type PickleHandlers, readPickle } from "./pickle.ts";
import { isStorage, torchHandlers } from "./torchPickle.ts";

const MAX_UNPACKED_BYTES = 2 ** 31 - 1;
const MAX_ZIP_ENTRIES = 100_000;
const MAX_PICKLE_BYTES = 64 * 2 ** 20;
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** An invalid container; the message says why. */
export class ContainerError extends Error {}

/** What a checkpoint holds. */
export interface TorchContainer {
  /** The object that was saved, see `torchHandlers`. */
  readonly data: unknown;
  /** The bytes of the storages with these keys; missing ones are left out. */
  storages(keys: ReadonlySet<string>): ReadonlyMap<string, Uint8Array>;
}

/** True for the beginning of a zip file. */
export function looksLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/** True for the beginning of a file that PyTorch before 1.6 wrote: the pickled magic number. */
export function looksLikeLegacyTorch(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[2] === 0x8a && head[3] === 0x0a && head[4] === 0x6c && head[5] === 0xfc;
}

/** @throws ContainerError, PickleError */
export function readZipContainer(bytes: Uint8Array): TorchContainer {
  const root = findRoot(bytes);
  const files = unzip(bytes, (name) =>
    name === `${root}data.pkl` || name === `${root}byteorder` ? MAX_PICKLE_BYTES : 0,
  );
  const order = files[`${root}byteorder`];
  if (order !== undefined && new TextDecoder().decode(order) !== "little") throw bigEndian();
  const prefix = `${root}data/`;
  const keyOf = (name: string): string => (name.startsWith(prefix) ? name.slice(prefix.length) : "");
  return {
    data: readPickle(files[`${root}data.pkl`], torchHandlers).value,
    storages(keys) {
      const found = unzip(bytes, (name) => (keys.has(keyOf(name)) ? MAX_UNPACKED_BYTES : 0));
      return new Map(Object.entries(found).map(([name, file]) => [keyOf(name), file]));
    },
  };
}

/** Reads the entries for which `wants` gives a limit above 0, in bytes of all unpacked entries together. */
function unzip(bytes: Uint8Array, wants: (name: string) => number): Record<string, Uint8Array> {
  let seen = 0;
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (++seen > MAX_ZIP_ENTRIES) throw new Error(`it lists more than ${MAX_ZIP_ENTRIES} files`);
        const limit = wants(name);
        if (limit === 0) return false;
        total += originalSize;
        if (total > limit) throw new Error(`up to ${name} it unpacks to ${total} bytes (at most ${limit})`);
        return true;
      },
    });
  } catch (error) {
    throw new ContainerError(messageOf(error));
  }
}

/** The folder in the zip in front of `data.pkl`, with its slash. */
function findRoot(bytes: Uint8Array): string {
  const roots: string[] = [];
  unzip(bytes, (name) => {
    if (/^[^/]*\/data\.pkl$/.test(name)) roots.push(name.slice(0, -"data.pkl".length));
    return 0;
  });
  if (roots.length !== 1) throw new ContainerError("it does not hold exactly one data.pkl");
  return roots[0];
}


function bigEndian(): ContainerError {
  return new ContainerError("it was written on a big-endian machine");
}

/**
 * Magic number, version, system, the object and the keys of its storages, each a pickle; then for every key the number
 * of its values (8 bytes, little-endian) and the values.
 * @throws ContainerError, PickleError
 */
export function readLegacyContainer(bytes: Uint8Array): TorchContainer {
  const dtypes = new Map<string, Dtype>();
  const handlers = remembering(dtypes);
  let at = 0;
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, handlers, at);
    at = end;
    return value;
  };
  if (next() !== LEGACY_MAGIC || next() !== LEGACY_VERSION) throw new ContainerError("its version is unknown");
  const system = next();
  if (system instanceof Map && system.get("little_endian") === false) throw bigEndian();
  const data = next();
  const keys = next();
  const found = legacyStorages(bytes, at, keys, dtypes);
  return { data, storages: (wanted) => new Map([...found].filter(([key]) => wanted.has(key))) };
}

/** `torchHandlers`, noting the dtype of every storage found. */
function remembering(dtypes: Map<string, Dtype>): PickleHandlers {
  return {
    ...torchHandlers,
    persistent(id) {
      const storage = torchHandlers.persistent(id);
      if (isStorage(storage)) dtypes.set(storage.storageKey, storage.dtype);
      return storage;
    },
  };
}

function legacyStorages(
  bytes: Uint8Array,
  start: number,
  keys: unknown,
  dtypes: ReadonlyMap<string, Dtype>,
): Map<string, Uint8Array> {
  if (!Array.isArray(keys)) throw new ContainerError("the list of its storages is missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  let at = start;
  for (const key of keys as unknown[]) {
    const dtype = dtypes.get(String(key));
    if (dtype === undefined) throw new ContainerError("it holds a storage that nothing uses");
    if (at + 8 > bytes.length) throw new ContainerError(`the storage ${String(key)} is cut off`);
    const length = Number(view.getBigUint64(at, true)) * dtype.bytes;
    at += 8;
    if (length > bytes.length - at) throw new ContainerError(`the storage ${String(key)} is cut off`);
    found.set(String(key), bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}
