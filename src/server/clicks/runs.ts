/** @file Masks as run lengths, row by row: how long 0 lasts, then how long 1, and so on. */

/** @param mask of 0 and 1. @returns lengths whose sum is the mask's; the first is 0 where the mask begins with 1. */
export function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  let [value, from] = [0, 0];
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] === value) continue;
    runs.push(p - from);
    [value, from] = [mask[p], p];
  }
  runs.push(mask.length - from);
  return runs;
}
