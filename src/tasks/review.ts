/** @file The task `review`: which frames of a tracked clip to look at first, as a page and as data. */
import { z } from "zod";
import { type Review, reviewFolder } from "../review/reviewFolder.ts";
import { defineTask, taskObject } from "./task.ts";

const reviewSchema = taskObject("review", {
  folder: z.string().describe("The folder of a track task's results."),
  out: z.string().exactOptional().describe("Path of the page. Default: review.html in the folder."),
  video: z.string().exactOptional().describe("The clip, if it is not where it was when it was tracked."),
  most: z.int().min(1).max(1000).default(20).describe("The largest number of places shown, the most doubtful first."),
});

/** Lists the frames of a tracked clip where something may be wrong. */
export const reviewTask = defineTask(
  "review",
  reviewSchema,
  async ({ folder, out, video, most }, { logger, signal }): Promise<Review> =>
    reviewFolder({ folder, out, video, most, logger, signal }),
);
