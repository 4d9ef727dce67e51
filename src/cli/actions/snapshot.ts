/** @file What `tsumugi snapshot` prints: the frame, and the picture. */
import { type Snapshot, snapshotTask } from "../../tasks/snapshot.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(snapshotTask, report);

function report({ out, index, timeSec, width, height }: Snapshot): void {
  print(`frame ${index} (${timeSec.toFixed(2)} s), ${width}x${height}: ${out}`);
}
