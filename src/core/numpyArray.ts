/**
 * @file Arrays of numpy as files hold them: in pickles and in `.npy` (numpy's `lib/format.py`, the array interface's type
 * strings).
 */

/** An array, or a type, that is not as numpy writes it; the message says why. */
export class NumpyError extends Error {}

/** An array whose bytes have not been read yet. */
export interface NumpyArray {
  /** Order of bytes, kind and bytes of a value, such as `<f4`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Columns first. */
  readonly isFortran: boolean;
  bytes(): Uint8Array;
}

/** Values of an array that is taken into memory. */
const MOST_VALUES = 2 ** 26;

/** Readers of one value at a byte, by kind and bytes. */
const NUMBERS: ReadonlyMap<string, (view: DataView, at: number, isLittle: boolean) => number> = new Map([
  ["f2", (view, at, isLittle) => halfFloat(view.getUint16(at, isLittle))],
  ["f4", (view, at, isLittle) => view.getFloat32(at, isLittle)],
  ["f8", (view, at, isLittle) => view.getFloat64(at, isLittle)],
  ["i1", (view, at) => view.getInt8(at)],
  ["i2", (view, at, isLittle) => view.getInt16(at, isLittle)],
  ["i4", (view, at, isLittle) => view.getInt32(at, isLittle)],
  ["i8", (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  ["u1", (view, at) => view.getUint8(at)],
  ["u2", (view, at, isLittle) => view.getUint16(at, isLittle)],
  ["u4", (view, at, isLittle) => view.getUint32(at, isLittle)],
  ["u8", (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))],
  ["b1", (view, at) => view.getUint8(at)],
]);

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values of an array, rows first; truth values are 0 and 1. @throws NumpyError */
export function numbersOf(array: NumpyArray): Float64Array {
  const { kind, size, isLittle } = typeOf(array);
  const read = NUMBERS.get(`${kind}${size}`);
  if (read === undefined) throw new NumpyError(`values of the type ${array.type} are no numbers`);
  const count = countOf(array);
  const view = viewOf(array, count * size);
  const values = Float64Array.from({ length: count }, (_, i) => read(view, i * size, isLittle));
  return array.isFortran ? rowsFirst(values, array.shape) : values;
}

/** Texts of an array of one axis. @throws NumpyError */
export function textsOf(array: NumpyArray): string[] {
  const { kind, size, isLittle } = typeOf(array);
  if ((kind !== "U" && kind !== "S") || array.shape.length !== 1)
    throw new NumpyError(`the type ${array.type} with ${array.shape.length} axes is no list of texts`);
  const bytesOfOne = kind === "U" ? 4 * size : size;
  const view = viewOf(array, countOf(array) * bytesOfOne);
  const codeAt = (at: number): number => (kind === "U" ? view.getUint32(at, isLittle) : view.getUint8(at));
  return Array.from({ length: array.shape[0] }, (_, i) => {
    const codes = Array.from({ length: size }, (_letter, j) => codeAt(i * bytesOfOne + j * (bytesOfOne / size)));
    return String.fromCodePoint(...codes.slice(0, codes.findLastIndex((code) => code !== 0) + 1));
  });
}

function typeOf({ type }: NumpyArray) {
  const { order, kind, size } = /^(?<order>[<>|=]?)(?<kind>[a-zA-Z])(?<size>\d+)$/u.exec(type)?.groups ?? {};
  if (kind === undefined || size === undefined) throw new NumpyError(`values of the type ${type} cannot be read`);
  return { kind, size: Number(size), isLittle: order !== ">" };
}

function countOf({ shape }: NumpyArray): number {
  const count = shape.reduce((product, length) => product * length, 1);
  const isShape = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (isShape && count <= MOST_VALUES) return count;
  throw new NumpyError(`an array of ${shape.join(" × ")} values is too large`);
}

function viewOf(array: NumpyArray, length: number): DataView {
  const bytes = array.bytes();
  if (bytes.length !== length)
    throw new NumpyError(`an array of ${array.shape.join(" × ")} values of ${array.type} has ${bytes.length} bytes`);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

function rowsFirst(values: Float64Array, shape: readonly number[]): Float64Array {
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  return Float64Array.from(values, (_, at) => {
    let rest = at;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]) * steps[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return values[from];
  });
}

/** Type strings of what is written. */
export type WrittenValues =
  | { readonly type: "<f4"; readonly data: Float32Array }
  | { readonly type: "|b1"; readonly data: Uint8Array }
  | { readonly type: "U"; readonly data: readonly string[] };

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** An array as `.npy`, version 1.0, rows first. */
export function npyOf(values: WrittenValues, shape: readonly number[]): Uint8Array {
  const { type, bytes } = storedValues(values);
  const axes = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${axes}, }`;
  // The values begin at a multiple of 64.
  const padded = `${header}${" ".repeat(63 - ((10 + header.length) % 64))}\n`;
  return Buffer.concat([
    Uint8Array.of(...MAGIC, 1, 0, padded.length & 255, padded.length >> 8),
    Buffer.from(padded, "latin1"),
    bytes,
  ]);
}

function storedValues(values: WrittenValues): { readonly type: string; readonly bytes: Uint8Array } {
  if (values.type !== "U") {
    const { buffer, byteOffset, byteLength } = values.data;
    return { type: values.type, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  }
  const letters = values.data.map((text) => Array.from(text, (letter) => letter.codePointAt(0)!));
  const longest = Math.max(1, ...letters.map(({ length }) => length));
  const codes = Uint32Array.from(letters.flatMap((codes) => Array.from({ length: longest }, (_, i) => codes[i] ?? 0)));
  return { type: `<U${longest}`, bytes: new Uint8Array(codes.buffer) };
}

/** The array of a `.npy` file. @throws NumpyError */
export function npyArray(file: Uint8Array): NumpyArray {
  if (!MAGIC.every((byte, i) => file[i] === byte)) throw new NumpyError("it does not begin as a .npy file");
  const isFirst = file[6] === 1;
  const start = isFirst ? 10 : 12;
  if (file.length < start) throw new NumpyError("it ends too early");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = start + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > file.length) throw new NumpyError("it ends too early");
  const header = new TextDecoder().decode(file.subarray(start, end));
  const type = /'descr':\s*'(?<type>[^']*)'/u.exec(header)?.groups?.["type"];
  const order = /'fortran_order':\s*(?<order>True|False)/u.exec(header)?.groups?.["order"];
  const shape = /'shape':\s*\((?<shape>[\d,\s]*)\)/u.exec(header)?.groups?.["shape"];
  if (type === undefined || order === undefined || shape === undefined)
    throw new NumpyError(`its header is ${JSON.stringify(header.slice(0, 80))}`);
  const axes = shape.split(",").filter((text) => text.trim() !== "");
  return { type, shape: axes.map(Number), isFortran: order === "True", bytes: () => file.subarray(end) };
}
