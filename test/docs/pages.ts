/** @file The documentation as a reader sees it: pages, their code blocks, code spans, links and headings, each with its line. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A piece of text and where it stands. */
export interface Piece {
  readonly text: string;
  /** `file:line` */
  readonly where: string;
}

/** A block between fences, or indented by four spaces (then without a language). */
export interface CodeBlock {
  readonly language: string;
  readonly lines: readonly Piece[];
}

/** One Markdown file. */
export interface Page {
  /** From the root, with slashes. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** Inline code; a span that is wrapped has a space where its line ended. */
  readonly spans: readonly Piece[];
  /** Targets of links and pictures. */
  readonly links: readonly Piece[];
  /** What a link's fragment may be. */
  readonly anchors: ReadonlySet<string>;
  /** All lines. */
  readonly lines: readonly Piece[];
}

/** Every page of the repository. */
export function readPages(): Page[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`);
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  return [...top, "weights/MODEL_CARD.md", ...docs.sort()].map((path) =>
    parsePage(path, readFileSync(join(ROOT, path), "utf8")),
  );
}

/** Parses a page. @param path names it in messages and is what its links are relative to. */
export function parsePage(path: string, text: string): Page {
  const lines = text.split("\n").map((line, i) => ({ text: line, where: `${path}:${i + 1}` }));
  const fenced = fencedLines(lines);
  const prose = lines.map((line, i) => (fenced[i] === undefined ? line.text : ""));
  const spans = matches(
    prose.join("\n"),
    path,
    /(?<!`)(?<fence>`+)(?!`)(?<body>(?:(?!\n\s*\n)[^])+?)(?<!`)\k<fence>(?!`)/gu,
  );
  return {
    path,
    blocks: [...fencedBlocks(lines, fenced), ...indentedBlocks(lines, prose)],
    spans: spans.map(({ text, where }) => ({ text: text.replaceAll(/\s*\n\s*/gu, " ").trim(), where })),
    links: matches(prose.join("\n").replaceAll(/`[^`\n]*`/gu, blank), path, LINK),
    anchors: anchorsOf(prose),
    lines,
  };
}

/** The path that a link on a page leads to, from the root, and its fragment. */
export function resolveLink(page: Page, target: string): { readonly path: string; readonly fragment: string } {
  const [path, fragment = ""] = target.split("#");
  return { path: path === "" ? page.path : normalize(join(dirname(page.path), path)), fragment };
}

/** `[text](target "title")`, `![text](target)`, `<img src="target">` and `<a href="target">`. */
const LINK = /(?:\]\(|\b(?:src|href|srcset)=")(?<body>[^()\s"]+)(?:\s+"[^"]*")?[)"]/gu;

const blank = (text: string): string => " ".repeat(text.length);

function matches(text: string, path: string, pattern: RegExp): Piece[] {
  return [...text.matchAll(pattern)].map(({ groups, index }) => ({
    text: groups?.["body"] ?? "",
    where: `${path}:${text.slice(0, index).split("\n").length}`,
  }));
}

/** For every line the language of the fenced block that it belongs to, its fences included; undefined outside. */
function fencedLines(lines: readonly Piece[]): (string | undefined)[] {
  let open: string | undefined;
  return lines.map(({ text }) => {
    const fence = /^\s*```(?<language>\w*)/u.exec(text)?.groups;
    if (fence === undefined) return open;
    const before = open;
    open = open === undefined ? fence["language"] : undefined;
    return before ?? open;
  });
}

function fencedBlocks(lines: readonly Piece[], fenced: readonly (string | undefined)[]): CodeBlock[] {
  const blocks: { language: string; lines: Piece[] }[] = [];
  lines.forEach((line, i) => {
    const language = fenced[i];
    if (language === undefined) return;
    const isFence = /^\s*```/u.test(line.text);
    if (isFence && (i === 0 || fenced[i - 1] === undefined || /^\s*```$/u.test(lines[i - 1].text)))
      blocks.push({ language, lines: [] });
    else if (!isFence) blocks.at(-1)?.lines.push(line);
  });
  return blocks;
}

function indentedBlocks(lines: readonly Piece[], prose: readonly string[]): CodeBlock[] {
  const isCode = prose.map((text) => /^ {4}\S/u.test(text));
  const starts = isCode.map(
    (code, i) => code && (i === 0 || !isCode[i - 1]) && (i === 0 || prose[i - 1].trim() === ""),
  );
  return starts.flatMap((start, i) => {
    if (!start) return [];
    const after = isCode.findIndex((code, j) => j > i && !code);
    return [{ language: "", lines: lines.slice(i, after < 0 ? undefined : after) }];
  });
}

/** Fragments as GitHub makes them of headings. */
function anchorsOf(prose: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    const title = /^#+\s+(?<title>.+?)\s*$/u.exec(line)?.groups?.["title"];
    if (title === undefined) continue;
    const slug = slugOf(title);
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

function slugOf(title: string): string {
  const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1").toLowerCase();
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
}
