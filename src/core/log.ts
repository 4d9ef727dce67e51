/** @file The one way library code speaks: a logger that is passed in. */

export interface Logger {
  /** A line a user wants to see. */
  info(line: string): void;
  /** Something went wrong but the work goes on. */
  warn(line: string): void;
  /** A line that replaces the previous progress line on a terminal (plain lines, thinned out, elsewhere). */
  progress(line: string): void;
}

/** Says nothing: the default of the library. */
export const silent: Logger = { info() {}, warn() {}, progress() {} };
