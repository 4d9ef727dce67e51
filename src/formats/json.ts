/** @file Reading of JSON files against a schema, with messages that name the file and the place in it. */
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import type { ErrorCode } from "../core/errorCatalogue.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { MOST_TEXT_BYTES } from "./limits.ts";
import { decodeText } from "./textEncoding.ts";

/** How the text of a file is read. */
export interface ReadOptions {
  /** A label of the WHATWG Encoding Standard; default: found out, see `decodeText`. */
  readonly encoding?: string;
  /** Which clip to read, of a file or folder that holds several. */
  readonly sequence?: string;
  /** Is told what was guessed and what was left out. Without one, what cannot be used is an error. */
  readonly logger?: Logger;
}

/**
 * The text of a file, in whichever encoding; a guess is told as a warning.
 * @param what it is, for the message.
 * @throws UserError `file/missing`, `file/unreadable`, `text/encoding`
 */
export async function readText(path: string, what: string, options: ReadOptions = {}): Promise<string> {
  const { text, encoding, isGuess } = decodeText(await readBytes(path, what), path, options.encoding);
  if (isGuess)
    options.logger?.warn(
      `${path} is not UTF-8: read as ${encoding}, which is a guess; if names are wrong, give --encoding NAME`,
    );
  return text;
}

async function readBytes(path: string, what: string): Promise<Uint8Array> {
  try {
    await requireTextSize(path);
    return await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UserError(
      missing ? "file/missing" : "file/unreadable",
      {
        what: missing ? `no such ${what}: ${path}` : `cannot read the ${what} ${path}: ${messageOf(error)}`,
        todo: "check the path",
      },
      error,
    );
  }
}

/** @throws UserError `format/limit` */
async function requireTextSize(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size <= MOST_TEXT_BYTES) return;
  throw new UserError("format/limit", {
    what: `${path} is too large for a file of labels`,
    got: `${size} bytes`,
    expected: `at most ${MOST_TEXT_BYTES}`,
    todo: "split it by clips",
  });
}

/**
 * A JSON file, checked against its schema.
 * @param what it is, for messages.
 * @throws UserError `json/invalid`, and as `readText`
 */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  what: string,
  options: ReadOptions = {},
): Promise<z.output<Schema>> {
  return checkJson(parseJson(await readText(path, what, options), path), schema, `the ${what} ${path}`);
}

/** A JSON file whose layout has a version, in its key `format`. */
export interface VersionedFile<Schema extends z.ZodType> {
  readonly path: string;
  readonly schema: Schema;
  /** What it is, for messages. */
  readonly what: string;
  /** The newest version that is known. */
  readonly format: number;
  /** The error for a newer one, and what to do then. */
  readonly newer: { readonly code: ErrorCode; readonly todo: string };
}

const versioned = z.looseObject({ format: z.int() });

/** As `readJson`, for a file that a newer version may have written. @throws UserError also `newer` */
export async function readVersioned<Schema extends z.ZodType>({
  path,
  schema,
  what,
  format,
  newer,
}: VersionedFile<Schema>): Promise<z.output<Schema>> {
  const raw = await readJson(path, versioned, what);
  if (raw.format > format)
    throw new UserError(newer.code, {
      what: `${path} was written by a newer version of tsumugi`,
      got: `format ${raw.format}`,
      expected: `at most ${format}`,
      todo: newer.todo,
    });
  return checkJson(raw, schema, `the ${what} ${path}`);
}

/**
 * Parses JSON. The numbers that JSON lacks and Python writes all the same (NaN, Infinity) are null.
 * @param name of the file in messages.
 * @throws UserError `json/invalid`
 */
export function parseJson(text: string, name: string): unknown {
  const json = text.replace(/^\uFEFF/u, "");
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const finite = json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gu, (found) =>
      found.startsWith('"') ? found : "null",
    );
    if (finite !== json) return parseJson(finite, name);
    throw new UserError("json/invalid", { what: `${name} is not JSON: ${messageOf(error)}` }, error);
  }
}

/** @param name of what is checked, in messages. @throws UserError `json/invalid` with the first invalid place. */
export function checkJson<Schema extends z.ZodType>(value: unknown, schema: Schema, name: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  throw new UserError("json/invalid", {
    what: `${name} is not as expected${place === "" ? "" : ` at ${place.replace(/^\./u, "")}`}: ${issue.message}`,
  });
}
