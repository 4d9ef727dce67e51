/** @file Masks as PNG files, made in the page. */
import { zlibSync } from "fflate";
import { encodeMaskPng, type LabelMap } from "../../../src/browser.ts";

/** By byte, see the PNG specification, annex D. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? 0xed_b8_83_20 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as PNG and ZIP have it. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xff_ff_ff_ff;
  for (const byte of bytes) sum = REMAINDERS[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xff_ff_ff_ff) >>> 0;
}

/** As the commands write them. */
export function maskPng(labels: LabelMap): Uint8Array {
  return encodeMaskPng(labels, { deflate: (rows) => zlibSync(rows, { level: 4 }), crc32 });
}
