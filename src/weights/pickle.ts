/**
 * @file Reads the pickles that torch.save writes (protocol 2, and what newer protocols add) as plain data.
 * Nothing is ever imported, called or built: a GLOBAL is only a name, a REDUCE only pairs a name on the caller's
 * allow-list with its arguments. Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
 */

/** A pickle that is invalid or uses a name that is not allowed; the message says where. */
export class PickleError extends Error {}

/** The name of a Python class or function, `module.name`; never the object itself. */
export interface PickleGlobal {
  readonly global: string;
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
}

const MARK = Symbol("mark");

/**
 * Reads the pickle that begins at byte `start`.
 * @returns its value and the byte after it.
 * @throws PickleError for broken bytes, unknown opcodes and names that are not allowed.
 */
export function readPickle(bytes: Uint8Array, handlers: PickleHandlers, start = 0): { value: unknown; end: number } {
  const machine = new Machine(bytes, handlers, start);
  return { value: machine.run(), end: machine.at };
}

type Step = (machine: Machine) => void;

class Machine {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly handlers: PickleHandlers;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  /** The byte to be read next. */
  at: number;

  constructor(bytes: Uint8Array, handlers: PickleHandlers, start: number) {
    this.at = start;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    if (length < 0 || length > this.bytes.length - start) throw this.error("it ends too early");
    this.at += length;
    return start;
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  text(length: number): string {
    const start = this.skip(length);
    return new TextDecoder().decode(this.bytes.subarray(start, start + length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.error("it ends too early");
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  /** Two's complement, little-endian. */
  long(length: number): number | bigint {
    const start = this.skip(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i]);
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
  [char("G"), (m) => m.push(m.float64())],
  // text and bytes (bytes are read as text: they never hold tensor data)
  [char("X"), (m) => m.push(m.text(m.uint32()))],
  [0x8c, (m) => m.push(m.text(m.uint8()))],
  [char("T"), (m) => m.push(m.text(m.uint32()))],
  [char("U"), (m) => m.push(m.text(m.uint8()))],
  [char("B"), (m) => m.push(m.text(m.uint32()))],
  [char("C"), (m) => m.push(m.text(m.uint8()))],
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
  [char("b"), (m) => void m.pop()], // BUILD: attributes of the object below, which has none here
]);
