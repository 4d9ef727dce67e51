/** @file Training runs, made of the jobs that worked on them. */
import type { Job } from "../api/types.ts";

/** A run: the job that began it, and the one that works on it, or did last. */
export interface Training {
  readonly id: string;
  readonly begun: Job;
  readonly latest: Job;
  readonly clips: number;
  readonly minutes: number;
}

/** Runs of jobs that begin or resume one, the newest first. */
export function trainingsOf(begun: readonly Job[], resumed: readonly Job[]): Training[] {
  return begun.map((job) => {
    const own = resumed.filter(({ task }) => task["run"] === `job:${job.id}`);
    const latest = own.reduce((last, one) => (one.created > last.created ? one : last), job);
    const { footage, config } = job.task as { footage?: readonly unknown[]; config?: { minutes?: number } };
    return { id: job.id, begun: job, latest, clips: footage?.length ?? 0, minutes: config?.minutes ?? 0 };
  });
}
