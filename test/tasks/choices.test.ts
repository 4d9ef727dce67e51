import { expect, it } from "vitest";
import { ablationRows } from "../../src/evaluation/ablation/rows.ts";
import { encoderVariants } from "../../src/method/encoder.ts";
import { ENSEMBLE_VIEWS } from "../../src/method/encoderEnsemble.ts";
import { CAMERA_CHOICES } from "../../src/motion/motionEstimator.ts";
import { ABLATION_ROWS, CAMERAS, MODES, PROTOCOLS, TASK_NAMES, VARIANTS, VIEWS } from "../../src/tasks/choices.ts";
import { tasks } from "../../src/tasks/index.ts";
import { modes } from "../../src/tracking/modes.ts";
import { presets } from "../../src/tracking/protocols.ts";

it.each([
  ["variants", VARIANTS, Object.keys(encoderVariants)],
  ["protocols", PROTOCOLS, Object.keys(presets)],
  ["modes", MODES, Object.keys(modes)],
  ["cameras", CAMERAS, CAMERA_CHOICES],
  ["views", VIEWS, ENSEMBLE_VIEWS],
  ["rows", ABLATION_ROWS, ablationRows.map(({ name }) => name)],
  ["tasks", TASK_NAMES, Object.keys(tasks)],
])("the names of %s are those that there are, in their order", (_, names, there) => {
  expect(names).toEqual(there);
});

it("every task has its own name", () => {
  for (const [name, task] of Object.entries(tasks)) expect(task.name).toBe(name);
});
