/**
 * @file Errors as data: what was wrong, what was given, what was expected, what to do.
 * The same object serves the command line, an HTTP answer and a page; `render` makes the text last.
 * `errorCatalogue[code]` has the general texts; a translation supplies `ErrorTexts`.
 */
import { type ErrorCode, errorCatalogue, type HttpStatus } from "./errorCatalogue.ts";

/** The parts of a message to a user; `what` names the file or option it is about. */
export interface UserErrorParts {
  /** What was wrong, naming the file, argument or option. */
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  /** What the user can do now. */
  readonly todo?: string;
}

/** A mistake in the input, not in our code: shown without a stack trace, exit status 1. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: ErrorCode;
  readonly parts: UserErrorParts;

  /** @param code one of `errorCatalogue`, for example `video/unreadable`. */
  constructor(code: ErrorCode, parts: UserErrorParts, cause?: unknown) {
    super(render(parts), cause === undefined ? undefined : { cause });
    this.code = code;
    this.parts = parts;
  }

  /** The HTTP status of an answer that reports this error. */
  get status(): HttpStatus {
    return errorCatalogue[this.code].status;
  }
}

function render({ what, got, expected, todo }: UserErrorParts): string {
  const facts = [got === undefined ? "" : `got ${got}`, expected === undefined ? "" : `expected ${expected}`].filter(
    Boolean,
  );
  return [what, facts.length > 0 ? `: ${facts.join(", ")}` : "", todo === undefined ? "" : `; ${todo}`].join("");
}

/** The user stopped the work (Ctrl-C): no error, exit status 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Our own bug: the message begins with `internal:` so that users know whose fault it is. */
export function internal(message: string): Error {
  return new Error(`internal: ${message}`);
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
