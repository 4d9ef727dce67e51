/** @file The logger of the command line: results to stdout are the commands' business, everything said here goes to stderr. */
import pc from "picocolors";
import type { Logger } from "../core/log.ts";

const PLAIN_PROGRESS_EVERY_MS = 10_000;

/** Progress overwrites itself on a terminal; elsewhere (CI logs, files) at most one plain line per ten seconds. */
export function terminalLogger(stream: NodeJS.WriteStream = process.stderr): Logger {
  let open = false;
  let last = 0;
  const line = (text: string): void => {
    if (open) stream.write("\n");
    open = false;
    stream.write(`${text}\n`);
  };
  return {
    info: line,
    warn: (text) => line(`${pc.yellow("warning:")} ${text}`),
    progress(text) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[2K${text}`);
        open = true;
      } else if (Date.now() - last >= PLAIN_PROGRESS_EVERY_MS) {
        last = Date.now();
        line(text);
      }
    },
  };
}
