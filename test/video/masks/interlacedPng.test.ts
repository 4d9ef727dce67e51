import { deflateSync, crc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeInterlacedPng } from "../../../src/video/masks/interlacedPng.ts";

/** The passes of Adam7 by the definition: which pass every pixel of an 8 x 8 tile belongs to (PNG specification, figure 4.8). */
const PASS_OF = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4;
  readonly data: Uint8Array;
}

/** Rows of each pass, packed, with filter `filter`, by definition and slowly. */
function interlaced({ width, height, depth, data }: Picture, filter: number): Uint8Array {
  const bytes: number[] = [];
  for (const pass of "1234567") {
    let above: number[] = [];
    for (let y = 0; y < height; y++) {
      const bits: number[] = [];
      for (let x = 0; x < width; x++)
        if (PASS_OF[y % 8][x % 8] === pass)
          for (let bit = depth - 1; bit >= 0; bit--) bits.push((data[y * width + x] >> bit) & 1);
      if (bits.length === 0) continue;
      const row = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
        Array.from({ length: 8 }, (_bit, k) => bits[8 * i + k] ?? 0).reduce((sum, bit) => 2 * sum + bit, 0),
      );
      bytes.push(
        filter,
        ...row.map((value, i) => (value - guess(filter, row[i - 1] ?? 0, above[i] ?? 0, above[i - 1] ?? 0)) & 255),
      );
      above = row;
    }
  }
  return Uint8Array.from(bytes);
}

function guess(filter: number, a: number, b: number, c: number): number {
  const p = a + b - c;
  const nearest = [a, b, c].toSorted((x, y) => Math.abs(p - x) - Math.abs(p - y))[0];
  return [0, a, b, Math.floor((a + b) / 2), nearest][filter];
}

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, "latin1");
  out.set(body, 8);
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

function file(picture: Picture, colour: 0 | 3, raw: Uint8Array, interlace = 1): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([picture.depth, colour, 0, 0, interlace], 8);
  const palette =
    colour === 3
      ? [
          chunk(
            "PLTE",
            Uint8Array.from({ length: 6 }, (_, i) => i),
          ),
        ]
      : [];
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...palette,
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", new Uint8Array()),
  ]);
}

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 19 }),
    height: fc.integer({ min: 1, max: 19 }),
    depth: fc.constantFrom(1, 2, 4),
  })
  .chain(({ width, height, depth }) =>
    fc
      .array(fc.nat({ max: 2 ** depth - 1 }), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, depth, data: Uint8Array.from(values) })),
  );

test("every size, depth and filter gives the samples back", () => {
  fc.assert(
    fc.property(
      pictures,
      fc.constantFrom(0, 1, 2, 3, 4),
      fc.constantFrom(0 as const, 3 as const),
      (picture, filter, colour) => {
        const decoded = decodeInterlacedPng(file(picture, colour, interlaced(picture, filter)));
        expect(decoded?.data).toEqual(picture.data);
        expect([decoded?.width, decoded?.height]).toEqual([picture.width, picture.height]);
        expect(decoded?.palette).toEqual(
          colour === 3
            ? [
                [0, 1, 2],
                [3, 4, 5],
              ]
            : undefined,
        );
      },
    ),
  );
});

const small: Picture = { width: 3, height: 2, depth: 1, data: Uint8Array.of(1, 0, 1, 0, 1, 1) };

test("files of other kinds are left to others", () => {
  expect(decodeInterlacedPng(file(small, 0, interlaced(small, 0), 0))).toBeUndefined();
  expect(decodeInterlacedPng(new Uint8Array(10))).toBeUndefined();
});

test("data that end early, unknown filters and huge sizes are errors", () => {
  const raw = interlaced(small, 0);
  expect(() => decodeInterlacedPng(file(small, 0, raw.subarray(0, -1)))).toThrow("end too early");
  expect(() =>
    decodeInterlacedPng(
      file(
        small,
        0,
        Uint8Array.from(raw, (v, i) => (i === 0 ? 9 : v)),
      ),
    ),
  ).toThrow("filter 9");
  expect(() => decodeInterlacedPng(file({ ...small, width: 1 << 20, height: 1 << 20 }, 0, raw))).toThrow("too many");
});
