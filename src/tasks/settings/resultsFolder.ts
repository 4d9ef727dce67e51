/** @file Where results may lie. */
import { resolve } from "node:path";
import { UserError } from "../../core/errors.ts";

/**
 * Pictures of results among the frames would be frames of the next run.
 * @param what lies there, for the message
 * @throws UserError `track/out`
 */
export function requireOtherFolder(clip: string, out: string, what = "the clip itself"): void {
  if (resolve(clip) !== resolve(out)) return;
  throw new UserError("track/out", {
    what: `the results cannot lie in ${out}, which is ${what}`,
    expected: "another folder",
  });
}
