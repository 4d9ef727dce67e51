/** @file The task `check`: is footage good enough to be tracked, and what should change at the camera? */
import { z } from "zod";
import { type CheckOutcome, checkFootage } from "../footage/checkFootage.ts";
import { findClips } from "../training/clipCache.ts";
import { LANGUAGES } from "./choices.ts";
import { requireOtherFolder } from "./settings/resultsFolder.ts";
import { choice, defineTask, taskObject } from "./task.ts";

const checkSchema = taskObject("check", {
  clips: z.array(z.string()).min(1, "no clips").describe("Video files, folders of images, and folders of both."),
  out: z.string().describe("Folder for check.json and check.html."),
  language: choice(LANGUAGES).default("en").describe("The language of the sentences."),
  json: z.boolean().default(false).describe("The command prints the check as JSON instead of a table."),
});

/** The clips in a folder of clips; what is none, or is not there, is told when it is read. */
const clipsUnder = (path: string): Promise<string[]> => findClips([path]).catch(() => [path]);

/** Checks the quality of footage. */
export const checkTask = defineTask(
  "check",
  checkSchema,
  async ({ clips, out, language, json }, { logger, machine, signal }): Promise<CheckOutcome & { asJson: boolean }> => {
    for (const clip of clips) requireOtherFolder(clip, out);
    const found = (await Promise.all(clips.map(clipsUnder))).flat();
    const outcome = await checkFootage({
      clips: [...new Set(found)],
      out,
      language,
      threads: machine.threads,
      logger,
      signal,
    });
    return { ...outcome, asJson: json };
  },
);
