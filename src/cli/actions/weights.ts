/** @file What `tsumugi weights` prints. */
import { type WeightsDescription, weightsTask } from "../../tasks/weights.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(weightsTask, report);

function report({ file, variant, tensors, numbers, metadata, written }: WeightsDescription): void {
  print(`${file}: ${variant}, ${tensors} tensors, ${(numbers / 1e6).toFixed(2)} M numbers`);
  for (const [key, value] of Object.entries(metadata)) print(`  ${key}: ${value}`);
  if (written !== undefined) print(`written as ${written.dtype}: ${written.path}`);
}
