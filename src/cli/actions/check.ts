/** @file What `tsumugi check` prints: for each clip its verdict, and what is not good, or everything as JSON. */
import type { Check } from "../../footage/checkFile.ts";
import { lossSentence } from "../../footage/sentences.ts";
import { languages } from "../../footage/texts/languages.ts";
import { checkTask } from "../../tasks/check.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(checkTask, ({ check, page, asJson }) => {
  if (asJson) return print(JSON.stringify(check, undefined, 1));
  for (const clip of check.clips) print(linesOf(clip, check.language).join("\n"));
  print(`page: ${page}`);
});

function linesOf(clip: Check["clips"][number], language: Check["language"]): string[] {
  const { verdicts, page } = languages[language];
  const head = `${clip.path}: ${verdicts[clip.verdict]}`;
  if (clip.verdict === "unreadable") return [head, `  ${clip.error.message}`];
  const bad = clip.readings.filter(({ verdict }) => verdict !== "good");
  return [
    head,
    ...bad.flatMap((reading) => [
      `  ${verdicts[reading.verdict]}, ${reading.name}: ${reading.said}`,
      ...[lossSentence(reading, language)].filter((line) => line !== undefined).map((line) => `    ${line}`),
      ...(reading.todo === null ? [] : [`    ${page.todo} ${reading.todo}`]),
    ]),
  ];
}
