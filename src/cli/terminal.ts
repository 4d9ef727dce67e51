/** @file What the command line says: results to stdout (`print`), everything else to stderr (`terminalLogger`). */
import pc from "picocolors";
import type { Logger } from "../core/log.ts";

const PLAIN_PROGRESS_EVERY_MS = 10_000;

/** The stream whose last line is progress and has no line break yet. */
let open: NodeJS.WriteStream | undefined;

/** Ends the line that progress stands on, so that what follows begins a new one. */
export function endProgress(): void {
  open?.write("\n");
  open = undefined;
}

/** A line of results on stdout. */
export function print(text: string): void {
  endProgress();
  process.stdout.write(`${text}\n`);
}

/** Progress overwrites itself on a terminal; elsewhere (CI logs, files) at most one plain line per ten seconds. */
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
