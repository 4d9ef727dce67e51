/** @file Connected components of a grid, whose cells share sides. */

/**
 * The 4-connected parts of equal value, in order of their first cells; cells of value 0 belong to none.
 * @param marked `[height, width]`.
 */
export function connectedParts(marked: Uint8Array, width: number): number[][] {
  const left = marked.slice();
  const found: number[][] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    const part = [start];
    const value = left[start];
    left[start] = 0;
    for (let i = 0; i < part.length; i++) {
      for (const c of neighbours(part[i], width, left.length)) {
        if (left[c] !== value) continue;
        part.push(c);
        left[c] = 0;
      }
    }
    found.push(part);
  }
  return found;
}

function neighbours(c: number, width: number, cells: number): number[] {
  const out: number[] = [];
  if (c % width > 0) out.push(c - 1);
  if (c % width < width - 1) out.push(c + 1);
  if (c >= width) out.push(c - width);
  if (c < cells - width) out.push(c + width);
  return out;
}
