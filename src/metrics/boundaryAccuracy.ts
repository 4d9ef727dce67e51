/**
 * @file Boundary accuracy F (Perazzi et al., CVPR 2016): precision and recall of the predicted boundary, a boundary
 * pixel being matched if the other boundary passes within a tolerance of 0.8 % of the picture's diagonal;
 * F = 2PR / (P + R). Follows the official `f_measure` and `_seg2bmap` to the pixel, their handling of the last row,
 * the last column and of empty boundaries included (docs/evaluation.md lists these quirks).
 */
import { type Bitmap, countCommon, countPixels, dilateByDisk, emptyBitmap } from "./bitmap.ts";

/** `bound_th`: the tolerance as a fraction of the diagonal. */
const TOLERANCE = 0.008;

/** The tolerance in whole pixels for a picture of this size, for example 8 at 854×480. */
export function boundaryTolerance(width: number, height: number): number {
  return Math.ceil(TOLERANCE * Math.sqrt(width * width + height * height));
}

/**
 * The boundary, one pixel wide: pixels that differ from their right, lower or lower right neighbour. In the last row
 * only the right neighbour counts, in the last column only the lower one, and the last corner is never boundary.
 */
export function boundaryOf(mask: Bitmap): Bitmap {
  const { width, height, wordsPerRow, words } = mask;
  const boundary = emptyBitmap(width, height);
  for (let y = 0; y < height; y++) {
    // Compared with itself, the last row yields exactly its right-neighbour differences.
    const below = Math.min(y + 1, height - 1) * wordsPerRow;
    differences(boundary.words, words, { row: y * wordsPerRow, below, wordsPerRow });
    settleLastColumn(boundary.words, words, { row: y * wordsPerRow, below, width });
  }
  return boundary;
}

/** One row of the boundary; `settleLastColumn` corrects its values in the last column. */
function differences(
  boundary: Int32Array,
  words: Int32Array,
  { row, below, wordsPerRow }: { row: number; below: number; wordsPerRow: number },
): void {
  for (let i = 0; i < wordsPerRow; i++) {
    const more = i + 1 < wordsPerRow;
    const here = words[row + i];
    const right = (here >>> 1) | (more ? words[row + i + 1] << 31 : 0);
    const lower = words[below + i];
    const lowerRight = (lower >>> 1) | (more ? words[below + i + 1] << 31 : 0);
    boundary[row + i] = (here ^ right) | (here ^ lower) | (here ^ lowerRight);
  }
}

/** The last column has no right neighbour: only the lower one counts, which for the last row is the pixel itself. */
function settleLastColumn(
  boundary: Int32Array,
  words: Int32Array,
  { row, below, width }: { row: number; below: number; width: number },
): void {
  const word = Math.floor((width - 1) / 32);
  const bit = 1 << ((width - 1) % 32);
  boundary[row + word] = (boundary[row + word] & ~bit) | ((words[row + word] ^ words[below + word]) & bit);
}

/** A mask's boundary and the pixels near it: what F needs from each of the two masks. */
interface Contour {
  readonly boundary: Bitmap;
  /** Pixels on the boundary. */
  readonly length: number;
  /** Pixels within the tolerance of the boundary. */
  readonly near: Bitmap;
}

function contourOf(mask: Bitmap): Contour {
  const boundary = boundaryOf(mask);
  const near = dilateByDisk(boundary, boundaryTolerance(mask.width, mask.height));
  return { boundary, length: countPixels(boundary), near };
}

/**
 * F of one object in one frame, 0..1.
 * @param prediction void pixels already removed, as in `truth`.
 * @param truth of the same size.
 */
export function boundaryAccuracy(prediction: Bitmap, truth: Bitmap): number {
  const predicted = contourOf(prediction);
  const real = contourOf(truth);
  if (predicted.length === 0 && real.length === 0) return 1;
  if (predicted.length === 0 || real.length === 0) return 0; // one of precision and recall is 0
  const precision = countCommon(predicted.boundary, real.near) / predicted.length;
  const recall = countCommon(real.boundary, predicted.near) / real.length;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
