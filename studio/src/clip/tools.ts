/** @file Which tool is in the hand, and how things are shown; kept in the browser. */
import { signal } from "@preact/signals";
import { kept, oneOf } from "../parts/kept.ts";
import { MASK_STYLES, type MaskStyle } from "../label/maskPainter.ts";

export const TOOLS = ["brush", "eraser", "click", "polygon", "box", "points", "why"] as const;
export type Tool = (typeof TOOLS)[number];

export const SIZES = { least: 1, most: 200 } as const;

const within =
  (least: number, most: number) =>
  (value: unknown): value is number =>
    typeof value === "number" && value >= least && value <= most;
export class Tools {
  readonly tool = kept<Tool>("tool", "brush", oneOf(TOOLS));
  /** Diameter of brush and eraser, pixels of the frame. */
  readonly size = kept("size", 16, within(SIZES.least, SIZES.most));
  readonly opacity = kept("opacity", 0.45, within(0, 1));
  readonly style = kept<MaskStyle>("style", "filled", oneOf(MASK_STYLES));
  /** The object that is drawn. */
  readonly object = signal(1);

  resize(step: 1 | -1): void {
    const next = step === 1 ? Math.ceil(this.size.peek() * 1.2) : Math.floor(this.size.peek() / 1.2);
    this.size.value = Math.min(SIZES.most, Math.max(SIZES.least, next));
  }

  nextStyle(): void {
    this.style.value = MASK_STYLES[(MASK_STYLES.indexOf(this.style.peek()) + 1) % MASK_STYLES.length];
  }
}
