/**
 * @file Keys of a training configuration from `--config FILE` and `--set KEY=VALUE`; shared by the commands that train.
 */
import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "../core/errors.ts";

/** The keys of the file, then those of `--set`. @throws UserError `train/config`, `train/set` */
export async function configKeys(file: string | undefined, set: readonly string[]): Promise<Record<string, unknown>> {
  const given: Record<string, unknown> = file === undefined ? {} : await readConfig(file);
  for (const pair of set) assign(given, pair);
  return given;
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isRecord(parsed)) throw new Error("it holds something else");
    // A run's own config.json is accepted unchanged; one without init began at random.
    return isRecord(parsed["config"]) ? { init: "none", ...parsed["config"] } : parsed;
  } catch (error) {
    throw new UserError(
      "train/config",
      { what: `cannot read the configuration ${path}: ${messageOf(error)}`, expected: "a JSON object" },
      error,
    );
  }
}

function assign(target: Record<string, unknown>, pair: string): void {
  const [key, ...rest] = pair.split("=");
  if (rest.length === 0 || key === "")
    throw new UserError("train/set", { what: `--set ${pair}`, expected: "key=value, for example crop.kind=squash" });
  const path = key.split(".");
  const text = rest.join("=");
  const leaf = path.slice(0, -1).reduce((at, name) => partOf(at, name, pair), target);
  setOwn(leaf, path[path.length - 1], parsedValue(text));
}

/** The object under a key, created if it is missing. */
function partOf(at: Record<string, unknown>, name: string, pair: string): Record<string, unknown> {
  if (!Object.hasOwn(at, name)) setOwn(at, name, {});
  const part = at[name];
  if (isRecord(part)) return part;
  throw new UserError("train/set", {
    what: `--set ${pair}: ${name} has no keys of its own`,
    got: JSON.stringify(part),
  });
}

/** Works for names like `__proto__` too, which a plain assignment would treat specially. */
function setOwn(at: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(at, name, { value, enumerable: true, writable: true, configurable: true });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as JSON if it parses (numbers, true, lists), else the text itself. */
function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
