/**
 * @file Reads what `torch.save` wrote (.pth, .pt: a zip with `data.pkl` and one stored file per storage) without Python
 * and without executing anything: the pickle is read by a machine that knows a short list of names.
 */
import { unzipSync } from "fflate";
import { messageOf, UserError } from "../core/errors.ts";
import { type Dtype, DTYPES } from "./dtypes.ts";
import { type FileBytes, withFile } from "./fileBytes.ts";
import { isGlobal, PickleError, readPickle } from "./pickle.ts";
import { elementCount } from "./tensors.ts";
import type { NamedTensor, StateDict, TensorData } from "./tensors.ts";

const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_ELEMENTS = 2 ** 29;
const MAX_ZIP_ENTRIES = 100_000;
const MAX_PICKLE_BYTES = 64 * 2 ** 20;

/** `torch.FloatStorage` and so on, to the safetensors name of the kind. */
const STORAGES: ReadonlyMap<string, string> = new Map([
  ["torch.FloatStorage", "F32"],
  ["torch.DoubleStorage", "F64"],
  ["torch.HalfStorage", "F16"],
  ["torch.BFloat16Storage", "BF16"],
  ["torch.LongStorage", "I64"],
  ["torch.IntStorage", "I32"],
  ["torch.ShortStorage", "I16"],
  ["torch.CharStorage", "I8"],
  ["torch.ByteStorage", "U8"],
  ["torch.BoolStorage", "BOOL"],
]);

/** Names that stand beside the weights in training checkpoints (settings, counters); read as "something", kept nowhere. */
const BYSTANDERS: ReadonlySet<string> = new Set([
  "argparse.Namespace",
  "collections.Counter",
  "collections.defaultdict",
  "__builtin__.set",
  "builtins.set",
  "__builtin__.dict",
  "builtins.dict",
  "__builtin__.bytearray",
  "_codecs.encode",
  "torch.device",
  "torch.Size",
  "numpy.dtype",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
]);

/** Where checkpoints keep the state dict when it is not the whole file. */
const STATE_KEYS = ["state_dict", "model", "model_state_dict", "net", "network"];

/** One storage of the file: the kind of its values and its file name under `data/`. */
interface Storage {
  readonly dtype: Dtype;
  readonly storageKey: string;
}

class StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  /** Elements from one index of an axis to the next. */
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** True for the beginning of a zip file. */
export function looksLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/** True for the beginning of a file that PyTorch before 1.6 wrote: the pickled magic number. */
export function looksLikeLegacyTorch(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[2] === 0x8a && head[3] === 0x0a && head[4] === 0x6c && head[5] === 0xfc;
}

/**
 * The state dict of a checkpoint: the file itself, or what lies in it under `state_dict`, `model`, `model_state_dict`,
 * `net` or `network`. Names stay as they are (see `toEncoderNames`); strided tensors come in row-major order; entries
 * that are no tensors are left out.
 * @throws UserError `weights/torch-legacy`, `weights/torch-pickle` (a name outside the allow-list), `weights/torch`,
 * `weights/unreadable`.
 */
export function readTorchCheckpoint(path: string): Promise<StateDict> {
  return withFile(path, async (file) => {
    const bytes = await readWhole(file);
    const root = readRoot(path, bytes);
    const state = findState(path, readData(path, bytes, root));
    const storages = readStorages(path, bytes, root, state);
    return materialise(path, state, storages);
  });
}

async function readWhole(file: FileBytes): Promise<Uint8Array> {
  const head = await file.read(0, Math.min(file.size, 8));
  if (looksLikeLegacyTorch(head)) throw legacy(file.path);
  if (!looksLikeZip(head)) throw broken(file.path, "it is no zip file");
  if (file.size > MAX_FILE_BYTES) throw broken(file.path, `it has ${file.size} bytes (at most 2 GB)`);
  return file.read(0, file.size);
}

/** Reads the entries for which `wants` gives a limit above 0: what they unpack to together, in bytes. */
function unzip(path: string, bytes: Uint8Array, wants: (name: string) => number): Record<string, Uint8Array> {
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
    throw broken(path, messageOf(error));
  }
}

/** The folder in the zip in front of `data.pkl`, with its slash. */
function readRoot(path: string, bytes: Uint8Array): string {
  const roots: string[] = [];
  unzip(path, bytes, (name) => {
    if (/^[^/]*\/data\.pkl$/.test(name)) roots.push(name.slice(0, -"data.pkl".length));
    return 0;
  });
  if (roots.length !== 1) throw broken(path, "there is not one data.pkl in it");
  return roots[0];
}

function readData(path: string, bytes: Uint8Array, root: string): unknown {
  const files = unzip(path, bytes, (name) =>
    name === `${root}data.pkl` || name === `${root}byteorder` ? MAX_PICKLE_BYTES : 0,
  );
  const order = files[`${root}byteorder`];
  if (order !== undefined && new TextDecoder().decode(order) !== "little")
    throw broken(path, "it was written on a big-endian machine");
  try {
    return readPickle(files[`${root}data.pkl`], { allows, reduce, persistent });
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw new UserError(
      "weights/torch-pickle",
      {
        what: `the checkpoint ${path} is refused: ${error.message}`,
        expected: "a state dict: dicts, lists, numbers, text and tensors",
        todo: 'nothing in it was executed; if you trust the file, save only its weights in PyTorch: torch.save(model.state_dict(), "weights.pth")',
      },
      error,
    );
  }
}

function allows(name: string): boolean {
  return REBUILDS.has(name) || STORAGES.has(name) || BYSTANDERS.has(name);
}

const REBUILDS: ReadonlyMap<string, (args: readonly unknown[]) => unknown> = new Map([
  ["collections.OrderedDict", rebuildDict],
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_tensor_v2", rebuildTensor],
  ["torch._utils._rebuild_parameter", ([data]: readonly unknown[]) => data],
]);

function reduce(name: string, args: readonly unknown[]): unknown {
  if (STORAGES.has(name)) throw new PickleError(`it calls ${name}`);
  const rebuild = REBUILDS.get(name);
  return rebuild === undefined ? new Map() : rebuild(args);
}

/** An empty dict, or one from the list of pairs that old Pythons wrote. */
function rebuildDict([items]: readonly unknown[]): Map<unknown, unknown> {
  const pairs: unknown[] = Array.isArray(items) ? items : [];
  if (!pairs.every(Array.isArray)) throw new PickleError("a dict from something that is no pairs");
  return new Map(pairs.map(([key, value]) => [key, value]));
}

function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): StoredTensor {
  if (!isStorage(storage) || !isIndex(offset) || !isIndices(shape) || !isIndices(strides))
    throw new PickleError("a tensor with broken storage, offset, size or stride");
  if (shape.length !== strides.length) throw new PickleError("a tensor whose size and stride differ in length");
  return new StoredTensor(storage, offset, shape, strides);
}

function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && "storageKey" in value;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIndices(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isIndex);
}

/** `("storage", torch.FloatStorage, "0", "cpu", 9408)`. */
function persistent(id: unknown): Storage {
  const [tag, type, key] = Array.isArray(id) ? (id as unknown[]) : [];
  const dtype = isGlobal(type) ? DTYPES.get(STORAGES.get(type.global) ?? "") : undefined;
  if (tag !== "storage" || dtype === undefined || typeof key !== "string") throw new PickleError("an unknown storage");
  return { dtype, storageKey: key };
}

type StoredState = Map<string, StoredTensor>;

function findState(path: string, data: unknown): StoredState {
  const whole = tensorsOf(data);
  if (whole.size > 0) return whole;
  const top: ReadonlyMap<unknown, unknown> = data instanceof Map ? data : new Map();
  for (const key of STATE_KEYS) {
    const inner = tensorsOf(top.get(key));
    if (inner.size > 0) return inner;
  }
  const keys = [...top.keys()].filter((key) => typeof key === "string").slice(0, 8);
  throw new UserError("weights/torch", {
    what: `there is no state dict in ${path}`,
    got: top.size > 0 ? `a dict with ${keys.join(", ") || "no text keys"}` : "no dict",
    expected: `tensors by name, at the top or under ${STATE_KEYS.join(", ")}`,
    todo: 'save it again in PyTorch: torch.save(model.state_dict(), "weights.pth")',
  });
}

function tensorsOf(value: unknown): StoredState {
  const state: StoredState = new Map();
  if (!(value instanceof Map)) return state;
  for (const [name, entry] of value as Map<unknown, unknown>)
    if (typeof name === "string" && entry instanceof StoredTensor) state.set(name, entry);
  return state;
}

/** The values of every storage that the tensors need, by `storageKey`. */
function readStorages(path: string, bytes: Uint8Array, root: string, state: StoredState): Map<string, TensorData> {
  const dtypes = new Map([...state.values()].map(({ storage }) => [storage.storageKey, storage.dtype]));
  const files = unzip(path, bytes, (name) =>
    name.startsWith(`${root}data/`) && dtypes.has(name.slice(root.length + "data/".length)) ? MAX_FILE_BYTES : 0,
  );
  const decoded = new Map<string, TensorData>();
  for (const [key, dtype] of dtypes) {
    const file = files[`${root}data/${key}`];
    if (file === undefined || file.length % dtype.bytes !== 0)
      throw broken(path, `the storage data/${key} is missing or cut off`);
    decoded.set(key, dtype.decode(file.slice().buffer));
  }
  return decoded;
}

function materialise(path: string, state: StoredState, storages: ReadonlyMap<string, TensorData>): StateDict {
  let total = 0;
  const tensors: StateDict = new Map();
  for (const [name, tensor] of state) {
    const values = storages.get(tensor.storage.storageKey) ?? new Uint8Array();
    const count = elementCount(tensor.shape);
    const last = tensor.shape.reduce((sum, axis, i) => sum + (axis - 1) * tensor.strides[i], tensor.offset);
    total += count;
    if (total > MAX_ELEMENTS) throw broken(path, `its tensors have more than ${MAX_ELEMENTS} values`);
    if (count > 0 && last >= values.length)
      throw broken(path, `${name} [${tensor.shape.join(", ")}] reaches past the end of its storage`);
    tensors.set(name, rowMajor(tensor, values));
  }
  return tensors;
}

/** Copies a strided view of a storage into row-major order. */
function rowMajor({ shape, strides, offset }: StoredTensor, values: TensorData): NamedTensor {
  const count = elementCount(shape);
  const out = new (values.constructor as new (length: number) => TensorData)(count);
  const index = shape.map(() => 0);
  for (let i = 0, from = offset; i < count; i++) {
    out[i] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return { shape, data: out };
}

/** The error for a file that PyTorch before 1.6 wrote. */
export function legacy(path: string): UserError {
  return new UserError("weights/torch-legacy", {
    what: `${path} has PyTorch's old format (before 1.6)`,
    expected: "the zip format",
    todo: `write it again with a newer PyTorch: python3 -c "import torch; torch.save(torch.load('${path}', map_location='cpu'), 'new.pth')" (torch.load can execute code: only with files you trust)`,
  });
}

function broken(path: string, why: string): UserError {
  return new UserError("weights/torch", {
    what: `${path} is not a readable PyTorch checkpoint: ${why}`,
    todo: "download it again, or save it again with torch.save",
  });
}
