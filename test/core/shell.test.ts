import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { commandLine, shellQuoted } from "../../src/core/shell.ts";

it("harmless words stay as they are", () => {
  for (const word of ["clip.mp4", "a/b-c_d@120", "320px=500mm", "1,2,3", "50%"]) expect(shellQuoted(word)).toBe(word);
});

it.runIf(process.platform !== "win32")("a shell reads the words that were meant", () => {
  const words = ["two words", "it's", '"', "$HOME `ls` \\", "", "*", "手首", "a\nb", "~", "#x", "!"];
  const line = commandLine([
    process.execPath,
    "-e",
    "console.log(JSON.stringify(process.argv.slice(1)))",
    "--",
    ...words,
  ]);
  expect(JSON.parse(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }))).toEqual(words);
});
