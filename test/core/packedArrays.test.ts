/** @file Plain data with typed arrays: what is packed comes back, and what is cut off is noticed. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packArrays, unpackArrays } from "../../src/core/packedArrays.ts";

const back = (value: unknown): unknown => unpackArrays(packArrays(value));

/** Any typed array, at an odd place in a larger buffer too. */
const array = fc.oneof(
  fc.int8Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.uint32Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
  fc.float32Array({ minLength: 3, maxLength: 9 }).map((values) => values.subarray(1, -1)),
);

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, tie("leaf"), fc.array(tie("tree"), { maxLength: 4 }), tie("record")),
  record: fc.dictionary(
    fc.string({ maxLength: 5 }).filter((key) => key !== "__proto__" && key !== "packed" && key !== "toJSON"),
    tie("tree"),
    { noNullPrototype: true, maxKeys: 4 },
  ),
  leaf: fc.oneof(array, fc.constantFrom(null, true, false, 0, -1.5, 1e300), fc.string(), fc.integer()),
}));

describe("packed arrays", () => {
  it("any plain data comes back with its kinds and bits", () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(back(value)).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("the JSON says where the bytes of an array lie", () => {
    const { json, bytes } = packArrays({ a: Int8Array.of(-1, 2), b: [Float32Array.of(1)], c: "text" });
    expect(JSON.parse(json)).toEqual({
      a: { packed: "Int8Array", at: 0, length: 2 },
      b: [{ packed: "Float32Array", at: 2, length: 1 }],
      c: "text",
    });
    expect([...bytes]).toEqual([255, 2, 0, 0, 0x80, 0x3f]);
  });

  it("values that JSON has no word for keep their bits", () => {
    const values = Float64Array.of(Number.NaN, -0, Number.POSITIVE_INFINITY);
    expect(back(values)).toEqual(values);
    expect(Object.is((back(values) as Float64Array)[1], -0)).toBe(true);
  });

  it("arrays that come back share nothing with the bytes nor with one another", () => {
    const packed = packArrays([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    const [first, second] = unpackArrays(packed) as Uint8Array[];
    packed.bytes.fill(9);
    first.fill(7);
    expect([[...first], [...second]]).toEqual([[7, 7], [3]]);
  });

  it("empty arrays, and no array at all", () => {
    expect(back([new Float32Array(0)])).toEqual([new Float32Array(0)]);
    expect(packArrays({ a: 1 })).toEqual({ json: '{"a":1}', bytes: Buffer.alloc(0) });
  });
});

describe("what was not packed", () => {
  const { json, bytes } = packArrays({ a: Float32Array.of(1, 2), b: Uint8Array.of(3) });

  it("bytes that are cut off anywhere are an error", () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => unpackArrays({ json, bytes: bytes.subarray(0, length) })).toThrow(RangeError);
  });

  it("JSON that is cut off anywhere is an error", () => {
    for (let length = 0; length < json.length; length++)
      expect(() => unpackArrays({ json: json.slice(0, length), bytes })).toThrow(SyntaxError);
  });

  it("arrays of another kind are refused", () => {
    expect(() => packArrays({ a: Int16Array.of(1) })).toThrow("values of a Int16Array cannot be packed");
    expect(() => packArrays([new DataView(new ArrayBuffer(1))])).toThrow("DataView");
  });

  it("kinds that are unknown are plain data", () => {
    for (const packed of ["Float16Array", "toString", "constructor", 3, null]) {
      const value = { packed, at: 0, length: 1 };
      expect(unpackArrays({ json: JSON.stringify(value), bytes })).toEqual(value);
    }
  });
});
