/** @file Parsers of option values that several commands share. */
import { InvalidArgumentError } from "commander";

/** A whole number of at least `least`; anything else is told to the user. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
  };
}
