/** @file Many clients with mixed requests, while jobs run: which answers are errors, and how long reads take. */
import { setTimeout } from "node:timers/promises";
import { ServiceClient } from "../../src/client/index.ts";
import { Random } from "../../src/core/random.ts";

export interface LoadPlan {
  /** Of a service of `smallFootage`. */
  readonly url: string;
  readonly clients: number;
  /** Longest pause of a client between two requests, ms. */
  readonly pause: number;
  readonly seed: number;
  /** Jobs that are under way or wait, all the time. */
  readonly jobs: number;
  /** Settings of the sessions that the jobs track. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A mask of the clip, as PNG. */
  readonly mask: Uint8Array;
  /** Told how many requests were answered. */
  readonly isOver: (answered: number) => boolean;
}

export interface LoadResult {
  readonly requests: number;
  /** Method, route and status of answers that are no success; empty where all are. */
  readonly errors: readonly string[];
  /** Jobs that were done meanwhile. */
  readonly jobsDone: number;
  /** Times of reads, ms: in the middle, of 95 and 99 in 100, the longest. */
  readonly reads: {
    readonly count: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly most: number;
  };
  readonly seconds: number;
}

interface Requests {
  readonly reads: readonly string[];
  readonly writes: readonly { readonly path: string; readonly body: Uint8Array }[];
}

/** Of ten requests one writes. */
const WRITES = 0.1;

export async function load(plan: LoadPlan): Promise<LoadResult> {
  const begun = Date.now();
  const client = new ServiceClient(plan.url);
  const { clips } = await client.ask(client.api.GET("/api/clips"));
  const clip = clips.find(({ name }) => name === "clip")?.id ?? "";
  const { frameCount } = await client.ask(client.api.GET("/api/clips/{clip}", { params: { path: { clip } } }));
  await client.putMask(clip, 0, plan.mask);
  const times: number[] = [];
  const errors: string[] = [];
  let answered = 0;
  const isOver = (): boolean => plan.isOver(answered);
  const sessions = await Promise.all(Array.from({ length: plan.jobs }, () => newSession(client, clip, plan)));
  const requests = mixed(clip, frameCount ?? 1, sessions, plan.mask);
  const working = sessions.map((session) => keepTracking(client, session, isOver));
  const asking = Array.from({ length: plan.clients }, async (_, i) => {
    const random = new Random(plan.seed + i);
    while (!isOver()) {
      const isWrite = random.uniform(0, 1) < WRITES;
      const milliseconds = await one(plan.url, isWrite, requests, random, errors);
      if (!isWrite) times.push(milliseconds);
      answered++;
      await setTimeout(random.uniform(0, plan.pause));
    }
  });
  await Promise.all(asking);
  const jobsDone = (await Promise.all(working)).reduce((sum, done) => sum + done, 0);
  return { requests: answered, errors, jobsDone, reads: summary(times), seconds: (Date.now() - begun) / 1000 };
}

function mixed(clip: string, frames: number, sessions: readonly string[], mask: Uint8Array): Requests {
  const frame = Array.from({ length: frames }, (_, i) => i);
  return {
    reads: [
      ...frame.map((i) => `/api/clips/${clip}/frames/${i}`),
      "/api/clips",
      `/api/clips/${clip}`,
      `/api/clips/${clip}/labels`,
      `/api/clips/${clip}/labels/0/mask`,
      "/api/jobs",
      "/api/sessions",
      "/ready",
      "/metrics",
      ...sessions.map((session) => `/api/sessions/${session}`),
    ],
    writes: frame.map((i) => ({ path: `/api/clips/${clip}/labels/${i}/mask`, body: mask })),
  };
}

async function newSession(client: ServiceClient, clip: string, { settings }: LoadPlan): Promise<string> {
  const { id } = await client.ask(client.api.POST("/api/sessions", { body: { clip, settings } }));
  return id;
}

/** Tracks a session again and again. @returns how often */
async function keepTracking(client: ServiceClient, session: string, isOver: () => boolean): Promise<number> {
  const params = { path: { session } };
  let done = 0;
  do {
    const { id } = await client.ask(client.api.POST("/api/sessions/{session}/track", { params, body: {} }));
    const { state } = await client.ended(id);
    if (state !== "done") throw new Error(`job ${id} is ${state}`);
    done++;
  } while (!isOver());
  return done;
}

/** @returns how long the answer took, ms */
async function one(
  url: string,
  isWrite: boolean,
  requests: Requests,
  random: Random,
  errors: string[],
): Promise<number> {
  const { reads, writes } = requests;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform(0, list.length))];
  const [path, init] = isWrite ? writing(pick(writes)) : [pick(reads), {}];
  const begun = performance.now();
  const response = await fetch(`${url}${path}`, init);
  await response.arrayBuffer();
  if (!response.ok) errors.push(`${init.method ?? "GET"} ${path} ${response.status}`);
  return performance.now() - begun;
}

const writing = ({ path, body }: Requests["writes"][number]): [string, RequestInit] => [
  path,
  { method: "PUT", headers: { "content-type": "image/png" }, body: new Uint8Array(body) },
];

function summary(times: readonly number[]): LoadResult["reads"] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}
