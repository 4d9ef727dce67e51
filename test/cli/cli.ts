/** @file The built command line as a child process, and small inputs for it. */
import { spawn } from "node:child_process";
import { access, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a command ended. */
export interface Ended {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `tsumugi` with these arguments.
 * @param input what it reads on stdin.
 * @param interruptAt asked again and again; once it is true, the signal is sent.
 */
export async function tsumugi(
  args: readonly string[],
  interruptAt?: () => Promise<boolean>,
  signal: NodeJS.Signals = "SIGINT",
  input?: Readable,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: "1" } });
  // What is not read to its end is no failure of the command.
  input?.pipe(child.stdin.on("error", () => {}));
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  if (interruptAt !== undefined) {
    while (child.exitCode === null && !(await interruptAt())) await setTimeout(5);
    child.kill(signal);
  }
  return { code: await ended, out, err };
}

/** Whether something is at this path. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Files of a folder and all below it that are still being written; none where there is no folder. */
export async function halfWritten(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".part"));
}

/** An image folder of `count` frames that repeats the frames of another: long clips for next to nothing. */
export async function repeatFrames(from: string, to: string, count: number): Promise<string> {
  const names = (await readdir(from)).sort();
  await mkdir(to, { recursive: true });
  for (let i = 0; i < count; i++)
    await copyFile(join(from, names[i % names.length]), join(to, `${String(i).padStart(5, "0")}.png`));
  return to;
}
