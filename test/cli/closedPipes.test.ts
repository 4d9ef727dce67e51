/** @file Readers that close the pipe early, as `head` does. */
import { spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tolerateClosedPipes } from "../../src/cli/terminal.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

describe("a closed pipe", () => {
  it.each(["stdout", "stderr"] as const)("on %s is no error of the command", async (name) => {
    const child = spawn(process.execPath, [MAIN, ...(name === "stdout" ? ["schema", "track"] : ["nonsense"])]);
    child[name].destroy();
    let said = "";
    const other = name === "stdout" ? child.stderr : child.stdout;
    other.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, said]).toEqual([name === "stdout" ? 0 : 1, ""]);
  });

  it("is told from other failures of a stream", () => {
    const stream = new PassThrough() as unknown as NodeJS.WriteStream;
    tolerateClosedPipes(stream);
    const failure = (code: string) => () => stream.emit("error", Object.assign(new Error(code), { code }));
    expect(failure("EPIPE")).not.toThrow();
    expect(failure("EIO")).toThrow("EIO");
  });
});
