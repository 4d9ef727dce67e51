/** @file What `tsumugi train` prints, of new and resumed runs. */
import { counted } from "../../core/counted.ts";
import Table from "cli-table3";
import type { OpTime } from "../../tensor/index.ts";
import type { TrainResult } from "../../training/trainer.ts";
import { print } from "../terminal.ts";

/** Reports how far training got, and where the weights are. */
export function reportTraining({ finished, step, weights, profile }: TrainResult): void {
  if (profile !== undefined) print(profileTable(profile));
  print(`${finished ? "done" : "stopped"} after ${counted(step, "step")}: ${weights}`);
  if (!finished) process.exitCode = 130;
}

function profileTable(times: readonly OpTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const table = new Table({ head: ["op", "runs", "ms", "share"], colAligns: ["left", "right", "right", "right"] });
  for (const { type, count, ms } of times)
    table.push([type, count, ms.toFixed(1), `${((100 * ms) / total).toFixed(1)} %`]);
  return table.toString();
}
