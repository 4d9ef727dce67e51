/**
 * @file Pickles of plain data and numpy's arrays: which names may occur, and what they become here. Arrays are built by
 * `_reconstruct` and a state (numpy's `array_reduce`), or from protocol 5 on by `_frombuffer`; numpy 2 has another
 * module's name. Nothing else is allowed, and nothing is executed.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { messageOf, UserError } from "../core/errors.ts";
import { PickledBytes, PickleError, type PickleHandlers, type PickleSource, readPickle } from "../weights/pickle.ts";
import { type NumpyArray, NumpyError } from "../core/numpyArray.ts";

/** An array in a pickle; its bytes are read when they are asked for. */
export class PickledArray implements NumpyArray {
  type = "";
  shape: readonly number[] = [];
  isFortran = false;
  private readonly source: PickleSource;
  private data: unknown;

  constructor(source: PickleSource) {
    this.source = source;
  }

  bytes(): Uint8Array {
    const { data } = this;
    if (data instanceof Uint8Array) return data;
    if (data instanceof PickledBytes) return this.source.read(data.start, data.length);
    throw new NumpyError("an array of Python objects");
  }

  /** @throws PickleError */
  set(type: unknown, shape: unknown, isFortran: boolean, data: unknown): void {
    if (!(type instanceof PickledType) || !Array.isArray(shape))
      throw new PickleError("an array without type or shape");
    this.type = type.text;
    this.shape = shape.map(Number);
    this.isFortran = isFortran;
    this.data = data;
  }
}

class PickledType {
  private readonly code: string;
  order = "|";

  constructor(code: string) {
    this.code = code;
  }

  get text(): string {
    return `${this.order === "=" ? "<" : this.order}${this.code}`;
  }
}

type Rebuild = (args: readonly unknown[], source: PickleSource) => unknown;

const both = (module: string, name: string, rebuild: Rebuild): [string, Rebuild][] =>
  ["numpy.core", "numpy._core"].map((root) => [`${root}.${module}.${name}`, rebuild]);

const REBUILDS: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ...both("multiarray", "_reconstruct", (_, source) => new PickledArray(source)),
  ...both("multiarray", "scalar", ([type, data], source) => arrayOf(source, [type, [], false, data])),
  ...both("numeric", "_frombuffer", ([data, type, shape, order], source) =>
    arrayOf(source, [type, shape, order === "F", data]),
  ),
  ["numpy.dtype", ([code]) => new PickledType(String(code))],
  ["_codecs.encode", ([text]) => Buffer.from(String(text), "latin1")],
  ["builtins.bytearray", ([data]) => data],
  ["collections.OrderedDict", () => new Map()],
]);

/** Names that only stand for a type. */
const TYPES = new Set(["numpy.ndarray"]);

function arrayOf(source: PickleSource, state: Parameters<PickledArray["set"]>): PickledArray {
  const array = new PickledArray(source);
  array.set(...state);
  return array;
}

function handlersFor(source: PickleSource): PickleHandlers {
  return {
    leavesBytes: true,
    allows: (name) => REBUILDS.has(name) || TYPES.has(name),
    reduce(name, args) {
      const rebuild = REBUILDS.get(name);
      if (rebuild === undefined) throw new PickleError(`it calls ${name}`);
      return rebuild(args, source);
    },
    persistent() {
      throw new PickleError("it refers to another file");
    },
    build(target, state) {
      if (!Array.isArray(state)) throw new PickleError("a state that is no tuple");
      if (target instanceof PickledType) target.order = String(state[1]);
      else if (target instanceof PickledArray) {
        const [shape, type, isFortran, data] = state.slice(-4) as unknown[];
        target.set(type, shape, isFortran === true, data);
      } else throw new PickleError("a state for something that has none");
    },
  };
}

/** Bytes that are read at once. */
const WINDOW = 2 ** 16;

class FileSource implements PickleSource {
  readonly length: number;
  private readonly file: number;
  private readonly window = Buffer.alloc(WINDOW);
  private from = 0;
  private filled = 0;

  constructor(file: number, length: number) {
    this.file = file;
    this.length = length;
  }

  read(start: number, length: number): Uint8Array {
    if (length > WINDOW) return this.load(Buffer.alloc(length), start, length);
    if (start < this.from || start + length > this.from + this.filled) {
      this.filled = Math.min(WINDOW, this.length - start);
      this.load(this.window, start, this.filled);
      this.from = start;
    }
    return this.window.subarray(start - this.from, start - this.from + length);
  }

  private load(into: Buffer, start: number, length: number): Buffer {
    for (let at = 0; at < length;) {
      const read = readSync(this.file, into, at, length - at, start + at);
      if (read === 0) throw new PickleError("it ends too early");
      at += read;
    }
    return into;
  }
}

/**
 * Reads a pickle of plain data and arrays; videos in it are skipped, however large they are.
 * @param use gets its value: dicts are Maps, lists and tuples are arrays, arrays are `PickledArray`s that can be read
 * until it returns.
 * @throws UserError `file/missing`, `file/unreadable`, `format/pickle`
 */
export function withPickle<Result>(path: string, use: (value: unknown) => Result): Result {
  const file = opened(path);
  try {
    const source = new FileSource(file, statSync(path).size);
    return use(readPickle(source, handlersFor(source)).value);
  } catch (error) {
    if (!(error instanceof PickleError) && !(error instanceof NumpyError)) throw error;
    throw new UserError(
      "format/pickle",
      {
        what: `the pickle ${path} is refused: ${error.message}`,
        expected: "dicts, lists, numbers, text and numpy's arrays; nothing in it was executed",
      },
      error,
    );
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UserError(
      isMissing ? "file/missing" : "file/unreadable",
      {
        what: isMissing ? `no such pickle: ${path}` : `cannot read the pickle ${path}: ${messageOf(error)}`,
        todo: "check the path",
      },
      error,
    );
  }
}
