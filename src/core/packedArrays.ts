/**
 * @file Plain data with typed arrays in it as JSON and bytes: in the JSON a typed array is where its bytes lie.
 */
import { internal } from "./errors.ts";

const kinds = { Int8Array, Uint8Array, Uint32Array, Float32Array, Float64Array } as const;

type Kind = keyof typeof kinds;
type Packable = InstanceType<(typeof kinds)[Kind]>;

/** A typed array in the JSON. */
interface Packed {
  readonly packed: Kind;
  /** Bytes. */
  readonly at: number;
  /** Values. */
  readonly length: number;
}

/** JSON and the bytes that it refers to. */
export interface PackedArrays {
  readonly json: string;
  readonly bytes: Uint8Array;
}

/** @param value JSON values and typed arrays. @throws Error `internal: …` for arrays of another kind */
export function packArrays(value: unknown): PackedArrays {
  const parts: Uint8Array[] = [];
  let at = 0;
  const json = JSON.stringify(value, (_, one: unknown) => {
    const packed = kindOf(one);
    if (packed === undefined) return one;
    const { buffer, byteOffset, byteLength, length } = one as Packable;
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    at += byteLength;
    return { packed, at: at - byteLength, length } satisfies Packed;
  });
  return { json, bytes: Buffer.concat(parts) };
}

/** @throws SyntaxError, RangeError for what `packArrays` did not make */
export function unpackArrays({ json, bytes }: PackedArrays): unknown {
  return JSON.parse(json, (_, one: unknown) => {
    if (!isPacked(one)) return one;
    const Values = kinds[one.packed];
    const end = one.at + one.length * Values.BYTES_PER_ELEMENT;
    if (end > bytes.byteLength) throw new RangeError("packed values are cut off");
    // A copy, since values must not begin anywhere.
    return new Values(new Uint8Array(bytes.subarray(one.at, end)).buffer);
  });
}

function kindOf(value: unknown): Kind | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const found = (Object.keys(kinds) as Kind[]).find((kind) => value.constructor === kinds[kind]);
  if (found === undefined) throw internal(`values of a ${value.constructor.name} cannot be packed`);
  return found;
}

function isPacked(value: unknown): value is Packed {
  return typeof value === "object" && value !== null && "packed" in value && Object.hasOwn(kinds, String(value.packed));
}
