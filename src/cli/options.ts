/** @file Option parsers shared by the commands; each says what was wrong and what is expected. */
import { homedir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { Interrupted } from "../core/errors.ts";

/** A whole number in a range. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high || text.trim() === "") {
      throw new InvalidArgumentError(
        `Expected a whole number ${high === Number.MAX_SAFE_INTEGER ? `from ${low}` : `from ${low} to ${high}`}.`,
      );
    }
    return value;
  };
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

/** Labels 0 to 254 such as `1-11` or `0,3,7`. */
export function labelList(text: string): number[] {
  const labels = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/u.exec(part) ?? [];
    return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) || 0 }, (_, i) => Number(first) + i);
  });
  if (labels.length === 0 || labels.some((label) => label > 254))
    throw new InvalidArgumentError("Expected labels from 0 to 254 such as 1-11 or 0,3,7.");
  return labels;
}

/** `--void`, shared by all that score DAVIS. */
export function voidOption(): Option {
  return new Option(
    "--void <how>",
    "what label 255 is in truth with several objects: background (as the official tool) or left out of the score",
  )
    .choices(["background", "ignore"])
    .default("background");
}

/** `--device cpu|webgpu`. */
export function deviceOption(): Option {
  return new Option("--device <device>", "where to compute").choices(["cpu", "webgpu"]).default("cpu");
}

/** Where decoded footage is kept unless told otherwise. */
export function defaultCache(): string {
  return join(homedir(), ".cache", "tsumugi", "footage");
}

/** `--threads N`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of the CPU (default: all cores)").argParser(wholeNumber(1, 256));
}

/** Runs work with a signal that Ctrl-C (or SIGTERM) aborts, so that it stops cleanly; a second Ctrl-C ends at once. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted("interrupted"));
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
