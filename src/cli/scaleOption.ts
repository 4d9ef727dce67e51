/** @file `--scale`: the size of a pixel, as a number or as two equal lengths. */
import { InvalidArgumentError, Option } from "commander";

/** Millimetres in each unit. */
const UNITS: Readonly<Record<string, number>> = { mm: 1, cm: 10, m: 1000, in: 25.4, ft: 304.8 };

/** Millimetres per pixel from `0.8` or `320px=500mm`. */
export function mmPerPixel(text: string): number {
  const plain = Number(text);
  if (text.trim() !== "" && Number.isFinite(plain) && plain > 0) return plain;
  const [, pixels, length, unit] = /^\s*([\d.]+)\s*px\s*=\s*([\d.]+)\s*(mm|cm|m|in|ft)\s*$/iu.exec(text) ?? [];
  const scale = (Number(length) * UNITS[unit?.toLowerCase() ?? ""]) / Number(pixels);
  if (Number.isFinite(scale) && scale > 0) return scale;
  throw new InvalidArgumentError(
    "Expected millimetres per pixel such as 0.8, or two equal lengths such as 320px=500mm (mm, cm, m, in or ft).",
  );
}

/** `--scale MM_PER_PX`. */
export function scaleOption(): Option {
  return new Option(
    "--scale <mm per px>",
    "size of a pixel in the plane of motion, for speeds in mm/s: 0.8, or 320px=500mm",
  ).argParser(mmPerPixel);
}
