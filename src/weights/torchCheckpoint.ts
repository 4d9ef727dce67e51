/**
 * @file Reads what `torch.save` wrote (.pth, .pt) without Python and without executing anything: the pickle in it is
 * read by an interpreter that knows a short list of names (`torchPickle.ts`).
 */
import { UserError } from "../core/errors.ts";
import type { FileBytes } from "./bytes.ts";
import { withFile } from "./fileBytes.ts";
import { PickleError } from "./pickle.ts";
import { elementCount } from "./tensors.ts";
import type { NamedTensor, StateDict, TensorData } from "./tensors.ts";
import {
  ContainerError,
  looksLikeLegacyTorch,
  looksLikeZip,
  readLegacyContainer,
  readZipContainer,
  type TorchContainer,
} from "./torchContainer.ts";
import { StoredTensor } from "./torchPickle.ts";

const MAX_FILE_BYTES = 2 ** 31 - 1;
const MAX_ELEMENTS = 2 ** 29;

/** Where checkpoints keep the state dict when it is not the whole file. */
const STATE_KEYS = ["state_dict", "model", "model_state_dict", "net", "network"];

/** True for the beginning of a PyTorch checkpoint of either container. */
export function looksLikeTorch(head: Uint8Array): boolean {
  return looksLikeZip(head) || looksLikeLegacyTorch(head);
}

/**
 * The state dict of a checkpoint: the file itself, or what lies in it under `state_dict`, `model`, `model_state_dict`,
 * `net` or `network`. Names are unchanged (see `toEncoderNames`); strided tensors are returned in row-major order;
 * entries that are not tensors are left out.
 * @throws UserError `weights/torch-pickle` (a name outside the allow-list, broken pickle), `weights/torch`,
 * `weights/unreadable`.
 */
export function readTorchCheckpoint(path: string): Promise<StateDict> {
  return withFile(path, async (file) => {
    const bytes = await readWhole(file);
    try {
      const container = looksLikeZip(bytes) ? readZipContainer(bytes) : readLegacyContainer(bytes);
      const state = findState(path, container.data);
      return materialise(path, state, readStorages(path, container, state));
    } catch (error) {
      if (error instanceof ContainerError) throw broken(path, error.message);
      throw error instanceof PickleError ? refused(path, error) : error;
    }
  });
}

async function readWhole(file: FileBytes): Promise<Uint8Array> {
  const head = await file.read(0, Math.min(file.size, 8));
  if (!looksLikeTorch(head)) throw broken(file.path, "it is neither a zip file nor PyTorch's older format");
  if (file.size > MAX_FILE_BYTES) throw broken(file.path, `it has ${file.size} bytes (at most 2 GB)`);
  return file.read(0, file.size);
}

function refused(path: string, error: PickleError): UserError {
  return new UserError(
    "weights/torch-pickle",
    {
      what: `the checkpoint ${path} is refused: ${error.message}`,
      expected: "a state dict: dicts, lists, numbers, text and tensors",
      todo: 'nothing in it was executed; if you trust the file, save only its weights in PyTorch: torch.save(model.state_dict(), "weights.pth")',
    },
    error,
  );
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
function readStorages(path: string, container: TorchContainer, state: StoredState): Map<string, TensorData> {
  const dtypes = new Map([...state.values()].map(({ storage }) => [storage.storageKey, storage.dtype]));
  const files = container.storages(new Set(dtypes.keys()));
  const decoded = new Map<string, TensorData>();
  for (const [key, dtype] of dtypes) {
    const file = files.get(key);
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

function broken(path: string, why: string): UserError {
  return new UserError("weights/torch", {
    what: `${path} is not a readable PyTorch checkpoint: ${why}`,
    todo: "download it again, or save it again with torch.save",
  });
}
