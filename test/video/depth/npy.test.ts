import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNpy } from "../../../src/video/depth/npy.ts";

/** A file as NumPy writes it. */
function npy(descr: string, shape: string, body: Uint8Array, { order = "False", version = 1 } = {}): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
  const length = Buffer.alloc(version > 1 ? 4 : 2);
  if (version > 1) length.writeUInt32LE(header.length);
  else length.writeUInt16LE(header.length);
  const start = Buffer.concat([Buffer.from("\u0093NUMPY", "latin1"), Buffer.from([version, 0]), length]);
  return Buffer.concat([start, Buffer.from(header, "latin1"), body]);
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("arrays of NumPy", () => {
  it("by hand: float64, big-endian, columns first, half precision, a long header", () => {
    expect(readNpy(npy("<f8", "2, 2", bytesOf(new Float64Array([1, 2, 3, 4.5]))), "a")).toEqual({
      shape: [2, 2],
      data: new Float32Array([1, 2, 3, 4.5]),
    });
    expect(readNpy(npy(">u2", "2,", Uint8Array.of(1, 0, 0, 7)), "a").data).toEqual(new Float32Array([256, 7]));
    const columns = npy("<i4", "2, 3", bytesOf(new Int32Array([1, 4, 2, 5, 3, 6])), { order: "True" });
    expect([...readNpy(columns, "a").data]).toEqual([1, 2, 3, 4, 5, 6]);
    // 1, -2, the smallest subnormal, infinity, not a number.
    const halves = Uint16Array.of(0x3c00, 0xc000, 1, 0x7c00, 0x7e00);
    expect([...readNpy(npy("<f2", "5,", bytesOf(halves)), "a").data]).toEqual([1, -2, 2 ** -24, Infinity, Number.NaN]);
    expect(readNpy(npy("|u1", "1, 1", Uint8Array.of(9), { version: 2 }), "a").shape).toEqual([1, 1]);
  });

  it("float32 is read as it was written", () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 6, maxLength: 6 }), (values) => {
        expect(readNpy(npy("<f4", "2, 3", bytesOf(values)), "a")).toEqual({ shape: [2, 3], data: values });
      }),
    );
  });

  it("refuses the rest, and never breaks otherwise", () => {
    const code = { code: "depth/unreadable" };
    const whole = npy("<f4", "2, 2", bytesOf(new Float32Array(4)));
    const refused = [
      new Uint8Array(3),
      Buffer.from("no array at all"),
      npy("<c8", "2,", new Uint8Array(16)),
      npy("|O", "2,", new Uint8Array(16)),
      whole.subarray(0, whole.length - 1),
    ];
    for (const bytes of refused) expect(() => readNpy(bytes, "a.npy")).toThrow(expect.objectContaining(code));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const broken = Uint8Array.from(whole);
        broken[at] = value;
        try {
          readNpy(broken, "a.npy");
        } catch (error) {
          expect(error).toMatchObject(code);
        }
      }),
    );
  });
});
