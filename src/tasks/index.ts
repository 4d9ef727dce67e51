/** @file All tasks by name. */
import { ablateTask } from "./ablate.ts";
import { calibrateTask } from "./calibrate.ts";
import { checkTask } from "./check.ts";
import type { TaskName } from "./choices.ts";
import { convertTask } from "./convert.ts";
import { demoTask } from "./demo.ts";
import { evaluateTask } from "./evaluate.ts";
import { discoverTask } from "./discover.ts";
import { eventsTask } from "./events.ts";
import { federateTask } from "./federate.ts";
import { inspectTask } from "./inspect.ts";
import { listenTask } from "./listen.ts";
import { monitorTask } from "./monitor.ts";
import { reviewTask } from "./review.ts";
import { scoreTask } from "./score.ts";
import { siteTask } from "./site.ts";
import { snapshotTask } from "./snapshot.ts";
import { trackTask } from "./track.ts";
import { resumeTask, trainTask } from "./train.ts";
import { weightsTask } from "./weights.ts";

/** The tasks: each has its schema, `parse` and `run`. */
export const tasks = {
  track: trackTask,
  train: trainTask,
  resume: resumeTask,
  ablate: ablateTask,
  review: reviewTask,
  check: checkTask,
  convert: convertTask,
  events: eventsTask,
  listen: listenTask,
  monitor: monitorTask,
  discover: discoverTask,
  inspect: inspectTask,
  snapshot: snapshotTask,
  evaluate: evaluateTask,
  score: scoreTask,
  weights: weightsTask,
  calibrate: calibrateTask,
  demo: demoTask,
  site: siteTask,
  federate: federateTask,
} satisfies Record<TaskName, unknown>;
