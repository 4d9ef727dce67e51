/** @file The size of a clip's frames, as a key of tasks. */
import { z } from "zod";
import { strict } from "../task.ts";

/** Width and height in pixels. */
export const frameSizeKey = strict({
  width: z.int().min(1).describe("Pixels."),
  height: z.int().min(1).describe("Pixels."),
});
