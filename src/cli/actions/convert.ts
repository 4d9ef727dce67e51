/** @file What `tsumugi convert` prints: what was written, and what could not be. */
import { type Conversion, convertTask } from "../../tasks/convert.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(convertTask, report);

function report({ from, to, out, frames, lost }: Conversion): void {
  for (const line of lost) print(line);
  print(`${from} to ${to}, ${frames} ${frames === 1 ? "frame" : "frames"}: ${out}`);
}
