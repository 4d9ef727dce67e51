/** @file What lies in a folder, in natural order: 2.png comes before 10.png. */
import { readdir } from "node:fs/promises";
import { UserError } from "../core/errors.ts";

const byName = new Intl.Collator("en", { numeric: true });

/** Names of the files that end so, whatever their case. @throws UserError `score/no-folder` */
export async function filesIn(folder: string, extension: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(extension))
    .map(({ name }) => name)
    .sort(byName.compare);
}

/** Names of the folders that are not hidden. @throws UserError `score/no-folder` */
export async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort(byName.compare);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new UserError("score/no-folder", { what: `no such folder: ${folder}`, todo: "check the path" }, error);
  }
}
