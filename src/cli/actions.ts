/** @file What the command line does with each task; loaded on demand, since a task loads everything that it uses. */
import type { TaskName } from "../tasks/choices.ts";
import type { Action } from "./actions/action.ts";

/** Loads the action of a task. */
export const actions: Readonly<Record<TaskName, () => Promise<{ readonly action: Action }>>> = {
  track: () => import("./actions/track.ts"),
  train: () => import("./actions/train.ts"),
  resume: () => import("./actions/resume.ts"),
  ablate: () => import("./actions/ablate.ts"),
  review: () => import("./actions/review.ts"),
  check: () => import("./actions/check.ts"),
  convert: () => import("./actions/convert.ts"),
  events: () => import("./actions/events.ts"),
  listen: () => import("./actions/listen.ts"),
  monitor: () => import("./actions/monitor.ts"),
  discover: () => import("./actions/discover.ts"),
  inspect: () => import("./actions/inspect.ts"),
  snapshot: () => import("./actions/snapshot.ts"),
  evaluate: () => import("./actions/evaluate.ts"),
  score: () => import("./actions/score.ts"),
  weights: () => import("./actions/weights.ts"),
  calibrate: () => import("./actions/calibrate.ts"),
  demo: () => import("./actions/demo.ts"),
  site: () => import("./actions/site.ts"),
  federate: () => import("./actions/federate.ts"),
};
