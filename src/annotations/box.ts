/** @file A named box of a frame: an axis-aligned rectangle in pixels. */
import { z } from "zod";
import type { Verdict } from "./verdict.ts";

/** A box in a frame. */
export interface BoxAnnotation extends Verdict {
  /** Of its object, the same in all frames; a number from 1 to 254 is the object's id. */
  readonly name: string;
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  /** Greater than 0. */
  readonly width: number;
  readonly height: number;
}

/** The place and name of a box in a file. */
export const namedBoxSchema = z.object({
  name: z.string().min(1),
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});
