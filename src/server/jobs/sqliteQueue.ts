/** @file The queue of one machine: an SQLite file that any number of its processes share. */
import { isRunning } from "../../core/files.ts";
import { type Database, openDatabase, transaction } from "./database.ts";
import {
  type Hold,
  type Job,
  type JobEvent,
  type JobFilter,
  type JobProgress,
  type JobQueue,
  JOB_STATES,
  type JobState,
  LEASE,
  type NewJob,
  type Outcome,
  pauseAfter,
  requireSameTask,
  triedAgain,
} from "./queue.ts";

/** Events that are kept at least; the oldest go first. */
const KEPT_EVENTS = 20_000;

type Row = Readonly<Record<string, unknown>>;

/** Default: as many failures as before. */
interface Requeueing {
  readonly failures?: number;
  readonly notBefore: number;
}

/** See `JobQueue`. */
export class SqliteQueue implements JobQueue {
  private readonly database: Database;

  /** @throws UserError `service/packages`, `service/data` */
  constructor(path: string) {
    this.database = openDatabase(path);
  }

  async add(job: NewJob): Promise<{ job: Job; isNew: boolean }> {
    return transaction(this.database, () => {
      const known = this.withKey(job);
      if (known !== undefined) return { job: known, isNew: false };
      const { id, name, asked, work, session, clips, priority, retries, key, owner } = job;
      this.run(
        `insert into jobs (id, name, asked, work, session, clips, priority, retries, key, owner, state, created, not_before)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, 0)`,
        id,
        name,
        JSON.stringify(asked),
        JSON.stringify(work),
        session ?? null,
        JSON.stringify(clips),
        priority,
        retries,
        key ?? null,
        owner,
        Date.now(),
      );
      this.tell(id, "state", { state: "queued" });
      return { job: this.required(id), isNew: true };
    });
  }

  async get(id: string): Promise<Job | undefined> {
    return this.find(id);
  }

  async list({ states = JOB_STATES, name, session, clip, limit }: JobFilter): Promise<Job[]> {
    const marks = states.map(() => "?").join(", ");
    const rows = this.all(
      `select * from jobs where state in (${marks}) and (? is null or name = ?) and (? is null or session = ?)
         and (? is null or exists (select 1 from json_each(clips) where value = ?)) order by seq desc limit ?`,
      ...states,
      name ?? null,
      name ?? null,
      session ?? null,
      session ?? null,
      clip ?? null,
      clip ?? null,
      limit,
    );
    return rows.map(jobOf);
  }

  async counts(): Promise<Record<JobState, number>> {
    const rows = this.all("select state, count(*) as number from jobs group by state");
    const known = new Map(rows.map(({ state, number }) => [state, Number(number)]));
    return Object.fromEntries(JOB_STATES.map((state) => [state, known.get(state) ?? 0])) as Record<JobState, number>;
  }

  async claim(worker: string): Promise<Job | undefined> {
    return transaction(this.database, () => {
      this.releaseLost();
      const now = Date.now();
      const [row] = this.all(
        `update jobs set state = 'running', worker = ?, lease = ?, attempts = attempts + 1,
           started = coalesce(started, ?)
         where seq = (
           select seq from jobs as next where state = 'queued' and not_before <= ? and (
             session is null or not exists (
               select 1 from jobs where state = 'running' and session = next.session))
           order by priority desc, seq limit 1)
         returning *`,
        worker,
        now + LEASE,
        now,
        now,
      );
      if (row === undefined) return undefined;
      const job = jobOf(row);
      this.tell(job.id, "state", { state: "running" });
      return job;
    });
  }

  async renew(id: string, worker: string): Promise<Hold> {
    const [row] = this.all(
      "update jobs set lease = ? where id = ? and worker = ? and state = 'running' returning cancel",
      Date.now() + LEASE,
      id,
      worker,
    );
    if (row === undefined) return "lost";
    return row["cancel"] === 0 ? "yours" : "cancelled";
  }

  async report(
    id: string,
    worker: string,
    kind: "progress" | "log",
    data: JobProgress | { text: string },
  ): Promise<void> {
    transaction(this.database, () => {
      const [held] = this.all("select 1 from jobs where id = ? and worker = ? and state = 'running'", id, worker);
      if (held === undefined) return;
      if (kind === "progress") this.run("update jobs set progress = ? where id = ?", JSON.stringify(data), id);
      this.tell(id, kind, data);
    });
  }

  async end(id: string, worker: string, outcome: Outcome): Promise<void> {
    transaction(this.database, () => {
      const job = this.find(id);
      if (job?.worker !== worker || job.state !== "running") return;
      if (outcome.kind === "stopped") return this.requeue(job, { notBefore: 0 });
      if (outcome.kind === "again" && job.failures < job.retries) {
        const pause = pauseAfter(job.failures);
        this.tell(id, "log", { text: triedAgain(pause, outcome.error) });
        return this.requeue(job, { failures: job.failures + 1, notBefore: Date.now() + pause });
      }
      const state = outcome.kind === "again" ? "failed" : outcome.kind;
      this.finish(id, state, "error" in outcome ? outcome.error : null);
    });
  }

  async cancel(id: string): Promise<Job | undefined> {
    return transaction(this.database, () => {
      this.run("update jobs set cancel = 1 where id = ? and state = 'running'", id);
      if (this.find(id)?.state === "queued") this.finish(id, "cancelled", null);
      return this.find(id);
    });
  }

  async remove(id: string): Promise<boolean> {
    return transaction(this.database, () => {
      const { changes } = this.run("delete from jobs where id = ? and state in ('done', 'failed', 'cancelled')", id);
      if (changes > 0) this.run("delete from events where job = ?", id);
      return changes > 0;
    });
  }

  async events(after: number, limit: number, job?: string): Promise<JobEvent[]> {
    const rows = this.all(
      "select * from events where id > ? and (? is null or job = ?) order by id limit ?",
      after,
      job ?? null,
      job ?? null,
      limit,
    );
    return rows.map((row) => ({ ...row, data: JSON.parse(row["data"] as string) as unknown }) as unknown as JobEvent);
  }

  async eventRange(): Promise<{ first: number; last: number }> {
    const [row] = this.all("select min(id) as first, max(id) as last from events");
    return { first: Number(row["first"] ?? 0), last: Number(row["last"] ?? 0) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.database.close();
  }

  /** Jobs of workers that are gone, or silent for long, wait again; those that were to be cancelled are. */
  private releaseLost(): void {
    const gone = this.all("select id, worker, lease, cancel from jobs where state = 'running'").filter(
      ({ worker, lease }) => Number(lease) < Date.now() || !isRunning(Number.parseInt(worker as string, 10)),
    );
    for (const { id, cancel } of gone) {
      if (cancel !== 0) this.finish(id as string, "cancelled", null);
      else this.requeue(this.required(id as string), { notBefore: 0 });
    }
  }

  private requeue({ id, ...job }: Job, { failures = job.failures, notBefore }: Requeueing): void {
    this.run(
      "update jobs set state = 'queued', worker = null, lease = null, failures = ?, not_before = ? where id = ?",
      failures,
      notBefore,
      id,
    );
    this.tell(id, "state", { state: "queued" });
  }

  private finish(id: string, state: JobState, error: Job["error"]): void {
    this.run(
      "update jobs set state = ?, ended = ?, worker = null, lease = null, error = ? where id = ?",
      state,
      Date.now(),
      error === null ? null : JSON.stringify(error),
      id,
    );
    this.tell(id, "state", { state, ...(error !== null && { error }) });
  }

  private tell(job: string, kind: JobEvent["kind"], data: unknown): void {
    this.run(
      "insert into events (job, time, kind, data) values (?, ?, ?, ?)",
      job,
      Date.now(),
      kind,
      JSON.stringify(data),
    );
    const [{ id }] = this.all("select last_insert_rowid() as id");
    if (Number(id) % 100 === 0) this.run("delete from events where id <= ?", Number(id) - KEPT_EVENTS);
  }

  /** @throws UserError `service/key-used` */
  private withKey(asked: NewJob): Job | undefined {
    if (asked.key === undefined) return undefined;
    const [row] = this.all("select * from jobs where owner = ? and key = ?", asked.owner, asked.key);
    if (row === undefined) return undefined;
    const job = jobOf(row);
    requireSameTask(job, asked);
    return job;
  }

  private find(id: string): Job | undefined {
    const [row] = this.all("select * from jobs where id = ?", id);
    return row === undefined ? undefined : jobOf(row);
  }

  private required(id: string): Job {
    return this.find(id) as Job;
  }

  private run(sql: string, ...values: readonly unknown[]): { readonly changes: number } {
    return this.database.prepare(sql).run(...values);
  }

  private all(sql: string, ...values: readonly unknown[]): Row[] {
    return this.database.prepare(sql).all(...values);
  }
}

/** Columns that hold JSON. */
const JSON_COLUMNS: ReadonlySet<string> = new Set(["asked", "work", "clips", "progress", "error"]);

/** A column's value. */
function read([name, value]: [string, unknown]): [string, unknown] {
  const isJson = JSON_COLUMNS.has(name) && value !== null;
  return [name, isJson ? (JSON.parse(value as string) as unknown) : value];
}

function jobOf({ seq: _seq, lease: _lease, cancel: _cancel, not_before: notBefore, ...row }: Row): Job {
  const { session, key, ...job } = Object.fromEntries(Object.entries(row).map(read));
  return { ...job, session: session ?? undefined, key: key ?? undefined, notBefore } as unknown as Job;
}
