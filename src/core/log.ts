/** @file How library code reports: through a logger that the caller passes in. */

export interface Logger {
  /** A line a user wants to see. */
  info(line: string): void;
  /** Something went wrong but the work continues. */
  warn(line: string): void;
  /** A line that replaces the previous progress line on a terminal (plain lines, thinned out, elsewhere). */
  progress(line: string): void;
}

/** Logs nothing: the library's default. */
export const silent: Logger = { info() {}, warn() {}, progress() {} };
