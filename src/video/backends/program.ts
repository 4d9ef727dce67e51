/** @file Running ffmpeg and ffprobe: never through a shell, with what they said on stderr kept for the error. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** The last part of stderr that is kept, characters. */
const STDERR_KEPT = 4000;

export class Program {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** The exit status when the program has ended; -1 when it was killed or could not be started. */
  readonly ended: Promise<number>;
  private said = "";

  constructor(program: string, args: readonly string[], onLine?: (line: string) => void) {
    this.child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    this.child.stderr.setEncoding("utf8");
    let rest = "";
    this.child.stderr.on("data", (text: string) => {
      this.said = (this.said + text).slice(-STDERR_KEPT);
      if (onLine === undefined) return;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    });
    // A broken pipe is seen by the exit status.
    this.child.stdin.on("error", () => {});
    this.ended = once(this.child, "close").then(
      ([status]: unknown[]) => (typeof status === "number" ? status : -1),
      (error: unknown) => {
        this.said += String(error);
        return -1;
      },
    );
  }

  /** Whether stderr speaks of a full disk. */
  get sawFullDisk(): boolean {
    return this.said.includes("No space left");
  }

  /** The last line of stderr that says something. */
  get complaint(): string {
    return this.said.trim().split("\n").at(-1) ?? "";
  }

  /** Lines on stderr so far (of the part kept). */
  get complaints(): number {
    return this.said.split("\n").filter((line) => line.trim() !== "").length;
  }

  /** Writes to stdin, waiting while the program is busy; false when it no longer listens. */
  async write(bytes: Uint8Array): Promise<boolean> {
    const { stdin } = this.child;
    if (stdin.destroyed) return false;
    if (stdin.write(bytes)) return true;
    const drained = once(stdin, "drain").then(
      () => true,
      () => false,
    );
    return Promise.race([drained, this.ended.then(() => false)]);
  }

  /** Ends it at once and waits until it is gone; what it wrote and nobody has read yet is thrown away. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    // The event "close" comes only once every pipe is empty and closed: output that nobody reads would hold it back for ever, and
    // so would a program that this one has started, such as ffmpeg behind a script.
    for (const pipe of [this.child.stdin, this.child.stdout, this.child.stderr]) pipe.destroy();
    await this.ended;
  }

  /** Output as it comes; it ends early, without an error, when the program is killed. */
  async *output(): AsyncGenerator<Buffer, void, void> {
    try {
      yield* this.child.stdout as AsyncIterable<Buffer>;
    } catch (error) {
      if (!this.child.killed) throw error;
    }
  }
}

/** Runs a program to its end and gives what it wrote to stdout. */
export async function runProgram(
  program: string,
  args: readonly string[],
): Promise<{ status: number; stdout: string; complaint: string; complaints: number }> {
  const run = new Program(program, args);
  run.child.stdin.end();
  const chunks: Buffer[] = [];
  run.child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const status = await run.ended;
  const stdout = Buffer.concat(chunks).toString("utf8");
  return { status, stdout, complaint: run.complaint, complaints: run.complaints };
}
