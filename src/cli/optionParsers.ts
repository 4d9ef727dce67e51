/** @file Parsers of option values; each says what was wrong and what is expected. */
import { InvalidArgumentError } from "commander";

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

/** A number of 0 or more. */
export function amount(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError("Expected a number of 0 or more.");
  return value;
}

/** The address of a Redis. */
export function redisAddress(text: string): string {
  if (/^rediss?:\/\/\S+$/u.test(text)) return text;
  throw new InvalidArgumentError("Expected an address such as redis://queue.example:6379.");
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

/** A number from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}

/** Names separated by commas, each one of `names`. */
export function namesAmong<Name extends string>(names: readonly Name[], what: string): (text: string) => Name[] {
  return (text) =>
    text.split(",").map((part) => {
      const name = names.find((name) => name === part.trim());
      if (name === undefined) throw new InvalidArgumentError(`${what} are ${names.join(", ")}, separated by commas.`);
      return name;
    });
}

/** Collects the values of an option that may be given several times. */
export function repeated<Value>(parse: (text: string) => Value): (text: string, before?: readonly Value[]) => Value[] {
  return (text, before = []) => [...before, parse(text)];
}

/** `all` or a number. */
export function topK(text: string): number | "all" {
  return text === "all" ? "all" : wholeNumber(1)(text);
}

/** The number of recent frames, or a list of them, counted back. */
export function memoryFrames(text: string): number | number[] {
  const numbers = text.split(",").map((part) => wholeNumber(0, 256)(part));
  if (text.includes(",") && numbers.includes(0)) throw new InvalidArgumentError("Expected distances from 1.");
  return text.includes(",") ? numbers : numbers[0];
}

/** `WIDTHxHEIGHT`. */
export function frameSize(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d+)x(\d+)$/u.exec(text) ?? [];
  if (!(Number(width) > 0 && Number(height) > 0)) throw new InvalidArgumentError("Expected a size such as 854x480.");
  return { width: Number(width), height: Number(height) };
}

/** Frame indices separated by commas. */
export function frameIndices(text: string): number[] {
  const frames = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (frames.every((frame) => Number.isInteger(frame) && frame >= 0)) return frames;
  throw new InvalidArgumentError("Expected frame indices from 0 such as 10,40.");
}

/** `X,Y` in whole pixels. */
export function pixel(text: string): { x: number; y: number } {
  const [, x, y] = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/u.exec(text) ?? [];
  if (x === undefined) throw new InvalidArgumentError("Expected x,y in whole pixels such as 320,200.");
  return { x: Number(x), y: Number(y) };
}

/** `ID=CLASS`: an object's id in masks, and what kind of thing it is. */
export function classOf(text: string): { id: number; class: string } {
  const [, id, name] = /^\s*(\d+)\s*=\s*(.*\S)\s*$/u.exec(text) ?? [];
  if (name === undefined || !(Number(id) >= 1 && Number(id) <= 254))
    throw new InvalidArgumentError("Expected an id from 1 to 254 and a class, such as 1=gear.");
  return { id: Number(id), class: name };
}
