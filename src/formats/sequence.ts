/** @file Files and folders that hold several clips: which of them is read. */
import { UserError } from "../core/errors.ts";
import type { ReadOptions } from "./json.ts";
import { listed } from "./usable.ts";

/** The only one, or the one that the options name. @throws UserError `annotations/sequence` */
export function chosenSequence<Named extends { readonly name: string }>(
  all: readonly Named[],
  path: string,
  { sequence }: ReadOptions,
): Named {
  const chosen = sequence === undefined ? all : all.filter(({ name }) => name === sequence);
  if (chosen.length === 1) return chosen[0];
  throw new UserError("annotations/sequence", {
    what: `${path} holds ${all.length} clips${sequence === undefined ? "" : `, and not "${sequence}"`}`,
    got: listed(all.map(({ name }) => `"${name}"`)),
    expected: "one clip",
    todo: "choose one: tsumugi convert FILE --sequence NAME …",
  });
}
