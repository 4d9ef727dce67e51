/** @file Jobs that are cancelled, stopped and killed while they run, and those who listen meanwhile. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Service } from "../../src/server/serve.ts";
import { tasks } from "../../src/tasks/index.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { isThere } from "../cli/cli.ts";
import { makeFootage, quick, request, serveFootage, type SmallFootage, until } from "./service.ts";

const FRAMES = 32;
let footage: SmallFootage;
let service: Service;
const data = (): string => join(footage.around, "data");
const start = (): Promise<Service> => serveFootage(footage);
const call = (method: string, path: string, body?: unknown) => request(`${service.url}${path}`, method, body);
const jobOf = async (id: string) => (await call("GET", `/api/jobs/${id}`)).body;

beforeEach(async () => {
  footage = await makeFootage(FRAMES);
  service = await start();
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await rm(footage.around, { recursive: true });
});

/** A track job that has written its tenth mask. */
async function underway(): Promise<{ job: string; session: string; masks: string }> {
  const [{ id: clip }] = (await call("GET", "/api/clips")).body.clips;
  const mask = new Uint8Array(48 * 48).fill(1, 20 * 48, 28 * 48);
  await request(`${service.url}/api/clips/${clip}/labels/0/mask`, "PUT", mask, {
    "content-type": "application/octet-stream",
  });
  const session = (await call("POST", "/api/sessions", { clip, settings: quick(footage.root) })).body.id;
  const job = (await call("POST", `/api/sessions/${session}/track`, { retries: 5 })).body.id;
  const masks = join(data(), "sessions", session, "masks");
  await until(
    () => isThere(join(masks, "00010.png")),
    (there) => there,
  );
  return { job, session, masks };
}

/** Masks of an undisturbed run. */
async function expectSame(masks: string): Promise<void> {
  const path = join(footage.around, "mask.png");
  await writeMaskPng(path, { width: 48, height: 48, data: new Uint8Array(48 * 48).fill(1, 20 * 48, 28 * 48) });
  const out = join(footage.around, "apart");
  const video = join(footage.root, "clip");
  await tasks.track.run(
    { video, labels: [{ path }], out, ...quick(footage.root) },
    { machine: { device: "cpu", threads: 1 } },
  );
  const names = await readdir(join(out, "masks"));
  expect(names).toHaveLength(FRAMES);
  expect((await readdir(masks)).sort()).toEqual(names.sort());
  for (const name of names)
    expect(Buffer.compare(await readFile(join(masks, name)), await readFile(join(out, "masks", name)))).toBe(0);
}

it("a cancelled job stops, and keeps what it has; asked for again, it goes on there", async () => {
  const { job, session, masks } = await underway();
  expect((await jobOf(job)).progress).toMatchObject({ total: FRAMES });
  await call("POST", `/api/jobs/${job}/cancel`);
  await until(
    () => jobOf(job),
    ({ state }) => state === "cancelled",
  );
  const kept = (await readdir(masks)).length;
  expect(kept).toBeGreaterThan(10);
  expect(kept).toBeLessThan(FRAMES);
  const again = (await call("POST", `/api/sessions/${session}/track`, {})).body.id;
  await until(
    () => jobOf(again),
    ({ state }) => state === "done",
  );
  const { result } = (await call("GET", `/api/jobs/${again}/result`)).body;
  expect(result.tracked).toBeLessThanOrEqual(FRAMES - kept + 1);
  await expectSame(masks);
});

it("a service that is stopped gives its job back, and the next one goes on with it", async () => {
  const { job, session, masks } = await underway();
  await service[Symbol.asyncDispose]();
  const kept = (await readdir(masks)).length;
  expect(kept).toBeLessThan(FRAMES);
  service = await start();
  const ended = await until(
    () => jobOf(job),
    ({ state }) => state === "done",
  );
  expect(ended).toMatchObject({ attempts: 2, failures: 0, session });
  await expectSame(masks);
});

it("a job whose process dies is tried again, and says so", async () => {
  const { job, masks } = await underway();
  const pid = Number.parseInt(await readFile(join(data(), "jobs", job, "job.lock"), "utf8"), 10);
  process.kill(pid, "SIGKILL");
  const ended = await until(
    () => jobOf(job),
    ({ state }) => state === "done",
  );
  expect(ended).toMatchObject({ attempts: 2, failures: 1, error: null });
  await expectSame(masks);
});

interface Told {
  readonly id: number;
  readonly kind: string;
  readonly data: { readonly state?: string; readonly done?: number };
}

/** Listens until enough has come, then leaves. */
async function listen(path: string, isEnough: (events: Told[], text: string) => boolean, lastId?: number) {
  const left = new AbortController();
  const headers = { ...(lastId !== undefined && { "last-event-id": String(lastId) }) };
  const response = await fetch(`${service.url}${path}`, { headers, signal: left.signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  let text = "";
  const events = (): Told[] =>
    [...text.matchAll(/^data: (?<data>\{"id".*\})$/gmu)].map(({ groups }) => JSON.parse(groups?.["data"] ?? ""));
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(bytes);
    if (isEnough(events(), text)) break;
  }
  left.abort();
  return { events: events(), text };
}

it("who listens and leaves comes back to what was missed, and nothing twice", async () => {
  const { job } = await underway();
  const first = await listen(`/api/events?after=0&job=${job}`, (events) => events.length >= 3);
  const last = first.events[2].id;
  await setTimeout(300);
  const rest = await listen(
    `/api/events?job=${job}`,
    (events) => events.some(({ data }) => data.state === "done"),
    last,
  );
  const all = await listen(`/api/events?after=0&job=${job}`, (events) =>
    events.some(({ data }) => data.state === "done"),
  );
  const seen = [...first.events.filter(({ id }) => id <= last), ...rest.events];
  expect(seen.map(({ id }) => id)).toEqual(all.events.map(({ id }) => id));
  const counts = all.events.flatMap(({ kind, data }) => (kind === "progress" ? [data.done ?? 0] : []));
  expect(counts.length).toBeGreaterThan(1);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  const odd = await listen("/api/events", (_, text) => text.includes("missed"), 1_000_000);
  expect(odd.text).toContain("event: missed");
});
