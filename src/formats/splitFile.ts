/** @file Split files: the sequences of a benchmark, one name per line; blank lines and `# comments` are ignored. */
import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "../core/errors.ts";

/**
 * The sequence names in a split file, each once, in the file's order.
 * @throws UserError `split/unreadable`, `split/empty`, or `split/name` for a name that is not the name of one folder
 * (names are joined to folders that are read and written, so they must not lead out of them).
 */
export async function readSplit(path: string): Promise<string[]> {
  const names = parseSplit(await readText(path), path);
  if (names.length > 0) return names;
  throw new UserError("split/empty", { what: `${path} names no sequence`, expected: "one name per line" });
}

function parseSplit(text: string, path: string): string[] {
  const names = text
    .split(/\r?\n/u)
    .map((line, index) => ({ name: line.replace(/#.*$/u, "").trim(), line: index + 1 }))
    .filter(({ name }) => name !== "");
  for (const { name, line } of names) requireFolderName(name, `${path}, line ${line}`);
  return [...new Set(names.map(({ name }) => name))];
}

function requireFolderName(name: string, where: string): void {
  if (!/[/\\\0]/u.test(name) && name !== "." && name !== "..") return;
  throw new UserError("split/name", {
    what: `${where} is not the name of a sequence`,
    got: JSON.stringify(name),
    expected: "the name of one folder, for example blackswan",
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(
      "split/unreadable",
      { what: `cannot read the split ${path}: ${messageOf(error)}`, todo: "check the path" },
      error,
    );
  }
}
