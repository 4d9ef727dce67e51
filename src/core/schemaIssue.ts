/** @file A zod issue as the parts of a message: the place, what was given and expected, and the nearest valid name. */
import type { z } from "zod";
import type { UserErrorParts } from "./errors.ts";
import { nearest } from "./nearest.ts";

/**
 * The parts of the message about an issue.
 * @param subject what was checked, for example `the mode`
 * @param given what was checked, to quote the wrong value
 * @param example a valid value of the same form: its keys are the valid names
 */
export function schemaIssue(
  subject: string,
  issue: z.core.$ZodIssue,
  given: unknown,
  example: unknown,
): UserErrorParts {
  const place = issue.path.length === 0 ? subject : `${subject}: ${issue.path.join(".")}`;
  if (issue.code === "unrecognized_keys") return unknownKey(place, issue.keys[0], valueAt(example, issue.path));
  const got = quoted(valueAt(given, issue.path));
  if (issue.code === "invalid_value") return unknownValue(place, got, issue.values.map(String));
  return { what: place, got, expected: expectationOf(issue.message) };
}

/**
 * What was expected, from a message such as `Invalid input: expected number, received string`; other messages
 * unchanged.
 */
function expectationOf(message: string): string {
  return /expected (?<wanted>.+?)(?:, received .*)?$/u.exec(message)?.groups?.["wanted"] ?? message;
}

function unknownKey(place: string, key: string, example: unknown): UserErrorParts {
  const names = isRecord(example) ? Object.keys(example) : [];
  const what = `${place} has no key "${key}"`;
  if (names.length === 0) return { what };
  return { what, expected: names.join(", "), todo: `did you mean ${nearest(key, names)}?` };
}

function unknownValue(place: string, got: string, values: readonly string[]): UserErrorParts {
  const expected = values.length === 1 ? values[0] : `one of ${values.join(", ")}`;
  return { what: place, got, expected, todo: `did you mean ${nearest(got, values)}?` };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** The value as it would be written in code; an object only as "an object", as it may be large. */
function quoted(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  if (isRecord(value) && !Array.isArray(value)) return "an object";
  return JSON.stringify(value) ?? "nothing";
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
