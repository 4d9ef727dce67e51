import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tasks } from "../../src/tasks/index.ts";
import { readMaskPng } from "../../src/video/masks/maskPng.ts";
import { quick, testService } from "./service.ts";

const SIZE = 48;
const { get, send, clip, ended, root, around, data } = testService();
const raw = { "content-type": "application/octet-stream" };

const square = (id: number, left: number): Uint8Array =>
  Uint8Array.from({ length: SIZE * SIZE }, (_, p) => {
    const [x, y] = [p % SIZE, Math.floor(p / SIZE)];
    return x >= left && x < left + 16 && y >= 16 && y < 32 ? id : 0;
  });

async function begun(settings: Record<string, unknown> = {}): Promise<{ id: string; clip: string }> {
  const own = await clip("clip");
  const answer = await send("POST", "/api/sessions", { clip: own, settings: { ...quick(root()), ...settings } });
  expect(answer.status).toBe(200);
  return answer.body;
}

async function track(session: string, body: unknown = {}) {
  const { status, body: job } = await send("POST", `/api/sessions/${session}/track`, body);
  expect(status).toBe(200);
  return (await ended(job.id)).body;
}

async function masksIn(folder: string): Promise<Record<string, Uint8Array>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readMaskPng(join(folder, name))).data])),
  );
}

it("a session tracks with the clip's labels, and again what depends on a correction, as the command would", async () => {
  const session = await begun();
  const labels = `/api/clips/${session.clip}/labels`;
  await send("PUT", `${labels}/0/mask`, square(1, 6), raw);
  // A frame in which nothing is to be seen is a label that is not given.
  await send("PUT", `${labels}/7/mask`, square(0, 0), raw);
  expect(await track(session.id)).toMatchObject({ state: "done", error: null, attempts: 1, session: session.id });
  expect((await get(`/api/sessions/${session.id}`)).body).toMatchObject({ begun: true, complete: true });

  await send("PUT", `${labels}/5/mask`, square(1, 12), raw);
  const again = await track(session.id);
  expect(again.state).toBe("done");
  const { result } = (await get(`/api/jobs/${again.id}/result`)).body;
  expect(result.tracked).toBe(3);

  const video = join(root(), "clip");
  const files = join(data(), "labels", session.clip);
  const out = join(around(), "apart");
  await tasks.track.run(
    {
      video,
      labels: [{ path: join(files, "00000.png") }, { path: join(files, "00005.png"), frame: 5 }],
      out,
      ...quick(root()),
    },
    { machine: { device: "cpu", threads: 1 } },
  );
  const masks = await masksIn(join(out, "masks"));
  expect(Object.keys(masks)).toHaveLength(8);
  expect(await masksIn(join(data(), "sessions", session.id, "masks"))).toEqual(masks);
  for (const frame of [0, 4, 5, 7]) {
    const { bytes } = await get(`/api/sessions/${session.id}/masks/${frame}?format=raw`);
    expect(bytes).toEqual(masks[`0000${frame}.png`]);
  }

  const { body: records } = await get(`/api/sessions/${session.id}/records`);
  expect(new Set(records.records.map(({ frame }: { frame: number }) => frame)).size).toBe(8);
  const rest = await get(`/api/sessions/${session.id}/records?after=${records.next}&version=${records.version}`);
  expect(rest.body).toEqual({ version: records.version, next: records.next, more: false, records: [] });
  expect((await get(`/api/sessions/${session.id}/records?after=7&version=other`)).body).toEqual(records);

  const table = await get(`/api/sessions/${session.id}/files/tracks.csv`);
  expect(new TextDecoder().decode(table.bytes)).toBe(await readFile(join(out, "tracks.csv"), "utf8"));
  const listed = (await get(`/api/sessions/${session.id}/files`)).body.files.map(({ path }: { path: string }) => path);
  expect(listed).toContain("masks/00007.png");
  expect(listed.some((path: string) => path.startsWith("state/"))).toBe(false);

  // A label that is taken back is forgotten.
  await send("DELETE", `${labels}/5/mask`);
  expect((await track(session.id)).state).toBe("done");
  const plain = await masksIn(join(data(), "sessions", session.id, "masks"));
  expect(plain["00007.png"]).not.toEqual(masks["00007.png"]);
  expect(plain["00004.png"]).toEqual(masks["00004.png"]);
});

it("review and convert work on a session; their files are the job's", async () => {
  const session = await begun();
  await send("PUT", `/api/clips/${session.clip}/labels/0/mask`, square(1, 6), raw);
  await track(session.id);
  const ask = async (task: object) => (await ended((await send("POST", "/api/jobs", { task })).body.id)).body;
  const converted = await ask({ task: "convert", input: `session:${session.id}`, to: "coco" });
  expect(converted).toMatchObject({ state: "done", session: session.id, clips: [session.clip] });
  const { files } = (await get(`/api/jobs/${converted.id}/files`)).body;
  expect(files.map(({ path }: { path: string }) => path)).toEqual(["labels.json"]);
  const coco = await get(`/api/jobs/${converted.id}/files/labels.json`);
  expect(coco.body.images).toHaveLength(8);
  expect(coco.headers.get("content-security-policy")).toContain("sandbox");

  const reviewed = await ask({ task: "review", folder: `session:${session.id}` });
  expect(reviewed.state).toBe("done");
  expect((await get(`/api/sessions/${session.id}/files/review.html`)).headers.get("content-type")).toContain(
    "text/html",
  );

  const checked = await ask({ task: "check", clips: [`clip:${session.clip}`] });
  expect(checked.state).toBe("done");
  expect((await get(`/api/jobs/${checked.id}/result`)).body.check.clips[0].verdict).toBeTypeOf("string");
  expect((await send("DELETE", `/api/jobs/${checked.id}`)).status).toBe(200);
  expect((await get(`/api/jobs/${checked.id}/files/check.html`)).status).toBe(404);
});

it("a user's error fails at once and is data", async () => {
  const session = await begun({ range: { start: 5, end: 2 } });
  await send("PUT", `/api/clips/${session.clip}/labels/0/mask`, square(1, 6), raw);
  const job = await track(session.id);
  expect(job).toMatchObject({ state: "failed", attempts: 1, failures: 0, error: { code: "tracking/range" } });
  expect(Object.keys(job.error)).toEqual(expect.arrayContaining(["what", "got", "expected"]));
  expect((await get(`/api/jobs/${job.id}/result`)).status).toBe(404);
});

it("sessions are listed by clip, and deleted with all that they hold", async () => {
  const { id, clip: own } = await begun();
  const { sessions } = (await get(`/api/sessions?clip=${own}`)).body;
  expect(sessions[0]).toMatchObject({ id, clip: own, name: "clip", begun: false, complete: false });
  expect((await get("/api/sessions?clip=other")).body.sessions).toEqual([]);
  expect((await send("DELETE", `/api/sessions/${id}`)).status).toBe(200);
  expect((await get(`/api/sessions/${id}`)).status).toBe(404);
  expect((await send("POST", `/api/sessions/${id}/track`, {})).status).toBe(404);
});
