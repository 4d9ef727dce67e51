/** @file Reading arrays of numbers as NumPy writes them (the format NPY, versions 1 to 3). */
import { UserError } from "../../core/errors.ts";

/** An array. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly data: Float32Array;
}

const MAGIC = "\u0093NUMPY";

/** How a number is read, and its bytes. */
type Reader = readonly [bytes: number, read: (view: DataView, at: number, little: boolean) => number];

const READERS: Readonly<Record<string, Reader>> = {
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  f2: [2, (view, at, little) => halfFloat(view.getUint16(at, little))],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
};

/** Numbers become float32. @param path for messages @throws UserError `depth/unreadable` */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  const refuse = (got: string): UserError =>
    new UserError("depth/unreadable", {
      what: `${path} is not an array of numbers in NumPy's format`,
      got,
      expected: `an .npy file of ${Object.keys(READERS).join(", ")}`,
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || latin(bytes.subarray(0, 6)) !== MAGIC) throw refuse("another kind of file");
  const long = bytes[6] > 1;
  const begin = long ? 12 : 10;
  const end = begin + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = latin(bytes.subarray(begin, end));
  const { order, kind } = /'descr':\s*'(?<order>[<>|=])(?<kind>\w\d)'/u.exec(header)?.groups ?? {};
  const { dims } = /'shape':\s*\((?<dims>[\d,\s]*)\)/u.exec(header)?.groups ?? {};
  const columns = /'fortran_order':\s*True/u.test(header);
  const reader = READERS[kind ?? ""];
  if (reader === undefined || dims === undefined) throw refuse(header.trim().slice(0, 80) || "no header");
  const shape = dims.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const count = shape.reduce((product, size) => product * size, 1);
  const [size, read] = reader;
  if (bytes.length < end + size * count) throw refuse(`${bytes.length} bytes for ${shape.join(" x ")} numbers`);
  const data = Float32Array.from({ length: count }, (_, i) => read(view, end + size * i, order !== ">"));
  return { shape, data: columns ? rowMajor(data, shape) : data };
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values whose first index runs fastest, in the order in which the last one does. */
function rowMajor(data: Float32Array, shape: readonly number[]): Float32Array {
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  return data.map((_, i) => {
    let [rest, from] = [i, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]) * steps[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return data[from];
  });
}
