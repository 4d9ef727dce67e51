/** @file The command line in this process: what it prints and how it ends, without the second that a process needs to load. */
import { stripVTControlCharacters } from "node:util";
import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/commandLine.ts";
import type { Ended } from "./cli.ts";

/** Runs `tsumugi` with these arguments, for tests in which a process, its signals and its pipes are not the point. */
export async function tsumugiHere(args: readonly string[]): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const before = process.exitCode;
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += stripVTControlCharacters(String(text));
      return true;
    }),
  );
  process.exitCode = undefined;
  try {
    await runCommandLine(args);
    return { code: exitStatus(), out: said.stdout, err: said.stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
  }
}

function exitStatus(): number {
  return Number(process.exitCode ?? 0);
}
