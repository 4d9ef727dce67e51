/** @file A person's whole way, with the client: upload, check, label, track, correct, export, delete. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ServiceClient, ServiceError } from "../../src/client/index.ts";
import { quick, testService, writeVideo } from "../server/service.ts";

const { url, root, around } = testService();
const SIZE = 48;
const RAW = { type: "application/octet-stream" };
const square = (left: number): Uint8Array =>
  Uint8Array.from({ length: SIZE * SIZE }, (_, p) => {
    const [x, y] = [p % SIZE, Math.floor(p / SIZE)];
    return x >= left && x < left + 16 && y >= 16 && y < 32 ? 1 : 0;
  });

async function madeVideo(): Promise<Blob> {
  const path = join(around(), "made.mp4");
  await writeVideo(join(root(), "clip"), path);
  expect((await stat(path)).size).toBeGreaterThan(1000);
  return new Blob([await readFile(path)]);
}

it("goes from a video to labels of another tool", async () => {
  // A line that breaks twice: what has arrived is sent no more.
  let breaks = 2;
  const client = new ServiceClient(`${url()}/`, {
    fetch: async (input, init) => {
      if (init?.method === "PATCH" && breaks-- > 0) throw new TypeError("fetch failed");
      return fetch(input, init);
    },
  });
  const { api } = client;
  const video = await madeVideo();
  const progress: number[] = [];
  const clip = await client.upload("line 3.mp4", video, { onProgress: (bytes) => progress.push(bytes) });
  expect(progress).toEqual([0, 0, 0, video.size]);
  const probed = await client.ask(api.GET("/api/clips/{clip}", { params: { path: { clip } } }));
  expect(probed).toMatchObject({ name: "line 3.mp4", frameCount: 8, width: SIZE });
  expect((await client.bytes(`/api/clips/${clip}/frames/3?v=${probed.version}`)).length).toBeGreaterThan(300);

  const check = await client.ask(api.POST("/api/jobs", { body: { task: { task: "check", clips: [`clip:${clip}`] } } }));
  const found = (language: "en" | "ja") =>
    client.ask(api.GET("/api/clips/{clip}/check", { params: { path: { clip }, query: { language } } }));
  expect(await found("en")).toMatchObject({ job: { id: check.id }, verdict: null, findings: [] });
  expect(await client.ended(check.id)).toMatchObject({ state: "done", error: null });
  // Eight frames of 48x48 are not much.
  const [english, japanese] = [await found("en"), await found("ja")];
  expect(english).toMatchObject({ job: { id: check.id }, verdict: "usable" });
  expect(english.findings[0]).toMatchObject({ verdict: "usable", name: expect.stringMatching(/\w/u) });
  expect(english.findings[0].todo).toMatch(/[a-z]/u);
  expect(japanese.findings.map(({ verdict, frame }) => [verdict, frame])).toEqual(
    english.findings.map(({ verdict, frame }) => [verdict, frame]),
  );
  expect(japanese.findings[0].todo).toMatch(/[ぁ-ん]/u);

  const tag = await client.putMask(clip, 0, square(6), RAW);
  const labels = await client.ask(api.GET("/api/clips/{clip}/labels", { params: { path: { clip } } }));
  expect(labels.frames).toEqual([{ frame: 0, mask: tag, shapes: null }]);

  const { id } = await client.ask(api.POST("/api/sessions", { body: { clip, settings: quick(root()) } }));
  const params = { path: { session: id } };
  const track = () => client.ask(api.POST("/api/sessions/{session}/track", { params, body: {} }));
  const told: string[] = [];
  const job = await track();
  for await (const { kind, data } of client.events({ after: 0, job: job.id })) {
    told.push(kind);
    if (kind === "state" && (data as { state: string }).state === "done") break;
  }
  expect(told).toContain("progress");
  const before = await client.bytes(`/api/sessions/${id}/masks/6?format=raw`);
  expect(before).toHaveLength(SIZE * SIZE);

  await client.putMask(clip, 6, square(13), RAW);
  expect(await client.ended((await track()).id)).toMatchObject({ state: "done" });
  expect(await client.bytes(`/api/sessions/${id}/masks/6?format=raw`)).toEqual(square(13));

  const exported = await client.ask(
    api.POST("/api/jobs", {
      body: { task: { task: "convert", input: `session:${id}`, to: "coco", out: "line.json" } },
    }),
  );
  await client.ended(exported.id);
  const coco = JSON.parse(new TextDecoder().decode(await client.bytes(`/api/jobs/${exported.id}/files/line.json`)));
  expect(coco.annotations.length).toBeGreaterThan(0);

  await client.ask(api.DELETE("/api/clips/{clip}", { params: { path: { clip } } }));
  const gone = client.ask(api.GET("/api/clips/{clip}", { params: { path: { clip } } }));
  await expect(gone).rejects.toThrow(ServiceError);
  await expect(gone).rejects.toMatchObject({ status: 404, error: { code: "service/missing" } });
});
