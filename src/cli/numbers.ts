/** @file Numbers on the command line. */
import { InvalidArgumentError } from "commander";

/** A parser for an option that takes a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} on, for example ${Math.max(least, 2)}.`);
  };
}
