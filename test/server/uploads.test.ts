import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { sendPart } from "../../bench/service/uploads.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";
import { safeName } from "../../src/server/uploads/uploadStore.ts";
import { type Answer, testService } from "./service.ts";

const MOST = 1_000_000;
const { url, get, send, data, root, around } = testService({ workers: 0, maxUploadBytes: MOST });

const tus = { "tus-resumable": "1.0.0" };
const bytesType = { ...tus, "content-type": "application/offset+octet-stream" };
const named = (name: string) => ({
  "upload-metadata": `filetype dmlkZW8=,filename ${Buffer.from(name).toString("base64")}`,
});
const sha256 = (bytes: Uint8Array): string => `sha256 ${createHash("sha256").update(bytes).digest("base64")}`;

const begin = (length: number, name = "clip.mp4", headers = {}): Promise<Answer> =>
  send("POST", "/api/uploads", undefined, { ...tus, ...named(name), "upload-length": String(length), ...headers });
async function begun(length: number, name?: string): Promise<string> {
  const { status, headers } = await begin(length, name);
  expect(status).toBe(201);
  return headers.get("location") as string;
}
const patch = (place: string, offset: number, bytes: Uint8Array, more = {}): Promise<Answer> =>
  send("PATCH", place, bytes, { ...bytesType, "upload-offset": String(offset), ...more });
const offsetOf = async (place: string): Promise<number> =>
  Number((await send("HEAD", place, undefined, tus)).headers.get("upload-offset"));

const breakOff = (place: string, offset: number, bytes: Uint8Array, sent: number, more = {}): Promise<void> =>
  sendPart(`${url()}${place}`, offset, bytes, sent, more);

let video: Uint8Array;
beforeAll(async () => {
  const path = join(around(), "made.mp4");
  await using source = await openFrameSource(join(root(), "clip"));
  const writer = await openVideoWriter(path, { width: 48, height: 48, fps: 25 });
  for await (const { data } of source.frames()) await writer.write(data);
  await writer.finish();
  video = new Uint8Array(await readFile(path));
});

describe("an upload", () => {
  it("says what it can", async () => {
    const { status, headers } = await send("OPTIONS", "/api/uploads");
    expect(status).toBe(204);
    expect(headers.get("tus-extension")).toBe("creation,creation-with-upload,checksum,termination");
    expect(headers.get("tus-max-size")).toBe(String(MOST));
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("in pieces is a clip when all have come, and is gone when it is deleted", async () => {
    const place = await begun(video.length, "my clip ü.mp4");
    const half = video.length >> 1;
    const first = await patch(place, 0, video.subarray(0, half), {
      "upload-checksum": sha256(video.subarray(0, half)),
    });
    expect([first.status, first.headers.get("upload-offset"), first.headers.get("clip")]).toEqual([
      204,
      String(half),
      null,
    ]);
    expect(await offsetOf(place)).toBe(half);
    const last = await patch(place, half, video.subarray(half));
    expect(last.status).toBe(204);
    const clip = last.headers.get("clip") as string;
    expect((await get(`/api/clips/${clip}`)).body).toMatchObject({
      name: "my clip ü.mp4",
      root: "uploads",
      frameCount: 8,
    });
    expect(Buffer.compare(Buffer.from((await get(`/api/clips/${clip}/media`)).bytes), Buffer.from(video))).toBe(0);
    expect((await send("HEAD", place, undefined, tus)).headers.get("clip")).toBe(clip);

    const session = (await send("POST", "/api/sessions", { clip })).body.id;
    await send("PUT", `/api/clips/${clip}/labels/0/shapes`, { ends: ["a"] });
    const waiting = (await send("POST", "/api/jobs", { task: { task: "check", clips: [`clip:${clip}`] } })).body.id;
    expect((await send("DELETE", `/api/clips/${clip}`)).status).toBe(409);
    await send("POST", `/api/jobs/${waiting}/cancel`);
    expect((await send("DELETE", `/api/clips/${clip}`)).status).toBe(200);
    expect((await get(`/api/clips/${clip}`)).status).toBe(404);
    expect((await get(`/api/sessions/${session}`)).status).toBe(404);
    expect(await readdir(join(data(), "uploads"))).toEqual([]);
    expect(await readdir(join(data(), "labels"))).toEqual([]);
  });

  it("may come with the request that begins it", async () => {
    const { status, headers } = await send("POST", "/api/uploads", video, {
      ...bytesType,
      ...named("at-once.mp4"),
      "upload-length": String(video.length),
    });
    expect([status, headers.get("upload-offset")]).toEqual([201, String(video.length)]);
    expect((await get(`/api/clips/${headers.get("clip")}`)).body).toMatchObject({ frameCount: 8 });
    await send("DELETE", `/api/clips/${headers.get("clip")}`);
  });

  it("that breaks off anywhere goes on there, and is equal in the end", async () => {
    const bytes = new Uint8Array(randomBytes(400_000));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), async (cuts) => {
        const place = await begun(bytes.length);
        for (const cut of cuts) {
          const offset = await offsetOf(place);
          const left = bytes.subarray(offset);
          await breakOff(place, offset, left, Math.floor(cut * 0.99 * left.length));
          expect(await offsetOf(place)).toBeGreaterThanOrEqual(offset);
        }
        const offset = await offsetOf(place);
        const { status, headers } = await patch(place, offset, bytes.subarray(offset));
        expect(status).toBe(204);
        const media = await get(`/api/clips/${headers.get("clip")}/media`);
        expect(Buffer.compare(Buffer.from(media.bytes), Buffer.from(bytes))).toBe(0);
        await send("DELETE", `/api/clips/${headers.get("clip")}`);
      }),
      { numRuns: 12 },
    );
  });

  it("keeps nothing of bytes that are not what was sent, or that broke off with a checksum", async () => {
    const place = await begun(video.length);
    const wrong = await patch(place, 0, video, { "upload-checksum": sha256(video.subarray(1)) });
    expect(wrong).toMatchObject({ status: 460, body: { error: { code: "upload/checksum" } } });
    await breakOff(place, 0, video, 500, { "upload-checksum": sha256(video) });
    await setTimeout(50);
    expect(await offsetOf(place)).toBe(0);
    expect((await patch(place, 0, video, { "upload-checksum": "crc32 AA==" })).status).toBe(400);
    expect((await send("DELETE", place, undefined, tus)).status).toBe(204);
    expect((await send("HEAD", place, undefined, tus)).status).toBe(404);
  });

  it.each([
    ["from another offset", 409, "upload/offset", (place: string) => patch(place, 3, video.subarray(3))],
    [
      "with more bytes than it has",
      413,
      "service/size",
      (place: string) => patch(place, 0, new Uint8Array(video.length + 1)),
    ],
    [
      "of another version",
      412,
      "upload/version",
      (place: string) => patch(place, 0, video, { "tus-resumable": "0.2.2" }),
    ],
    [
      "as another type",
      415,
      "service/media",
      (place: string) => patch(place, 0, video, { "content-type": "application/octet-stream" }),
    ],
  ] as const)("%s is refused", async (_, status, code, act) => {
    const place = await begun(video.length);
    expect(await act(place)).toMatchObject({ status, body: { error: { code } } });
    await send("DELETE", place, undefined, tus);
  });

  it.each([
    ["that is too large", MOST + 1, "clip.mp4", 413, "service/size"],
    ["without a byte", 0, "clip.mp4", 400, "service/invalid"],
    ["that is no video by its name", 10, "page.html", 415, "service/media"],
    ["without a name", 10, "", 415, "service/media"],
  ])("%s does not begin", async (_, length, name, status, code) => {
    expect(await begin(length, name)).toMatchObject({ status, body: { error: { code } } });
  });

  it("never lies anywhere else, whatever its name", async () => {
    for (const name of ["../../../evil.mp4", "/etc/evil.mp4", "..\\..\\evil.mp4", "a/../../evil.mp4", "evil\0.mp4"]) {
      const place = await begun(video.length, name);
      const clip = (await patch(place, 0, video)).headers.get("clip") as string;
      expect((await get(`/api/clips/${clip}`)).body.place).toMatch(/^[0-9a-f]{24}\/evil_?\.mp4$/u);
      await send("DELETE", `/api/clips/${clip}`);
    }
  });
});

it("names are plain file names, whatever they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (given) => {
      const name = safeName(given);
      expect(name).not.toMatch(/[/\\\0]|^\.|^$/u);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    }),
  );
});

it("footage that was not uploaded is never deleted", async () => {
  const [{ id }] = (await get("/api/clips")).body.clips;
  expect(await send("DELETE", `/api/clips/${id}`)).toMatchObject({
    status: 403,
    body: { error: { code: "service/path" } },
  });
});
