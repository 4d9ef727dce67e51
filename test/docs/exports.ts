/** @file What a module exports, and which file declares it. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./pages.ts";

/** An export and the file that declares it, or that it is re-exported from. */
export interface Exported {
  readonly name: string;
  readonly file: string;
}

const DECLARATION = /^export (?:abstract )?(?:async )?(?:interface|type|class|const|function\*?) (?<name>\w+)/gmu;

/** All names that a file exports: its own, those of `export {…} from` and of `export * from`. */
export function exportsOf(file: string): Exported[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const own = [...text.matchAll(DECLARATION)].map(({ groups }) => ({ name: groups?.["name"] ?? "", file }));
  const stars = [...text.matchAll(/^export \* from "(?<from>[^"]+)";/gmu)];
  return [
    ...own,
    ...reExports(text, file),
    ...stars.flatMap(({ groups }) => exportsOf(beside(file, groups?.["from"]))),
  ];
}

/** The text from the file's beginning to the declaration of the export; undefined when it is not declared there. */
export function textBefore({ name, file }: Exported): string | undefined {
  const text = readFileSync(join(ROOT, file), "utf8");
  const further = reExports(text, file).find((other) => other.name === name);
  if (further !== undefined) return textBefore(further);
  const declaration = [...text.matchAll(DECLARATION)].find(({ groups }) => groups?.["name"] === name);
  return declaration === undefined ? undefined : text.slice(0, declaration.index);
}

function reExports(text: string, file: string): Exported[] {
  const lists = [...text.matchAll(/^export (?:type )?\{(?<names>[^}]*)\} from "(?<from>[^"]+)";/gmu)];
  return lists.flatMap(({ groups }) =>
    (groups?.["names"] ?? "")
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type /u, "")
          .replace(/^\w+ as /u, ""),
      )
      .filter(Boolean)
      .map((name) => ({ name, file: beside(file, groups?.["from"]) })),
  );
}

const beside = (file: string, from = ""): string => join(dirname(file), from);
