/**
 * @file The pickles of torch.save: which names may occur, and what they become here. No other name is allowed, and
 * all of these are data: a tensor becomes a place in a storage, a storage becomes a name in the file.
 */
import { type Dtype, DTYPES } from "./dtypes.ts";
import { isGlobal, PickleError, type PickleHandlers } from "./pickle.ts";

/** `torch.FloatStorage` and so on, to the safetensors name of the dtype. */
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

/**
 * Names that occur beside the weights in training checkpoints (settings, counters); read as placeholders and not kept.
 */
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

/** One storage of the file: the dtype of its values and its file name under `data/`. */
export interface Storage {
  readonly dtype: Dtype;
  readonly storageKey: string;
}

/** A view of a storage, as it lies in the file. */
export class StoredTensor {
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

/** Reads the pickles of a checkpoint; see `readPickle`. */
export const torchHandlers: PickleHandlers = { allows, reduce, persistent };

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

/** An empty dict, or one from the list of pairs that old versions of Python wrote. */
function rebuildDict([items]: readonly unknown[]): Map<unknown, unknown> {
  const pairs: unknown[] = Array.isArray(items) ? items : [];
  if (!pairs.every(Array.isArray)) throw new PickleError("a dict made of something other than pairs");
  return new Map(pairs.map(([key, value]) => [key, value]));
}

function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): StoredTensor {
  if (!isStorage(storage) || !isIndex(offset) || !isIndices(shape) || !isIndices(strides))
    throw new PickleError("a tensor with broken storage, offset, size or stride");
  if (shape.length !== strides.length) throw new PickleError("a tensor whose size and stride differ in length");
  return new StoredTensor(storage, offset, shape, strides);
}

/** Whether a value read from a checkpoint is a storage. */
export function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && "storageKey" in value;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIndices(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isIndex);
}

/** `("storage", torch.FloatStorage, "0", "cpu", 9408)`; old files add what the storage is a view of, or None. */
function persistent(id: unknown): Storage {
  const [tag, type, key, , , view] = Array.isArray(id) ? (id as unknown[]) : [];
  const dtype = isGlobal(type) ? DTYPES.get(STORAGES.get(type.global) ?? "") : undefined;
  if (tag !== "storage" || dtype === undefined || typeof key !== "string") throw new PickleError("an unknown storage");
  if (view !== undefined && view !== null) throw new PickleError("a storage that is a view of another");
  return { dtype, storageKey: key };
}

