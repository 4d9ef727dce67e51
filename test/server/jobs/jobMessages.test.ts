import { expect, it } from "vitest";
import { progressOf } from "../../../src/server/jobs/jobMessages.ts";

it.each([
  ["12/50 frames, 3 min left", { done: 12, total: 50, left: 180 }],
  ["2 of 60 runs, about 1 h 5 min left: model, clip: 7/10 frames, 4 s left", { done: 2, total: 60, left: 3900 }],
  ["fast: test 3 of about 20", { done: 3, total: 20 }],
  ["learning: step 12  loss 0.1200  9.0 pairs/s  45 %  2 min left", { done: 45, total: 100, left: 120 }],
  ["comparing without labels: a mix with 50 % of it, 3 of 8 trials", { done: 3, total: 8 }],
  ["reading labels and masks", {}],
])("%s", (text, said) => expect(progressOf(text)).toEqual({ text, ...said }));
