/** @file Modes that a session keeps as data: which one it is, and how what it began goes on alike. */
import { isDeepStrictEqual } from "node:util";
import { type Mode, type ModeName, modes } from "../modes.ts";

/** The name of a mode that was kept as data, whatever memory and size were set to; undefined when it is none of these. */
export function nameOfMode(mode: unknown): ModeName | undefined {
  if (typeof mode !== "object" || mode === null) return undefined;
  return (Object.keys(modes) as ModeName[]).find((name) =>
    isDeepStrictEqual(withoutLimits(mode), withoutLimits(modes[name])),
  );
}

/** What a session may keep of an earlier version's mode of the same name does not count either. */
const withoutLimits = (mode: object): object => ({
  ...mode,
  recentFrames: null,
  cellRows: null,
  smallRows: null,
  precision: null,
});

/** The mode with the size and arithmetic that a mode kept as data has, so that what it began goes on alike. */
export function modeAsKept(mode: Mode, kept: unknown): Mode {
  if (typeof kept !== "object" || kept === null) return mode;
  const { cellRows, precision } = kept as Readonly<Record<string, unknown>>;
  return {
    ...mode,
    ...((cellRows === null || typeof cellRows === "number") && { cellRows }),
    ...((precision === "float32" || precision === "int8") && { precision }),
  };
}
