/** @file What is known about an error code, and groups of codes. */

/** The statuses in use, by RFC 9110, RFC 4918 (422, 423, 507) RFC 6585 (429) and tus 1.0 (460). */
export type HttpStatus =
  | 400
  | 401
  | 403
  | 404
  | 409
  | 412
  | 413
  | 415
  | 416
  | 422
  | 423
  | 429
  | 460
  | 500
  | 501
  | 503
  | 507;

/** The words for one code in one language. */
export interface ErrorText {
  /** What the code means, one sentence. */
  readonly summary: string;
  /** What the user can do, one sentence. */
  readonly remedy: string;
}

/** One code: its texts in English, its status, and the group that it belongs to. */
export interface ErrorEntry extends ErrorText {
  readonly status: HttpStatus;
  readonly area: string;
}

type Entries<Code extends string> = Readonly<Record<Code, Omit<ErrorEntry, "area">>>;

/** Codes under one heading of docs/errors.md, `area`. */
export function group<Code extends string>(area: string, entries: Entries<Code>): Readonly<Record<Code, ErrorEntry>> {
  const grouped = Object.entries<Omit<ErrorEntry, "area">>(entries).map(([code, entry]) => [code, { ...entry, area }]);
  return Object.fromEntries(grouped) as Record<Code, ErrorEntry>;
}
