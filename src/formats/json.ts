/** @file Reading of JSON files against a schema, with messages that name the file and the place in it. */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { messageOf, UserError } from "../core/errors.ts";

/** The text of a file. @param what it is, for the message. @throws UserError `file/missing`, `file/unreadable` */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
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

/**
 * A JSON file, checked against its schema.
 * @param what it is, for messages.
 * @throws UserError `json/invalid`, and as `readText`
 */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  what: string,
): Promise<z.output<Schema>> {
  return checkJson(parseJson(await readText(path, what), path), schema, `the ${what} ${path}`);
}

/** @param name of the file in messages. @throws UserError `json/invalid` */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, "")) as unknown;
  } catch (error) {
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
