/** @file Command lines in shell blocks and code spans of the documentation, as words. */
import type { CodeBlock, Page, Piece } from "./pages.ts";

/** One command with its arguments. */
export interface CommandLine {
  readonly words: readonly string[];
  /** `file:line` */
  readonly where: string;
  /** Something is left out on purpose (`…`), or only the command is named: what is required may be missing. */
  readonly elided: boolean;
}

const PROGRAMS = /^(?:tsumugi|npx|npm|node)(?: |$)/u;

/** Every command of a page: all lines of `sh` blocks, and what begins with one of our programs elsewhere. */
export function commandsOf(page: Page): CommandLine[] {
  const blocks = page.blocks.flatMap((block) => linesOf(block));
  const spans = page.spans.filter(({ text }) => PROGRAMS.test(text)).flatMap((span) => parseLine(span, true));
  return [...blocks, ...spans];
}

function linesOf({ language, lines }: CodeBlock): CommandLine[] {
  if (!["", "sh", "bash", "console"].includes(language)) return [];
  return continued(lines)
    .map(({ text, where }) => ({ text: text.trim().replace(/^\$ /u, ""), where }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"))
    .filter(({ text }) => language !== "" || /^(?:tsumugi|npx|npm|node|ffmpeg) /u.test(text))
    .flatMap((line) => parseLine(line, false));
}

/** Lines that end with a backslash, or within double quotes, are put together with the next. */
function continued(lines: readonly Piece[]): Piece[] {
  const whole: { text: string; where: string }[] = [];
  let open = false;
  for (const { text, where } of lines) {
    const bare = text.replace(/\s+#.*$/u, "");
    const last = whole.at(-1);
    if (open && last !== undefined) last.text += ` ${bare.replace(/\\$/u, "").trim()}`;
    else whole.push({ text: bare.replace(/\\$/u, ""), where });
    open = bare.endsWith("\\") || (whole.at(-1)?.text.split('"').length ?? 1) % 2 === 0;
  }
  return whole;
}

/** The commands of a line, which may be joined by `&&`, `|` or `;`, without redirections. @param isSpan a bare command is then only a mention. */
export function parseLine({ text, where }: Piece, isSpan: boolean): CommandLine[] {
  const commands: string[][] = [[]];
  for (const word of wordsOf(text.replace(/(?:^|\s)#\s.*$/u, "").replaceAll(/\s[12]?[<>]{1,2}\s*\S+/gu, ""))) {
    if (["&&", "|", ";", "||"].includes(word)) commands.push([]);
    else commands.at(-1)?.push(word.replace(/^(["'])(?<inner>.*)\1$/su, "$<inner>"));
  }
  return commands
    .filter((words) => words.length > 0)
    .map((words) => ({ words, where, elided: isElided(words) || (isSpan && isMention(words)) }));
}

function wordsOf(text: string): string[] {
  return text.match(/(?:"[^"]*"|'[^']*'|[^\s"';|&]|&(?!&))+|&&|\|\|?|;/gu) ?? [];
}

/** `…` stands for what is left out, but `CLIPS…` for one value or several. */
const isElided = (words: readonly string[]): boolean =>
  words.some((word) => word.includes("…") && !/^[A-Z]+…$/u.test(word));

const isMention = (words: readonly string[]): boolean => words.every((word) => /^[a-z]+$/u.test(word));
