import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";
import { makeImageFolder } from "../training/footage.ts";
import { testService } from "./service.ts";

/** Names that a path could stumble over. */
const ODD = "a%20b #1 für.mp4";

const { get, clip, root, around } = testService({}, async (folder, beside) => {
  await makeImageFolder(beside, "secret", 2);
  await mkdir(join(folder, "bad"));
  await writeFile(join(folder, "bad", "noise.mp4"), Buffer.alloc(5000, 7));
  await writeFile(join(beside, "secret.mp4"), Buffer.alloc(5000, 7));
  await symlink(join(beside, "secret.mp4"), join(folder, "leak.mp4"));
  await symlink(join(beside, "secret"), join(folder, "leak"));
  await symlink(join(folder, "bad", "noise.mp4"), join(folder, "inner.mp4"));
  const source = await openFrameSource(join(folder, "clip"));
  const writer = await openVideoWriter(join(folder, ODD), { width: 48, height: 48, fps: 25 });
  for await (const frame of source.frames()) await writer.write(frame.data);
  await writer.finish();
  await source.close();
});

describe("clips", () => {
  it("are what lies in the folders; links that lead out are left out", async () => {
    const { status, body } = await get("/api/clips");
    expect(status).toBe(200);
    const places = body.clips.map(({ place }: { place: string }) => place);
    expect(places.toSorted()).toEqual([ODD, "bad/noise.mp4", "clip", "inner.mp4"].sort());
    expect(JSON.stringify(body)).not.toContain(around());
  });

  it("have a size, a number of frames and a time for each", async () => {
    const id = await clip("clip");
    const { body } = await get(`/api/clips/${id}`);
    expect(body).toMatchObject({ width: 48, height: 48, frameCount: 8, isFolder: true, root: "footage" });
    expect(body.durationSec).toBeCloseTo(7 / 25, 6);
    const { timesSec } = (await get(`/api/clips/${id}/times`)).body;
    expect(timesSec).toHaveLength(8);
    expect(timesSec[3]).toBeCloseTo(3 / 25, 6);
  });

  it("that cannot be read say so, by the names of folders and not by their paths", async () => {
    const { status, body } = await get(`/api/clips/${await clip("bad/noise.mp4")}`);
    expect(status).toBe(422);
    expect(body.error).toMatchObject({ code: "video/unreadable" });
    expect(body.error.message).toContain("footage/bad/noise.mp4");
    expect(JSON.stringify(body)).not.toContain(root());
  });

  it("that are not there are 404", async () => {
    for (const path of ["/api/clips/nothing", "/api/clips/nothing/frames/0", "/api/clips/nothing/media"])
      expect(await get(path)).toMatchObject({ status: 404, body: { error: { code: "service/missing" } } });
    expect(await get("/api/clips/..%2f..%2fetc")).toMatchObject({ status: 400 });
  });
});

describe("frames", () => {
  it("are exactly those of the index, as PNG bit by bit, in any order", async () => {
    const id = await clip(ODD);
    await using source = await openFrameSource(join(root(), ODD));
    for (const frame of [5, 0, 7, 3, 4, 4, 2]) {
      const { bytes, headers } = await get(`/api/clips/${id}/frames/${frame}?format=png`);
      expect(headers.get("content-type")).toBe("image/png");
      const pixels = await sharp(bytes).raw().toBuffer();
      expect(Buffer.compare(pixels, Buffer.from((await source.frame(frame)).data))).toBe(0);
    }
  });

  it.each(["jpeg", "webp", "png"] as const)("come as %s in the size asked for, never enlarged", async (format) => {
    const id = await clip("clip");
    const small = await sharp((await get(`/api/clips/${id}/frames/1?format=${format}&shortSide=24`)).bytes).metadata();
    expect(small).toMatchObject({ format, width: 24, height: 24 });
    const same = await sharp((await get(`/api/clips/${id}/frames/1?format=${format}&shortSide=96`)).bytes).metadata();
    expect(same).toMatchObject({ format, width: 48, height: 48 });
  });

  it("are kept by browsers for good with the clip's version, and asked for again without", async () => {
    const id = await clip("clip");
    const { version } = (await get(`/api/clips/${id}`)).body as { version: string };
    const first = await get(`/api/clips/${id}/frames/2`);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const tag = first.headers.get("etag") as string;
    const again = await get(`/api/clips/${id}/frames/2`, { "if-none-match": tag });
    expect(again).toMatchObject({ status: 304, bytes: new Uint8Array() });
    expect(await get(`/api/clips/${id}/frames/3`, { "if-none-match": tag })).toMatchObject({ status: 200 });
    expect((await get(`/api/clips/${id}/frames/2?v=${version}`)).headers.get("cache-control")).toContain("immutable");
    expect((await get(`/api/clips/${id}/frames/2?v=old`)).headers.get("cache-control")).toBe("private, no-cache");
  });

  it.each([
    ["8", 400, "video/frame-index"],
    ["-1", 400, "service/invalid"],
    ["one", 400, "service/invalid"],
    ["1?format=bmp", 400, "service/invalid"],
    ["1?shortSide=3", 400, "service/invalid"],
  ])("%s is refused", async (frame, status, code) => {
    expect(await get(`/api/clips/${await clip("clip")}/frames/${frame}`)).toMatchObject({
      status,
      body: { error: { code } },
    });
  });
});

describe("the file", () => {
  it("is served as it is, and in ranges", async () => {
    const id = await clip(ODD);
    const file = await readFile(join(root(), ODD));
    const whole = await get(`/api/clips/${id}/media`);
    expect(whole.headers.get("content-type")).toBe("video/mp4");
    expect(Buffer.compare(Buffer.from(whole.bytes), file)).toBe(0);
    const part = await get(`/api/clips/${id}/media`, { range: "bytes=100-199" });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 100-199/${file.length}`);
    expect(Buffer.compare(Buffer.from(part.bytes), file.subarray(100, 200))).toBe(0);
    const beyond = await get(`/api/clips/${id}/media`, { range: `bytes=${file.length}-` });
    expect(beyond).toMatchObject({ status: 416, body: { error: { code: "service/range" } } });
  });

  it("is not there for a folder of images", async () => {
    expect((await get(`/api/clips/${await clip("clip")}/media`)).status).toBe(404);
  });
});
