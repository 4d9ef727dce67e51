/** @file Annotated sequences that weights are scored by while they are trained. */
import { z } from "zod";
import { strict } from "../task.ts";

/** Where they are. */
export const scoreSchema = strict({
  data: z.string().describe("Annotated sequences in DAVIS layout."),
  split: z.string().describe("Which of them: a file with a name a line."),
  resolution: z.string().default("480p").describe("Resolution folder of the annotated sequences."),
  frames: z.int().min(3).exactOptional().describe("Only so many frames of each sequence. Default: all."),
});
/** See `scoreSchema`. */
export type ScoreSettings = z.output<typeof scoreSchema>;
