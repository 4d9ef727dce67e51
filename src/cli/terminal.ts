/** @file The command line's output: results to stdout (`print`), everything else to stderr (`terminalLogger`). */
import pc from "picocolors";
import type { Logger } from "../core/log.ts";

const PLAIN_PROGRESS_EVERY_MS = 10_000;

/**
 * Lets a reader such as `head` close the pipe when it has enough: what it does not read is dropped, and the work goes on.
 * @param streams stdout and stderr
 */
export function tolerateClosedPipes(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}

/** The stream whose last line is progress, without a line break yet. */
let open: NodeJS.WriteStream | undefined;

/** Ends the progress line, so that the next output begins on a new line. */
export function endProgress(): void {
  open?.write("\n");
  open = undefined;
}

/** A line of results on stdout. */
export function print(text: string): void {
  endProgress();
  process.stdout.write(`${text}\n`);
}

/** Progress overwrites itself on a terminal; elsewhere (CI logs, files) at most one plain line every ten seconds. */
export function terminalLogger(stream: NodeJS.WriteStream = process.stderr): Logger {
  let last = 0;
  const line = (text: string): void => {
    endProgress();
    stream.write(`${text}\n`);
  };
  return {
    info: line,
    warn: (text) => line(`${pc.yellow("warning:")} ${text}`),
    progress(text) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[2K${text}`);
        open = stream;
      } else if (Date.now() - last >= PLAIN_PROGRESS_EVERY_MS) {
        last = Date.now();
        line(text);
      }
    },
  };
}
