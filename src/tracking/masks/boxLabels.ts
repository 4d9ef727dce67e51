/**
 * @file Boxes as first labels: a box becomes the mask of its rectangle, and the tracked mask's tight box is the box of
 * a frame.
 */
import type { BoxAnnotation } from "../../annotations/box.ts";
import { MAX_OBJECT_ID } from "../../annotations/object.ts";
import { UserError } from "../../core/errors.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { FrameSize } from "../../annotations/point.ts";

/**
 * A label map in which the i-th box is object i + 1, or the one that `ids` says; where boxes overlap the later one lies
 * on top.
 * @param name where the boxes come from, in messages.
 * @param ids one for each box, 1..254.
 * @throws UserError `boxes/outside`, `boxes/hidden`, `boxes/many`
 */
export function boxMask(
  boxes: readonly BoxAnnotation[],
  { width, height }: FrameSize,
  name: string,
  ids: readonly number[] = boxes.map((_, i) => i + 1),
): LabelMap {
  if (boxes.length > MAX_OBJECT_ID)
    throw new UserError("boxes/many", {
      what: `${name} has too many boxes`,
      got: `${boxes.length}`,
      expected: `at most ${MAX_OBJECT_ID}`,
    });
  const data = new Uint8Array(width * height);
  boxes.forEach((box, i) => {
    const [left, top] = [Math.round(box.x), Math.round(box.y)];
    const [right, bottom] = [Math.round(box.x + box.width), Math.round(box.y + box.height)];
    if (left < 0 || top < 0 || right > width || bottom > height || right <= left || bottom <= top)
      throw new UserError("boxes/outside", {
        what: `${name}: the box "${box.name}" is not within the frame`,
        got: `x ${box.x}, y ${box.y}, width ${box.width}, height ${box.height}`,
        expected: `at least one whole pixel within ${width}x${height}`,
      });
    for (let y = top; y < bottom; y++) data.fill(ids[i], y * width + left, y * width + right);
  });
  const hidden = boxes.find((_, i) => !data.includes(ids[i]));
  if (hidden !== undefined)
    throw new UserError("boxes/hidden", {
      what: `${name}: the box "${hidden.name}" is covered by later ones`,
      todo: "list it last",
    });
  return { width, height, data };
}
