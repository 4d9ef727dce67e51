/** @file What may be asked of jobs: references, paths, keys. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { JOB_TASKS, jobTasks, OWN_PLACES } from "../../src/server/jobs/references.ts";
import { taskJsonSchema } from "../../src/tasks/task.ts";
import { makeImageFolder } from "../training/footage.ts";
import { quick, testService } from "./service.ts";

const { get, send, clip, root, around } = testService({ workers: 0 }, async (folder, beside) => {
  await makeImageFolder(beside, "secret", 2);
  await symlink(join(beside, "secret"), join(folder, "way-out"));
  await writeFile(join(folder, "points.csv"), "frame,name,x,y\n0,nose,10,10\n");
  await mkdir(join(folder, "footage-2"));
});

let own: string;
let session: string;
beforeAll(async () => {
  own = await clip("clip");
  session = (await send("POST", "/api/sessions", { clip: own })).body.id;
});

const ask = (task: object, more: object = {}) => send("POST", "/api/jobs", { task, ...more });
const track = (more: object = {}) =>
  ask({
    task: "track",
    video: `clip:${own}`,
    labels: [join(root(), "points.csv")],
    out: `session:${session}`,
    ...more,
  });

/** Keys of a JSON Schema that take any text. */
function freeTexts(schema: Schema, path = ""): string[] {
  const inner = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) =>
    one === undefined ? [] : freeTexts(one, path),
  );
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    freeTexts(one, path === "" ? key : `${path}.${key}`),
  );
  const isFree = schema.type === "string" && schema.enum === undefined && schema.const === undefined;
  return [...(isFree ? [path] : []), ...inner, ...keys];
}

describe("references", () => {
  it("stand for clips, sessions and files of jobs; what is asked is kept as it was asked", async () => {
    const { status, body } = await track(quick(root()));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: "queued",
      session,
      clips: [own],
      task: { task: "track", video: `clip:${own}` },
    });
  });

  it.each([
    ["a clip that is not there", { task: "check", clips: ["clip:nothing"] }, 404, "service/missing"],
    ["a job that is not there", { task: "convert", input: "job:nothing/x", to: "coco" }, 404, "service/missing"],
    ["a session that is not there", { task: "review", folder: "session:nothing" }, 404, "service/missing"],
    ["no path at all", { task: "check", clips: [3] }, 400, "service/invalid"],
    ["an unknown task", { task: "chekc", clips: [] }, 400, "service/invalid"],
    ["a task that is no job", { task: "demo" }, 400, "service/invalid"],
    ["a key that the task does not have", { task: "check", clips: [], langauge: "en" }, 400, "task/invalid"],
    ["a place for results", { task: "check", clips: [], out: "x" }, 400, "service/invalid"],
    ["a step of a site that never ends", { task: "site", step: "watch", folder: "site:x" }, 400, "service/invalid"],
    ["a site that is a folder", { task: "site", step: "run", folder: "/tmp" }, 400, "service/invalid"],
    ["a site that is not there", { task: "site", step: "run", folder: "site:nothing" }, 404, "service/missing"],
    ["a file for values", { task: "evaluate", benchmark: "made", json: "/tmp/x.json" }, 400, "service/invalid"],
    ["a cache", { task: "train", footage: [], cache: "/tmp" }, 400, "service/invalid"],
    ["a run that is a folder", { task: "resume", run: "/tmp" }, 400, "service/invalid"],
    ["a name with a folder", { task: "convert", input: "job:a", to: "coco", out: "../x.json" }, 404, "service/missing"],
  ])("%s is refused", async (_, task, status, code) => {
    expect(await ask(task)).toMatchObject({ status, body: { error: { code } } });
  });

  it.each(["../Annotations", "/etc", ".."])("%s is no folder within the data of a benchmark", async (resolution) => {
    const answer = await ask({
      task: "evaluate",
      benchmark: "davis",
      data: root(),
      split: join(root(), "points.csv"),
      resolution,
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "service/invalid" } } });
  });

  it.each([
    ["another clip than the session's", () => ({ video: join(root(), "clip") })],
    ["a path for results", () => ({ out: "/tmp/x" })],
    ["a stream", () => ({ follow: true })],
    ["labels that are no list", () => ({ labels: "a.png" })],
  ])("track refuses %s", async (_, more) => {
    expect(await track(more())).toMatchObject({ status: 400, body: { error: { code: "service/invalid" } } });
  });
});

describe("paths", () => {
  it.each([
    ["of the machine", () => "/etc/passwd"],
    ["beside the folder", () => join(around(), "secret")],
    ["that begin like the folder", () => `${root()}-2/clip`],
    ["with dots", () => `${root()}/clip/../../secret`],
    ["through a link", () => join(root(), "way-out")],
    ["relative to wherever the service was started", () => "package.json"],
    ["of a stream", () => "rtsp://camera/1"],
    ["of an address", () => "http://169.254.169.254/latest"],
    ["with a zero", () => `${root()}/clip\0.png`],
    ["out of a session", () => `session:${session}/../../service.sqlite`],
    ["out of a session, absolute", () => `session:${session}//etc/passwd`],
  ])("%s are refused, wherever a task has one", async (_, path) => {
    for (const task of [
      { task: "check", clips: [path()] },
      { task: "convert", input: path(), to: "coco" },
      { task: "inspect", clip: path() },
      { task: "train", footage: [path()] },
      { task: "train", footage: [`clip:${own}`], config: { init: path() } },
      { task: "discover", clip: path() },
      { task: "evaluate", benchmark: "davis", data: root(), split: path() },
      { task: "track", video: `clip:${own}`, labels: [{ path: path() }], out: `session:${session}` },
      { task: "track", video: `clip:${own}`, labels: [], weights: path(), out: `session:${session}` },
    ]) {
      const { status, body } = await ask(task);
      expect([403, 404]).toContain(status);
      expect(["service/path", "service/missing"]).toContain(body.error.code);
    }
    expect(
      (await get("/api/jobs")).body.jobs.every(({ task }: { task: { task: string } }) => task.task === "track"),
    ).toBe(true);
  });

  it.each(["../../service.sqlite", "..%2f..%2fservice.sqlite", "%2e%2e/%2e%2e/service.sqlite", "/etc/passwd", "a%00b"])(
    "%s is no file of a session or job",
    async (path) => {
      for (const base of [`/api/sessions/${session}/files/`, "/api/jobs/nothing/files/"]) {
        const { status } = await get(base + path);
        expect([400, 403, 404]).toContain(status);
      }
    },
  );

  it.each(JOB_TASKS)("no text of a %s task is a path that is not checked", (name) => {
    const { task, paths, ...more } = jobTasks[name];
    const names = "names" in more ? more.names : [];
    const own = OWN_PLACES.flatMap((key) => [key, `${key}.data`, `${key}.split`, `${key}.resolution`]);
    const checked = new Set<string>([...paths, ...names, ...own, "out", "labels", "labels.path", "labelsFrame"]);
    for (const key of ["config.init", ...(name === "site" ? ["folder"] : []), ...(name === "resume" ? ["run"] : [])])
      checked.add(key);
    const harmless = new Set(["arrivals", "ends.what", "encoding", "sequence", "objects.class"]);
    // Of steps of a site that are no jobs.
    for (const key of ["footage", "name", "targets", "objects", "prices.currency", "from", "night"])
      if (name === "site") harmless.add(key);
    const free = freeTexts(taskJsonSchema(task));
    expect(free.length).toBeGreaterThan(1);
    expect([...new Set(free)].filter((key) => !checked.has(key) && !harmless.has(key))).toEqual([]);
  });
});

interface Schema {
  readonly type?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

describe("an Idempotency-Key", () => {
  it("makes a request that is sent twice one job, and is refused for another", async () => {
    const task = { task: "check", clips: [`clip:${own}`] };
    const key = { "idempotency-key": "k1" };
    const first = await send("POST", "/api/jobs", { task }, key);
    const second = await send("POST", "/api/jobs", { task }, key);
    expect(second.body.id).toBe(first.body.id);
    expect(await send("POST", "/api/jobs", { task: { ...task, language: "ja" } }, key)).toMatchObject({
      status: 409,
      body: { error: { code: "service/key-used" } },
    });
    expect((await send("POST", "/api/jobs", { task })).body.id).not.toBe(first.body.id);
  });
});

describe("a waiting job", () => {
  it("is cancelled at once, stays, and can be deleted then", async () => {
    const { id } = (await ask({ task: "check", clips: [`clip:${own}`] })).body;
    expect((await send("DELETE", `/api/jobs/${id}`)).status).toBe(409);
    expect((await send("POST", `/api/jobs/${id}/cancel`)).body.state).toBe("cancelled");
    expect((await send("POST", `/api/jobs/${id}/cancel`)).body.state).toBe("cancelled");
    expect((await get("/api/jobs?state=cancelled")).body.jobs.map((job: { id: string }) => job.id)).toContain(id);
    expect((await send("DELETE", `/api/jobs/${id}`)).status).toBe(200);
    expect((await get(`/api/jobs/${id}`)).status).toBe(404);
  });

  it("keeps its session from being deleted", async () => {
    expect(await send("DELETE", `/api/sessions/${session}`)).toMatchObject({ status: 409 });
  });
});

it("the OpenAPI document describes every route", async () => {
  const { status, body } = await get("/api/openapi.json");
  expect(status).toBe(200);
  expect(body.openapi).toBe("3.1.0");
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining([
      "/api/clips/{clip}/frames/{frame}",
      "/api/jobs",
      "/api/sessions/{session}/track",
      "/api/events",
    ]),
  );
  for (const methods of Object.values(body.paths as Record<string, Record<string, { summary?: string }>>))
    for (const route of Object.values(methods)) expect(route.summary).toBeTypeOf("string");
  const schema = await get("/api/tasks/track");
  expect(schema.body.properties).toHaveProperty("direction");
});
