/** @file The way through frames that are to be labelled. */

/** Which frame comes next. @param isLabelled by index @returns undefined without another one */
export function nextIndex(isLabelled: readonly boolean[], at: number, step: 1 | -1): number | undefined {
  const before = at > 0 ? at - 1 : undefined;
  if (step < 0) return at < 0 ? undefined : before;
  const open = (from: number): number => isLabelled.findIndex((done, i) => i >= from && !done);
  const candidates = [open(at + 1), open(0)].filter((i) => i >= 0 && i !== at);
  return candidates[0] ?? (at + 1 < isLabelled.length ? at + 1 : undefined);
}
