/** @file What a job does now: how far it is, the time left, and stop; or how it ended. */
import type { Job } from "../api/types.ts";
import { Button } from "../parts/Button.tsx";
import { s } from "./texts/siteTexts.ts";
import { timeText } from "./numbers.ts";
import { isAtWork, problemOf } from "./words.ts";

interface WorkingProps {
  readonly job: Job;
  /** What it is at. */
  readonly at: string;
  readonly onStop: () => void;
}

export function Working({ job, at, onStop }: WorkingProps) {
  const { done, total, left } = job.progress ?? {};
  const hasShare = job.state === "running" && done !== undefined && total !== undefined && done <= total && total > 0;
  const words = job.state === "queued" ? [s("queued")] : [at];
  if (hasShare) words.push(s("ofTotal", { done, total }));
  if (job.state === "running" && left !== undefined) words.push(s("left", { time: timeText(left) }));
  return (
    <div class="working" data-name="working">
      <div class="row">
        <progress aria-label={at} {...(hasShare ? { value: done, max: total } : {})} />
        <Button name="stop" title={s("stopTitle")} onPress={onStop}>
          {s("stop")}
        </Button>
      </div>
      <p role="status">{words.join(" · ")}</p>
    </div>
  );
}

/** Of a job that ended otherwise than well. */
export function Ended({ job }: { readonly job: Job | null }) {
  if (job === null || isAtWork(job) || job.state === "done") return null;
  if (job.state === "cancelled") return <p role="status">{s("stopped")}</p>;
  return (
    <p class="problem" role="status">
      {s("failed", { problem: problemOf(job) })}
    </p>
  );
}
