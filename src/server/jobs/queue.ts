/** @file What a queue of jobs does, whichever engine keeps it. */
import { isDeepStrictEqual } from "node:util";
import type { ErrorCode } from "../../core/errorCatalogue.ts";
import { UserError } from "../../core/errors.ts";
import type { ClipLabels } from "../sites/takeLabels.ts";

/**
 * - queued: waits for a worker, at first or again after its worker was stopped or lost.
 * - cancelled: a person stopped it; what it has written is kept.
 */
export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** States that no job leaves. */
export const ENDED: ReadonlySet<JobState> = new Set(["done", "failed", "cancelled"]);

/** An error as data, see `UserErrorParts`. */
export interface JobError {
  readonly code: ErrorCode;
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  readonly todo?: string;
}

/** How far a job is, as far as its latest line says. */
export interface JobProgress {
  /** The line, for people. */
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
  /** Seconds. */
  readonly left?: number;
}

/** What a job's process is given. */
export interface JobWork {
  /** The task with paths. */
  readonly task: Readonly<Record<string, unknown>>;
  /** Of a session: the frames that are labelled; key frames that it has of other frames are forgotten. */
  readonly keyFrames?: readonly number[] | undefined;
  /** Of a site: where the labels of its clips are. */
  readonly labels?: readonly ClipLabels[] | undefined;
}

/** What is asked. */
export interface NewJob {
  readonly id: string;
  /** Name of the task. */
  readonly name: string;
  /** The task as it was asked, with references instead of paths. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly work: JobWork;
  /** A session, `site:ID`, or `run:ID` of a training run: two jobs of one never run at the same time. */
  readonly session?: string | undefined;
  /** Ids of the clips that it reads. */
  readonly clips: readonly string[];
  /** Higher ones go first. */
  readonly priority: number;
  /** How often it may be tried again after a failure that may pass. */
  readonly retries: number;
  /** The same key of the same owner is the same job. */
  readonly key?: string | undefined;
  /** Name of the token that asked. */
  readonly owner: string;
}

/** A job. Times are ms since 1970. */
export interface Job extends NewJob {
  readonly state: JobState;
  readonly created: number;
  readonly started: number | null;
  readonly ended: number | null;
  /** It waits until then at least. */
  readonly notBefore: number;
  /** Failures so far that may pass. */
  readonly failures: number;
  /** How often a worker took it. */
  readonly attempts: number;
  readonly worker: string | null;
  readonly progress: JobProgress | null;
  readonly error: JobError | null;
}

/** How the work of a job ended. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: JobError }
  | { readonly kind: "cancelled" }
  /** The worker was stopped: the job goes back and resumes. */
  | { readonly kind: "stopped" }
  /** It may pass: the job is tried again after a while, unless it was too often. */
  | { readonly kind: "again"; readonly error: JobError };

export const EVENT_KINDS = ["state", "progress", "log"] as const;

/** Something that happened to a job; ids ascend over all jobs. */
export interface JobEvent {
  readonly id: number;
  readonly job: string;
  readonly time: number;
  readonly kind: (typeof EVENT_KINDS)[number];
  /** A job's state, its progress, or a line of its log. */
  readonly data: unknown;
}

/** Which jobs. */
export interface JobFilter {
  readonly states?: readonly JobState[] | undefined;
  /** Of the task. */
  readonly name?: string | undefined;
  readonly session?: string | undefined;
  readonly clip?: string | undefined;
  readonly limit: number;
}

/** What a worker is told when it renews its hold of a job. */
export type Hold = "yours" | "cancelled" | "lost";

/** A queue that several processes share. Everything is safe against the death of any of them at any moment. */
export interface JobQueue extends AsyncDisposable {
  /**
   * @returns the job, and whether it is a new one: a key that is known gives the job that it stands for.
   * @throws UserError `service/key-used` where the key stands for another task
   */
  add(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  get(id: string): Promise<Job | undefined>;
  /** The newest first. */
  list(filter: JobFilter): Promise<Job[]>;
  counts(): Promise<Record<JobState, number>>;
  /** The next job for a worker, which holds it for a while; undefined where none is due. */
  claim(worker: string): Promise<Job | undefined>;
  renew(id: string, worker: string): Promise<Hold>;
  report(id: string, worker: string, kind: "progress" | "log", data: JobProgress | { text: string }): Promise<void>;
  /** Ignored where the worker does not hold the job any more. */
  end(id: string, worker: string, outcome: Outcome): Promise<void>;
  /** A waiting job is cancelled at once, a running one as soon as its worker hears of it; an ended one stays. */
  cancel(id: string): Promise<Job | undefined>;
  /** Forgets an ended job. @returns false where it has not ended */
  remove(id: string): Promise<boolean>;
  /** Events after an id, oldest first. @param job only its events. */
  events(after: number, limit: number, job?: string): Promise<JobEvent[]>;
  /** Ids of the oldest event that is kept and of the latest one; 0 where there is none. */
  eventRange(): Promise<{ readonly first: number; readonly last: number }>;
}

/** How long a worker holds a job without renewing it, ms. A worker whose process is known to be gone loses its jobs at once. */
export const LEASE = 30_000;
/** The pause after the first failure, ms; twice as long after each further one, up to the longest. */
const PAUSE = 1000;
const LONGEST_PAUSE = 300_000;

/** How long a job waits that had so many failures before the latest one, ms. */
export const pauseAfter = (failures: number): number => Math.min(LONGEST_PAUSE, PAUSE * 2 ** failures);

/** A line for the job's log. @param pause ms */
export const triedAgain = (pause: number, { what }: JobError): string => `tried again in ${pause / 1000} s: ${what}`;

/** @throws UserError `service/key-used` where a key that is known came with another task */
export function requireSameTask(known: Job, asked: NewJob): void {
  if (known.name === asked.name && isDeepStrictEqual(known.asked, asked.asked)) return;
  throw new UserError("service/key-used", {
    what: `the Idempotency-Key ${asked.key} was used for another task, job ${known.id}`,
    todo: "use a new key for each request that is a new one",
  });
}
