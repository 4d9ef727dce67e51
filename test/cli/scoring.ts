/** @file Runs `tsumugi score` in this process, on files of a folder of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { scoreCommand } from "../../src/cli/commands/score.ts";

/** A folder, and the command. */
export interface Scoring {
  /** A path in the folder. */
  readonly at: (name: string) => string;
  /** What was printed since the test began. */
  readonly printed: () => string;
  readonly score: (what: string, ...args: readonly string[]) => Promise<void>;
}

/** The folder is made before each test and removed after it. */
export function scoring(): Scoring {
  let root: string;
  let printed = "";
  beforeEach(async () => {
    printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    root = await mkdtemp(join(tmpdir(), "score-"));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(root, { recursive: true });
  });
  return {
    at: (name) => join(root, name),
    printed: () => printed,
    async score(what, ...args) {
      const command = scoreCommand();
      for (const one of [command, ...command.commands]) one.exitOverride();
      await command.parseAsync([what, ...args], { from: "user" });
    },
  };
}
