/** @file The layout of `--help`: prose fits the terminal, and options that must be given say so. */
import { Help, type Option } from "commander";

/** The width that commander gives its own lines. */
export const helpColumns = (): number => process.stdout.columns ?? 80;

/**
 * Breaks paragraphs of prose anew so that they fit; indented lines (options, examples) and headings stay as they are.
 * @param text lines; a paragraph is a run of lines that do not begin with a space
 * @param columns the longest line, in characters
 */
export function wrapProse(text: string, columns: number): string {
  return text.replaceAll(/^(?! ).+(?:\n(?! ).+)*$/gmu, (paragraph) =>
    wrapWords(paragraph.split(/\s+/u), columns).join("\n"),
  );
}

function wrapWords(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Marks options without which a command does not run. */
export function optionDescription(option: Option): string {
  const text = Help.prototype.optionDescription(option);
  return option.mandatory ? `${text} (required)` : text;
}
