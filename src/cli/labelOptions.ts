/** @file Parsers of the options that say what is labelled where: `--end`, `--range`. */
import { InvalidArgumentError } from "commander";

/** `ID@FRAME` or `NAME@FRAME`. */
export function endOfObject(text: string): { what: number | string; frame: number } {
  const { what, frame } = /^(?<what>.+)@(?<frame>\d+)$/u.exec(text)?.groups ?? {};
  if (what === undefined || frame === undefined)
    throw new InvalidArgumentError("Expected ID@FRAME, for example 2@150.");
  return { what: /^\d+$/u.test(what) ? Number(what) : what, frame: Number(frame) };
}

/** `A:B`, B not included; either may be left out. */
export function frameRange(text: string): { start?: number; end?: number } {
  const { start, end } = /^(?<start>\d*):(?<end>\d*)$/u.exec(text)?.groups ?? {};
  if (start === undefined || end === undefined) throw new InvalidArgumentError("Expected A:B, for example 100:250.");
  return { ...(start !== "" && { start: Number(start) }), ...(end !== "" && { end: Number(end) }) };
}
