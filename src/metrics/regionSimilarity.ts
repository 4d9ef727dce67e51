/**
 * @file Region similarity J (Perazzi et al., CVPR 2016): the intersection over the union of the predicted and the true
 * mask, J = |P ∩ T| / |P ∪ T|. As in the official `db_eval_iou`, two empty masks agree: J = 1.
 */
import { type Bitmap, countCommon, countPixels } from "./bitmap.ts";

/**
 * J of one object in one frame, 0..1.
 * @param prediction void pixels already removed, as in `truth`.
 * @param truth of the same size.
 */
export function regionSimilarity(prediction: Bitmap, truth: Bitmap): number {
  const common = countCommon(prediction, truth);
  const union = countPixels(prediction) + countPixels(truth) - common;
  return union === 0 ? 1 : common / union;
}
