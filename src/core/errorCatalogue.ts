/**
 * @file Every error code that a user can see: what it means, what to do, and the HTTP status of an answer that reports
 * it. `new UserError(code, …)` takes only these codes, and docs/errors.md is made from them (`npm run docs:errors`). A
 * new code goes into one of the files in errorCatalogue/. The texts describe a code in general; a `UserError` adds what
 * was wrong in this one case.
 */
import { evaluation, inspection } from "./errorCatalogue/evaluation.ts";
import { federation } from "./errorCatalogue/federation.ts";
import type { ErrorText } from "./errorCatalogue/group.ts";
import { depths, files, labels, masks, video } from "./errorCatalogue/input.ts";
import { training, weights } from "./errorCatalogue/learning.ts";
import { rendering, tensors } from "./errorCatalogue/library.ts";
import { service } from "./errorCatalogue/service.ts";
import { sites } from "./errorCatalogue/site.ts";
import { tasks } from "./errorCatalogue/tasks.ts";
import { tracking } from "./errorCatalogue/tracking.ts";
import { watching } from "./errorCatalogue/watch.ts";

export type { ErrorEntry, ErrorText, HttpStatus } from "./errorCatalogue/group.ts";

/** All codes, in the order of docs/errors.md. */
export const errorCatalogue = {
  ...tasks,
  ...files,
  ...video,
  ...depths,
  ...masks,
  ...labels,
  ...tracking,
  ...weights,
  ...training,
  ...evaluation,
  ...inspection,
  ...sites,
  ...watching,
  ...service,
  ...federation,
  ...rendering,
  ...tensors,
} as const;

/** A code that exists: short, stable and machine-readable, for example `video/unreadable`. */
export type ErrorCode = keyof typeof errorCatalogue;

/**
 * The texts of one language, looked up by a `UserError`'s code when it is shown; `errorCatalogue` itself is the English
 * one.
 */
export type ErrorTexts = Readonly<Record<ErrorCode, ErrorText>>;
