/** @file What a worker and the process of its job tell each other. */
import type { Machine } from "../../core/machine.ts";
import type { JobError, JobProgress, JobWork } from "./queue.ts";

/** To the process, once. */
export interface JobOrder {
  readonly work: JobWork;
  /** The job's folder; `result.json` of it gets what the task returns. */
  readonly folder: string;
  readonly machine: Machine;
}

/** From the process. Its end without one of the last four is a crash. */
export type JobMessage =
  | { readonly kind: "progress"; readonly progress: JobProgress }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "done" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: JobError }
  | { readonly kind: "again"; readonly error: JobError };

/** A progress line as data: `12/50 frames`, `12 of 50`, else `24 %`; `3 min left`; as far as it says that. */
export function progressOf(text: string): JobProgress {
  const counted = /(?<done>\d+)(?:\/| of (?:about )?)(?<total>\d+)/u.exec(text)?.groups;
  const share = /(?<done>\d+) %/u.exec(text)?.groups;
  const counts = counted ?? (share && { ...share, total: "100" });
  const left = /(?:(?<h>\d+) h )?(?:(?<min>\d+) min)?(?:(?<s>\d+) s)? left/u.exec(text)?.groups;
  const seconds = left && Number(left["h"] ?? 0) * 3600 + Number(left["min"] ?? 0) * 60 + Number(left["s"] ?? 0);
  return {
    text,
    ...(counts && { done: Number(counts["done"]), total: Number(counts["total"]) }),
    ...(seconds !== undefined && { left: seconds }),
  };
}
