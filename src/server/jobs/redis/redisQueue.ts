/**
 * @file The queue of many machines. Redis holds the jobs, and scripts change them (`scripts.ts`); BullMQ decides who gets
 * which when: priorities, pauses, the locks of workers, and the jobs of those that fell silent. BullMQ is given a ticket for
 * each job that is due. A ticket without anything to do is thrown away, and a job without a ticket gets one, so it does not
 * matter at which moment a process dies.
 */
import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { isRunning } from "../../../core/files.ts";
import type { Logger } from "../../../core/log.ts";
import {
  type Hold,
  type Job,
  type JobEvent,
  type JobFilter,
  type JobProgress,
  type JobQueue,
  type JobState,
  JOB_STATES,
  LEASE,
  type NewJob,
  type Outcome,
  pauseAfter,
  requireSameTask,
  triedAgain,
} from "../queue.ts";
import { place } from "../workerName.ts";
import { CONNECTING, connect, type Packages, redisPackages, unreachable } from "./connect.ts";
import { scripts, type ScriptName, ticketOf } from "./scripts.ts";

/** In braces, so that a cluster keeps all of it in one place. */
const PREFIX = "{tsumugi}";
const NAME = "jobs";
/** In BullMQ smaller numbers go first, and 0 before all. */
const MIDDLE_PRIORITY = 1_000_000;
/** How often somebody looks for workers that fell silent, ms. */
const CHECK_EVERY = 5000;
/** Jobs that are read at once. */
const BATCH = 200;
const FOREVER = 1e9;

/** Which Redis, and how long workers may be silent. */
export interface RedisQueueOptions {
  /** `redis://[user:password@]host[:port][/number]`, or `rediss://` for TLS. */
  readonly address: string;
  readonly logger: Logger;
  /** How long a worker holds a job without renewing it, ms. */
  readonly lease?: number;
  /** How often somebody looks for those that did not, ms. */
  readonly checkEvery?: number;
}

type Scripted = Redis & Readonly<Record<ScriptName, (prefix: string, ...values: unknown[]) => Promise<unknown>>>;

/** See `JobQueue`. */
export class RedisQueue implements JobQueue {
  private readonly packages: Packages;
  private readonly redis: Scripted;
  private readonly tickets: Queue;
  private readonly options: RedisQueueOptions;
  /** Who only asks for jobs has none. */
  private taker: Worker | undefined;

  /** @throws UserError `service/packages`, `service/queue` */
  static async open(options: RedisQueueOptions): Promise<RedisQueue> {
    const packages = await redisPackages();
    const redis = await connect(packages, options.address, options.logger);
    for (const { name, lua } of scripts) redis.defineCommand(name, { numberOfKeys: 1, lua });
    return new RedisQueue(packages, redis as Scripted, options);
  }

  private constructor(packages: Packages, redis: Scripted, options: RedisQueueOptions) {
    this.packages = packages;
    this.redis = redis;
    this.options = options;
    this.tickets = new packages.Queue(NAME, { prefix: PREFIX, connection: this.connection });
    // `connect` tells of a Redis that is away.
    this.tickets.on("error", () => {});
  }

  async add(job: NewJob): Promise<{ job: Job; isNew: boolean }> {
    const field = job.key === undefined ? "" : JSON.stringify([job.owner, job.key]);
    const given = JSON.stringify(job);
    const id = await this.script("add", job.id, given, job.session ?? "", job.priority, field, Date.now());
    const known = await this.required(id as string);
    if (known.id !== job.id) {
      requireSameTask(known, job);
      return { job: known, isNew: false };
    }
    // Who looks for work gives it out if this process does not come to it.
    await this.giveOut().catch(() => {});
    return { job: known, isNew: true };
  }

  async get(id: string): Promise<Job | undefined> {
    return jobOf(await this.asking(() => this.redis.hgetall(this.key(`job:${id}`))));
  }

  async list({ states = JOB_STATES, name, session, clip, limit }: JobFilter): Promise<Job[]> {
    const ids = await this.newest(states);
    const found: Job[] = [];
    for (let from = 0; from < ids.length && found.length < limit; from += BATCH) {
      const jobs = await Promise.all(ids.slice(from, from + BATCH).map((id) => this.get(id)));
      for (const job of jobs)
        if (
          job !== undefined &&
          states.includes(job.state) &&
          (name === undefined || job.name === name) &&
          (session === undefined || job.session === session) &&
          (clip === undefined || job.clips.includes(clip))
        )
          found.push(job);
    }
    return found.slice(0, limit);
  }

  async counts(): Promise<Record<JobState, number>> {
    const count = async (state: JobState): Promise<[JobState, number]> => [
      state,
      await this.redis.zcard(this.key(`state:${state}`)),
    ];
    return Object.fromEntries(await this.asking(() => Promise.all(JOB_STATES.map(count)))) as Record<JobState, number>;
  }

  async claim(worker: string): Promise<Job | undefined> {
    const taker = this.taking();
    await this.releaseLost();
    await this.giveOut();
    for (;;) {
      const ticket = await this.asking(() => taker.getNextJob(worker, { block: false }));
      if (ticket === undefined) return undefined;
      const { id } = ticket.data as { id: string };
      if ((await this.script("begin", id, worker, Date.now())) === 1) return this.required(id);
      // Its job was cancelled, or had ended just before its worker died.
      await this.asking(() => ticket.moveToCompleted(null, worker, false));
    }
  }

  async renew(id: string, worker: string): Promise<Hold> {
    const lost = await this.asking(() => this.taking().extendJobLocks([ticketOf(id)], [worker], this.lease));
    if (lost.length > 0) return "lost";
    const [state, holder, cancel] = await this.asking(() =>
      this.redis.hmget(this.key(`job:${id}`), "state", "worker", "cancel"),
    );
    if (state !== "running" || holder !== worker) return "lost";
    return cancel === "1" ? "cancelled" : "yours";
  }

  async report(
    id: string,
    worker: string,
    kind: "progress" | "log",
    data: JobProgress | { text: string },
  ): Promise<void> {
    await this.script("report", id, worker, kind, JSON.stringify(data), Date.now());
  }

  async end(id: string, worker: string, outcome: Outcome): Promise<void> {
    const job = await this.get(id);
    if (job === undefined) return;
    const isTriedAgain = outcome.kind === "again" && job.failures < job.retries;
    if (outcome.kind === "stopped") {
      await this.script("requeue", id, worker, job.failures, 0, "", Date.now());
      await this.withTicket(id, (ticket) => ticket.moveToWait(worker));
    } else if (isTriedAgain) {
      const pause = pauseAfter(job.failures);
      const due = Date.now() + pause;
      const line = JSON.stringify({ text: triedAgain(pause, outcome.error) });
      await this.script("requeue", id, worker, job.failures + 1, due, line, Date.now());
      await this.withTicket(id, (ticket) => ticket.moveToDelayed(due, worker));
    } else {
      const state = outcome.kind === "again" ? "failed" : outcome.kind;
      const error = "error" in outcome ? JSON.stringify(outcome.error) : "";
      await this.script("finish", id, worker, state, error, Date.now());
      await this.withTicket(id, (ticket) => ticket.moveToCompleted(null, worker, false));
    }
    await this.giveOut();
  }

  async cancel(id: string): Promise<Job | undefined> {
    const wasWaiting = await this.script("cancel", id, Date.now());
    if (wasWaiting === 1) {
      await this.asking(() => this.tickets.remove(ticketOf(id)));
      await this.giveOut();
    }
    return this.get(id);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.script("remove", id)) === 1;
  }

  async events(after: number, limit: number, job?: string): Promise<JobEvent[]> {
    const stream = this.key(job === undefined ? "events" : `events:${job}`);
    const entries = await this.asking(() => this.redis.xrange(stream, `${after + 1}-0`, "+", "COUNT", limit));
    return entries.map(([id, fields]) => {
      const { time, data, ...event } = Object.fromEntries(pairs(fields));
      return { ...event, id: eventNumber(id), time: Number(time), data: JSON.parse(data) as unknown } as JobEvent;
    });
  }

  async eventRange(): Promise<{ first: number; last: number }> {
    const stream = this.key("events");
    const [[first], [last]] = await this.asking(() =>
      Promise.all([
        this.redis.xrange(stream, "-", "+", "COUNT", 1),
        this.redis.xrevrange(stream, "+", "-", "COUNT", 1),
      ]),
    );
    return { first: eventNumber(first?.[0]), last: eventNumber(last?.[0]) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.taker?.close(true).catch(() => {});
    await this.tickets.close().catch(() => {});
    this.redis.disconnect();
  }

  private get lease(): number {
    return this.options.lease ?? LEASE;
  }

  private get connection(): object {
    return { ...CONNECTING, url: this.options.address };
  }

  /** BullMQ's side of a worker. It is asked for single jobs, and runs none itself. */
  private taking(): Worker {
    if (this.taker !== undefined) return this.taker;
    this.taker = new this.packages.Worker(NAME, null, {
      prefix: PREFIX,
      // BullMQ wants requests of a worker tried for ever; they end by their timeout all the same.
      connection: { ...this.connection, maxRetriesPerRequest: null },
      autorun: false,
      lockDuration: this.lease,
      stalledInterval: this.options.checkEvery ?? CHECK_EVERY,
      // How often a job may be tried is told by its failures; that its machine goes off is none.
      maxStalledCount: FOREVER,
    });
    this.taker.on("error", () => {});
    this.taker.on("stalled", (ticket) => {
      const id = ticket.slice(ticketOf("").length);
      this.script("stalled", id, ticket, Date.now()).catch(() => {});
    });
    void this.taker.startStalledCheckTimer();
    return this.taker;
  }

  /** Gives BullMQ tickets of the jobs that are due. */
  private async giveOut(): Promise<void> {
    const due = (await this.script("due")) as string[];
    if (due.length === 0) return;
    const jobs = (await Promise.all(due.map((id) => this.get(id)))).filter((job) => job !== undefined);
    await this.asking(() =>
      this.tickets.addBulk(
        jobs.map(({ id, name, priority }) => ({
          name,
          data: { id },
          opts: {
            jobId: ticketOf(id),
            priority: MIDDLE_PRIORITY - priority,
            removeOnComplete: true,
            removeOnFail: true,
          },
        })),
      ),
    );
    await this.asking(() => this.redis.zrem(this.key("waiting"), ...due));
  }

  /** Jobs of this machine's processes that are gone; others lose theirs when their lease is over. */
  private async releaseLost(): Promise<void> {
    if (place === undefined) return;
    for (const id of await this.asking(() => this.redis.zrevrange(this.key("state:running"), 0, -1))) {
      const worker = (await this.get(id))?.worker ?? "";
      const pid = Number.parseInt(worker, 10);
      if (!worker.endsWith(place) || isRunning(pid)) continue;
      await this.script("lost", id, worker, Date.now());
      await this.withTicket(id, (ticket) => ticket.moveToWait(worker));
    }
  }

  /** Does something with a job's ticket. Where another one has it, or nobody, that is found out by those who look. */
  private async withTicket(id: string, work: (ticket: TicketOf) => Promise<unknown>): Promise<void> {
    const ticket = await this.asking(() => this.packages.Job.fromId(this.tickets, ticketOf(id)));
    if (ticket !== undefined) await work(ticket as TicketOf).catch(() => {});
  }

  /** Ids by age, the newest first. */
  private async newest(states: readonly JobState[]): Promise<string[]> {
    if (states.length === JOB_STATES.length) return this.asking(() => this.redis.zrevrange(this.key("all"), 0, -1));
    const lists = await this.asking(() =>
      Promise.all(states.map((state) => this.redis.zrevrange(this.key(`state:${state}`), 0, -1, "WITHSCORES"))),
    );
    return lists
      .flatMap((list) => pairs(list))
      .toSorted(([, a], [, b]) => Number(b) - Number(a))
      .map(([id]) => id);
  }

  private async required(id: string): Promise<Job> {
    return (await this.get(id)) as Job;
  }

  private key(name: string): string {
    return `${PREFIX}:${name}`;
  }

  private script(name: ScriptName, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.asking(() => this.redis[name](this.key(""), ...values));
  }

  /** @throws UserError `service/queue` */
  private async asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      throw unreachable(this.options.address, error);
    }
  }
}

type TicketOf = NonNullable<Awaited<ReturnType<Packages["Job"]["fromId"]>>>;

/** Names and values by turns. */
function pairs(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]]);
}

const eventNumber = (id: string | undefined): number => Number.parseInt(id ?? "0", 10);

/** A field that may be empty. */
const orNull = (text: string): unknown => (text === "" ? null : JSON.parse(text));

function jobOf(fields: Readonly<Record<string, string>>): Job | undefined {
  const { given, state, created, started, ended, notBefore, failures, attempts, worker, progress, error } = fields;
  if (given === undefined) return undefined;
  return {
    ...(JSON.parse(given) as NewJob),
    state: state as JobState,
    created: Number(created),
    started: orNull(started) as number | null,
    ended: orNull(ended) as number | null,
    notBefore: Number(notBefore),
    failures: Number(failures),
    attempts: Number(attempts),
    worker: worker === "" ? null : worker,
    progress: orNull(progress) as JobProgress | null,
    error: orNull(error) as Job["error"],
  };
}
