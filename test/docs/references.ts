/** @file What the documentation refers to: files, links, error codes, options and configuration keys. Each check returns its findings. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { errorCatalogue } from "../../src/core/errorCatalogue.ts";
import { exportsOf } from "./exports.ts";
import { configNames, optionNames, settingProblem } from "./program.ts";
import { type Page, type Piece, resolveLink, ROOT } from "./pages.ts";

const FOLDERS = [
  "src",
  "docs",
  "test",
  "weights",
  "scripts",
  "bench",
  "examples",
  String.raw`\.ci`,
  String.raw`\.github`,
];

const files = FOLDERS.map((folder) => folder.replace("\\", "")).flatMap((folder) =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name.replaceAll("\\", "/")}`,
      )
    : [],
);

const finding = ({ where }: Piece, what: string): string => `${where}: ${what}`;

/** Links whose file or heading is not there. */
export function brokenLinks(pages: readonly Page[]): string[] {
  return pages.flatMap((page) =>
    page.links
      .filter(({ text }) => !/^[a-z]+:/u.test(text))
      .flatMap((link) => {
        const { path, fragment } = resolveLink(page, link.text);
        if (path !== page.path && !existsSync(join(ROOT, path))) return [finding(link, `no such file: ${link.text}`)];
        const target = pages.find((other) => other.path === path);
        if (fragment === "" || target === undefined || target.anchors.has(fragment)) return [];
        return [finding(link, `no such heading: ${link.text}`)];
      }),
  );
}

/** Files of the repository that are named but not there. */
export function missingFiles(page: Page): string[] {
  const named = new RegExp(String.raw`(?<![\w./@-])(?:${FOLDERS.join("|")})/[\w.*/{},-]*[\w*/}]`, "gu");
  const paths = page.lines.flatMap(({ text, where }) =>
    [...text.matchAll(named)].map(([path]) => ({ text: path, where })),
  );
  const short = page.spans.filter(({ text }) => /^[\w.*/-]+\.(?:ts|js)$/u.test(text) && !text.startsWith("dist/"));
  return [
    ...paths
      .filter(({ text }) => !isThere(text) && !Object.hasOwn(errorCatalogue, text))
      .map((path) => finding(path, `no such file: ${path.text}`)),
    ...short.filter(({ text }) => !endsAFile(text)).map((path) => finding(path, `no such file: ${path.text}`)),
  ];
}

/** Whether there is a file or folder; `*` stands for part of a name, `{a,b}` for one of several. */
function isThere(path: string): boolean {
  return braced(path.replace(/\/$/u, "")).every(
    (one) => existsSync(join(ROOT, one)) || files.some((file) => patternOf(one, "^").test(file)),
  );
}

const endsAFile = (path: string): boolean => files.some((file) => patternOf(path, "(?:^|/)").test(file));

const patternOf = (path: string, start: string): RegExp =>
  new RegExp(`${start}${path.replaceAll(/[.{}]/gu, String.raw`\$&`).replaceAll("*", "[^/]*")}$`, "u");

function braced(path: string): string[] {
  const { before, choices, after } = /^(?<before>[^{]*)\{(?<choices>[^}]*)\}(?<after>.*)$/u.exec(path)?.groups ?? {};
  return choices === undefined ? [path] : choices.split(",").flatMap((choice) => braced(`${before}${choice}${after}`));
}

const areas = new Set(Object.keys(errorCatalogue).map((code) => code.split("/")[0]));

/** Spans that look like an error code but are none. */
export function unknownCodes(page: Page): string[] {
  return page.spans
    .filter(({ text }) => /^[a-z]+\/[a-z0-9-]+$/u.test(text) && areas.has(text.split("/")[0]))
    .filter(({ text }) => !Object.hasOwn(errorCatalogue, text) && !isThere(text) && !isThere(`src/${text}`))
    .map((span) => finding(span, `no such error code: ${span.text}`));
}

/** Spans that begin with an option which no command has. */
export function unknownOptions(page: Page, further: ReadonlySet<string>): string[] {
  const known = optionNames();
  return page.spans
    .filter(({ text }) => /^--[a-z]/u.test(text))
    .flatMap((span) => (span.text.match(/(?<=^|\s)--[a-z][a-z-]*/gu) ?? []).map((name) => ({ ...span, text: name })))
    .filter(({ text }) => !known.has(text) && !further.has(text))
    .map((span) => finding(span, `no command has the option ${span.text}`));
}

/** Configuration keys that the schema does not have, and values that it refuses. */
export async function unknownKeys(page: Page): Promise<string[]> {
  const known = configNames();
  const sections = new Set([...known].filter((name) => name.includes(".")).map((name) => name.split(".")[0]));
  const keys = page.spans.filter(
    ({ text }) => /^[a-z]\w*\.[a-z]\w*$/iu.test(text) && sections.has(text.split(".")[0]) && !/\.[jt]s$/u.test(text),
  );
  const found = keys
    .filter(({ text }) => !known.has(text))
    .map((key) => finding(key, `no such configuration key: ${key.text}`));
  const pairs = page.spans.flatMap(({ text, where }) =>
    [...text.matchAll(/^--set (?<pair>(?!key=value)\S+=\S+)$/gu)].map(({ groups }) => ({
      text: groups?.["pair"] ?? "",
      where,
    })),
  );
  for (const pair of pairs) {
    const problem = await settingProblem(pair.text);
    if (problem !== undefined) found.push(finding(pair, problem));
  }
  return found;
}

/** Imports in code blocks of names that the package does not export, or of files that are not there. */
export function brokenImports(page: Page): string[] {
  const found: string[] = [];
  for (const { language, lines } of page.blocks) {
    if (!["ts", "js", "typescript", "javascript"].includes(language)) continue;
    const text = lines.map((line) => line.text).join("\n");
    for (const { groups, index } of text.matchAll(/import (?:type )?\{(?<names>[^}]*)\} from "(?<from>[^"]+)"/gu)) {
      const line = lines[text.slice(0, index).split("\n").length - 1];
      const problem = importProblem(namesOf(groups?.["names"] ?? ""), groups?.["from"] ?? "");
      if (problem !== undefined) found.push(finding(line, problem));
    }
  }
  return found;
}

const namesOf = (list: string): string[] =>
  list
    .split(",")
    .map((name) =>
      name
        .trim()
        .replace(/^type /u, "")
        .replace(/ as .*$/u, ""),
    )
    .filter(Boolean);

const ENTRIES: Readonly<Record<string, string>> = {
  tsumugi: "src/index.ts",
  "tsumugi/client": "src/client/index.ts",
  "tsumugi/browser": "src/browser.ts",
  "tsumugi/tensor": "src/tensor/index.ts",
};

function importProblem(names: readonly string[], from: string): string | undefined {
  if (from.startsWith("node:")) return undefined;
  const file = ENTRIES[from] ?? from.replace(/^\.\//u, "");
  if (!existsSync(join(ROOT, file))) return `no such module: ${from}`;
  const exported = new Set(exportsOf(file).map(({ name }) => name));
  const unknown = names.find((name) => !exported.has(name));
  return unknown === undefined ? undefined : `${from} does not export ${unknown}`;
}
