/**
 * @file Reads pickles as plain data: those of torch.save (protocol 2, and what newer protocols add), of numpy's arrays
 * (up to protocol 5), and the texts of protocol 0 that PyTables keeps.
 * Nothing is ever imported, called or built: a GLOBAL is only a name, a REDUCE only pairs a name on the caller's
 * allow-list with its arguments. Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
 */

/** A pickle that is invalid or uses a name that is not allowed; the message says where. */
export class PickleError extends Error {}

/** The name of a Python class or function, `module.name`; never the object itself. */
export interface PickleGlobal {
  readonly global: string;
}

/** Where a pickle is read from: a part at a time, so that what nobody asks for need not be in memory. */
export interface PickleSource {
  /** In bytes. */
  readonly length: number;
  /** Bytes that lie within it; they hold until the next are read. */
  read(start: number, length: number): Uint8Array;
}

/** Bytes within a pickle, which have not been read. */
export class PickledBytes {
  readonly start: number;
  readonly length: number;

  constructor(start: number, length: number) {
    this.start = start;
    this.length = length;
  }
}

/**
 * What the reader meets in a pickle: dicts are Maps, lists and tuples are arrays, ints are numbers (bigint if unsafe).
 */
export interface PickleHandlers {
  /** Whether a name may occur; any other name stops the reader. */
  allows(name: string): boolean;
  /** The value of `name(*args)`. */
  reduce(name: string, args: readonly unknown[]): unknown;
  /** The value of a persistent id (in PyTorch, a storage). */
  persistent(id: unknown): unknown;
  /** Takes the state of what `reduce` returned. Default: it has none. */
  build?(target: unknown, state: unknown): void;
  /** Bytes are left where they are, as `PickledBytes`. Default: they are read as text. */
  readonly leavesBytes?: true;
}

const MARK = Symbol("mark");

/**
 * Reads the pickle that begins at byte `start`.
 * @returns its value and the byte after it.
 * @throws PickleError for broken bytes, unknown opcodes and names that are not allowed.
 */
export function readPickle(
  from: Uint8Array | PickleSource,
  handlers: PickleHandlers,
  start = 0,
): { value: unknown; end: number } {
  const machine = new Machine(from instanceof Uint8Array ? inMemory(from) : from, handlers, start);
  return { value: machine.run(), end: machine.at };
}

const inMemory = (bytes: Uint8Array): PickleSource => ({
  length: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
});

/** Bytes of a text, and of a line of one. */
const MOST_TEXT = 2 ** 28;

type Step = (machine: Machine) => void;

class Machine {
  private readonly source: PickleSource;
  private readonly handlers: PickleHandlers;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  /** The byte to be read next. */
  at: number;

  constructor(source: PickleSource, handlers: PickleHandlers, start: number) {
    this.at = start;
    this.source = source;
    this.handlers = handlers;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.uint8();
      if (opcode === STOP) return this.pop();
      const step = STEPS.get(opcode);
      if (step === undefined) throw this.error(`opcode 0x${opcode.toString(16)} is not supported`);
      step(this);
    }
  }

  error(why: string): PickleError {
    return new PickleError(`${why} (at byte ${this.at} of the pickle)`);
  }

  /** Skips `length` bytes. @returns where they begin. */
  skip(length: number): number {
    const start = this.at;
    if (length < 0 || length > this.source.length - start) throw this.error("it ends too early");
    this.at += length;
    return start;
  }

  take(length: number): Uint8Array {
    return this.source.read(this.skip(length), length);
  }

  private view(length: number): DataView {
    const bytes = this.take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  uint8(): number {
    return this.take(1)[0];
  }

  uint16(): number {
    return this.view(2).getUint16(0, true);
  }

  int32(): number {
    return this.view(4).getInt32(0, true);
  }

  uint32(): number {
    return this.view(4).getUint32(0, true);
  }

  uint64(): number {
    return Number(this.view(8).getBigUint64(0, true));
  }

  float64(): number {
    return this.view(8).getFloat64(0, false);
  }

  text(length: number): string {
    const start = this.skip(length);
    if (length > MOST_TEXT) throw this.error(`a text of ${length} bytes is too long`);
    return new TextDecoder().decode(this.source.read(start, length));
  }

  /** Bytes, as the handlers want them. */
  bytes(length: number): unknown {
    return this.handlers.leavesBytes ? new PickledBytes(this.skip(length), length) : this.text(length);
  }

  line(): string {
    const start = this.at;
    for (let from = start; from < this.source.length && from - start < MOST_TEXT; from += LINE_PART) {
      const part = this.source.read(from, Math.min(LINE_PART, this.source.length - from));
      const end = part.indexOf(0x0a);
      if (end < 0) continue;
      const text = this.text(from + end - start);
      this.at++;
      return text;
    }
    throw this.error("it ends too early");
  }

  /** A number in decimal digits, and how it is written there. */
  decimal(): number {
    const text = this.line();
    const value = Number(text.replace(/L$/u, ""));
    if (text === "" || Number.isNaN(value)) throw this.error(`${JSON.stringify(text.slice(0, 40))} is no number`);
    return value;
  }

  /** Two's complement, little-endian. */
  long(length: number): number | bigint {
    if (length > MOST_DIGITS) throw this.error(`an integer of ${length} bytes is too long`);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw this.error("its stack is empty");
    const value = this.stack.pop();
    if (value === MARK) throw this.error("a mark where a value is expected");
    return value;
  }

  top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** Removes and returns everything above the last mark, and removes the mark. */
  popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.error("a mark is missing");
    return this.stack.splice(mark).slice(1);
  }

  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).toReversed();
  }

  put(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.memo.size);
  }

  get(index: number): void {
    if (!this.memo.has(index)) throw this.error(`it refers to the unknown memo ${index}`);
    this.stack.push(this.memo.get(index));
  }

  global(module: string, name: string): void {
    const full = `${module}.${name}`;
    if (!this.handlers.allows(full)) throw this.error(`it uses ${full}, which is not on the list of harmless names`);
    this.stack.push({ global: full } satisfies PickleGlobal);
  }

  reduce(): void {
    const [callee, args] = this.popMany(2);
    if (!isGlobal(callee) || !Array.isArray(args)) throw this.error("a call of something that is not a name");
    this.stack.push(this.handlers.reduce(callee.global, args));
  }

  build(): void {
    const state = this.pop();
    this.handlers.build?.(this.top(), state);
  }

  dict(items: readonly unknown[]): void {
    this.push(new Map());
    this.setItems(items);
  }

  persistent(): void {
    this.stack.push(this.handlers.persistent(this.pop()));
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map)) throw this.error("items for something that is not a dict");
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  append(items: readonly unknown[]): void {
    const target = this.top();
    if (!Array.isArray(target)) throw this.error("items for something that is not a list");
    for (const item of items) target.push(item);
  }
}

/** Whether a value read from a pickle is a name. */
export function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === "object" && value !== null && "global" in value;
}

/** Bytes of an integer. */
const MOST_DIGITS = 1024;

/** Bytes in which the end of a line is looked for at once. */
const LINE_PART = 256;

/** The text of Python's literal, as protocol 0 writes one. */
function literal(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gsu, (_, code: string | undefined, char: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return ESCAPED.get(char) ?? char;
  });
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Text in which protocol 0 writes some characters by their code. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-f]{4})/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const STOP = 0x2e;
const char = (letter: string): number => letter.charCodeAt(0);

const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  // stack and memo
  [char("("), (m) => m.push(MARK)],
  [char("0"), (m) => void m.pop()],
  [char("1"), (m) => void m.popToMark()],
  [char("2"), (m) => m.push(m.top())],
  [char("q"), (m) => m.put(m.uint8())],
  [char("r"), (m) => m.put(m.uint32())],
  [0x94, (m) => m.memoize()],
  [char("p"), (m) => m.put(m.decimal())],
  [char("g"), (m) => m.get(m.decimal())],
  [char("h"), (m) => m.get(m.uint8())],
  [char("j"), (m) => m.get(m.uint32())],
  [0x80, (m) => void m.uint8()], // PROTO
  [0x95, (m) => void m.skip(8)], // FRAME
  // scalars
  [char("N"), (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [char("J"), (m) => m.push(m.int32())],
  [char("K"), (m) => m.push(m.uint8())],
  [char("M"), (m) => m.push(m.uint16())],
  [0x8a, (m) => m.push(m.long(m.uint8()))],
  [0x8b, (m) => m.push(m.long(m.int32()))],
  [char("G"), (m) => m.push(m.float64())],
  [char("F"), (m) => m.push(m.decimal())],
  [char("L"), (m) => m.push(m.decimal())],
  [
    char("I"), // of two digits: a truth value
    (m) => {
      const text = m.line();
      m.push(/^0[01]$/u.test(text) ? text === "01" : Number(text));
    },
  ],
  // text and bytes
  [char("S"), (m) => m.push(literal(m.line()))],
  [char("V"), (m) => m.push(unescaped(m.line()))],
  [char("X"), (m) => m.push(m.text(m.uint32()))],
  [0x8c, (m) => m.push(m.text(m.uint8()))],
  [char("T"), (m) => m.push(m.text(m.uint32()))],
  [char("U"), (m) => m.push(m.text(m.uint8()))],
  [0x8d, (m) => m.push(m.text(m.uint64()))],
  [char("B"), (m) => m.push(m.bytes(m.uint32()))],
  [char("C"), (m) => m.push(m.bytes(m.uint8()))],
  [0x8e, (m) => m.push(m.bytes(m.uint64()))],
  [0x96, (m) => m.push(m.bytes(m.uint64()))], // BYTEARRAY8
  // containers
  [char("}"), (m) => m.push(new Map())],
  [char("]"), (m) => m.push([])],
  [0x8f, (m) => m.push([])], // EMPTY_SET
  [char(")"), (m) => m.push([])],
  [0x85, (m) => m.push(m.popMany(1))],
  [0x86, (m) => m.push(m.popMany(2))],
  [0x87, (m) => m.push(m.popMany(3))],
  [char("t"), (m) => m.push(m.popToMark())],
  [char("l"), (m) => m.push(m.popToMark())],
  [char("d"), (m) => m.dict(m.popToMark())],
  [char("a"), (m) => m.append(m.popMany(1))],
  [char("e"), (m) => m.append(m.popToMark())],
  [0x90, (m) => m.append(m.popToMark())], // ADDITEMS
  [char("s"), (m) => m.setItems(m.popMany(2))],
  [char("u"), (m) => m.setItems(m.popToMark())],
  // names and the values made from them
  [char("c"), (m) => m.global(m.line(), m.line())],
  [
    0x93, // STACK_GLOBAL
    (m) => {
      const [module, name] = m.popMany(2);
      m.global(String(module), String(name));
    },
  ],
  [char("R"), (m) => m.reduce()],
  [0x81, (m) => m.reduce()], // NEWOBJ
  [char("Q"), (m) => m.persistent()],
  [char("b"), (m) => m.build()], // BUILD: the state of the object below
]);
