/**
 * @file Interlaced PNG of 1, 2 or 4 bits a sample, grey or palette: what fast-png cannot decode. Adam7 passes and filters after the PNG
 * specification (third edition, sections 8.2 and 9).
 */
import { inflateSync } from "node:zlib";

/** Where a pass begins and how far its pixels lie apart: [x, y, dx, dy]. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const GREY = 0;
const PALETTE = 3;

/** Pictures of more pixels are refused before anything is inflated. */
const MOST_PIXELS = 1 << 28;

/** Samples as stored, one byte a pixel. */
export interface PngSamples {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** [red, green, blue] by index, of palette pictures. */
  readonly palette?: readonly (readonly number[])[];
}

/** @returns undefined for files of another kind. @throws Error for one of this kind that is damaged. */
export function decodeInterlacedPng(bytes: Uint8Array): PngSamples | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) return undefined;
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  if (interlace !== 1 || depth >= 8 || (colour !== GREY && colour !== PALETTE)) return undefined;
  if (width * height > MOST_PIXELS) throw new Error(`${width} x ${height} pixels are too many`);
  const { packed, entries } = chunksOf(bytes, view);
  const maxOutputLength = 2 * width * height + 16 * height + 64;
  const data = placed(inflateSync(packed, { maxOutputLength }), { width, height, depth });
  return { width, height, data, ...(colour === PALETTE && { palette: entries }) };
}

function chunksOf(bytes: Uint8Array, view: DataView): { packed: Buffer; entries: number[][] } {
  const parts: Uint8Array[] = [];
  let entries: number[][] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IDAT") parts.push(body);
    if (type === "PLTE")
      entries = Array.from({ length: Math.floor(length / 3) }, (_, i) => [...body.subarray(3 * i, 3 * i + 3)]);
    at += length + 12;
  }
  return { packed: Buffer.concat(parts), entries };
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** The samples of all passes at their places, `[height, width]`. */
function placed(raw: Uint8Array, { width, height, depth }: Layout): Uint8Array {
  const out = new Uint8Array(width * height);
  let at = 0;
  for (const [x0, y0, dx, dy] of ADAM7) {
    const columns = Math.ceil((width - x0) / dx);
    const rows = Math.ceil((height - y0) / dy);
    if (columns <= 0 || rows <= 0) continue;
    const rowBytes = Math.ceil((columns * depth) / 8);
    let above = new Uint8Array(rowBytes);
    for (let row = 0; row < rows; row++, at += rowBytes + 1) {
      if (at + rowBytes + 1 > raw.length) throw new Error("the picture's data end too early");
      above = unfiltered(raw[at], raw.subarray(at + 1, at + 1 + rowBytes), above);
      for (let column = 0; column < columns; column++)
        out[(y0 + row * dy) * width + x0 + column * dx] = sample(above, column, depth);
    }
  }
  return out;
}

function sample(row: Uint8Array, column: number, depth: number): number {
  const bit = column * depth;
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** A row without its filter; below 8 bits a sample a byte is filtered by the byte before it. */
function unfiltered(filter: number, row: Uint8Array, above: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const [left, up, corner] = [i > 0 ? out[i - 1] : 0, above[i], i > 0 ? above[i - 1] : 0];
    out[i] = row[i] + predicted(filter, left, up, corner);
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(`unknown filter ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
