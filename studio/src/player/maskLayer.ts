/** @file The canvas of masks, as large as the frame: painted again as a whole, or only where something was drawn. */
import { compose, grown, isEmpty, type Map2d, type Rect, type Size, whole } from "../label/labelMap.ts";
import { type Paint, painted } from "../label/maskPainter.ts";

/** What is to be seen. */
export interface Masks {
  readonly labels: Uint8Array | undefined;
  readonly tracked: Uint8Array | undefined;
  /** Ids that the labels name. */
  readonly named: ReadonlySet<number>;
  readonly paint: Paint;
}

export class MaskLayer {
  readonly canvas = document.createElement("canvas");
  private readonly composed: Map2d;
  private readonly context: CanvasRenderingContext2D;

  constructor({ width, height }: Size) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.composed = { width, height, data: new Uint8Array(width * height) };
    this.context = this.canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  }

  /** @param part where something changed; default: everywhere */
  show({ labels, tracked, named, paint }: Masks, part: Rect = whole(this.composed)): void {
    if (isEmpty(part)) return;
    compose(this.composed, part, labels, tracked, named);
    // Edges beside what changed change as well.
    const rect = grown(part, 1, this.composed);
    const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
    this.context.putImageData(new ImageData(painted(this.composed, rect, paint), width, height), rect.left, rect.top);
  }
}
