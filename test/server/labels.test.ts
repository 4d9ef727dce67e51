import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeEach, describe, expect, it } from "vitest";
import { LabelStore } from "../../src/server/labels/labelStore.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { testService } from "./service.ts";

const SIZE = 48;
const { get, send, clip, around, data } = testService({ workers: 0 });

/** A square of one object. */
function squareOf(id: number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE }, (_, p) => {
    const [x, y] = [p % SIZE, Math.floor(p / SIZE)];
    return x >= 6 && x < 22 && y >= 16 && y < 32 ? id : 0;
  });
}

const raw = { "content-type": "application/octet-stream" };
const png = { "content-type": "image/png" };

async function pngOf(labels: Uint8Array, size = SIZE): Promise<Uint8Array> {
  const path = join(around(), "mask.png");
  await writeMaskPng(path, { width: size, height: labels.length / size, data: labels });
  return new Uint8Array(await readFile(path));
}

let base: string;
beforeEach(async () => {
  base = `/api/clips/${await clip("clip")}`;
  const { frames } = (await get(`${base}/labels`)).body as { frames: { frame: number }[] };
  for (const { frame } of frames)
    for (const what of ["mask", "shapes"]) await send("DELETE", `${base}/labels/${frame}/${what}`);
});

describe("masks", () => {
  it("come back as they were given, as PNG and byte by byte, and lie in a file that track reads", async () => {
    const put = await send("PUT", `${base}/labels/3/mask`, squareOf(7), raw);
    expect(put.status).toBe(200);
    expect((await get(`${base}/labels`)).body.frames).toEqual([{ frame: 3, mask: put.body.tag, shapes: null }]);
    const back = await get(`${base}/labels/3/mask?format=raw`);
    expect(back.bytes).toEqual(squareOf(7));
    const file = join(data(), "labels", await clip("clip"), "00003.png");
    expect((await readMaskPng(file)).data).toEqual(squareOf(7));
    expect(Buffer.from((await get(`${base}/labels/3/mask`)).bytes)).toEqual(await readFile(file));
  });

  it("are taken as pictures of other tools too", async () => {
    expect((await send("PUT", `${base}/labels/0/mask`, await pngOf(squareOf(2)), png)).status).toBe(200);
    expect((await get(`${base}/labels/0/mask?format=raw`)).bytes).toEqual(squareOf(2));
    const colours = Uint8Array.from({ length: 3 * SIZE * SIZE }, (_, i) =>
      i % 3 === 0 && squareOf(1)[i / 3] === 1 ? 200 : 0,
    );
    const webp = await sharp(colours, { raw: { width: SIZE, height: SIZE, channels: 3 } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await send("PUT", `${base}/labels/0/mask`, webp, { "content-type": "image/webp" })).status).toBe(200);
    expect((await get(`${base}/labels/0/mask?format=raw`)).bytes).toEqual(squareOf(1));
  });

  it("may be written by many at the same time, and by one of those who saw the same", async () => {
    const mask = await pngOf(squareOf(3));
    const all = await Promise.all(Array.from({ length: 6 }, () => send("PUT", `${base}/labels/2/mask`, mask, png)));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect((await get(`${base}/labels/2/mask?format=raw`)).bytes).toEqual(squareOf(3));
    const seen = { ...raw, "if-match": `"${all[0].body.tag}"` };
    const writers = [4, 5, 6, 7].map((id) => send("PUT", `${base}/labels/2/mask`, squareOf(id), seen));
    const statuses = (await Promise.all(writers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 412)).toHaveLength(3);
    expect(statuses).toContain(200);
    expect((await get(`${base}/labels/2/mask?format=raw`)).bytes).toEqual(squareOf(4 + statuses.indexOf(200)));
  });

  it("are written only over what the writer has seen", async () => {
    const none = { "if-none-match": "*" };
    const first = await send("PUT", `${base}/labels/1/mask`, squareOf(1), { ...raw, ...none });
    expect(first.status).toBe(200);
    expect(await send("PUT", `${base}/labels/1/mask`, squareOf(2), { ...raw, ...none })).toMatchObject({
      status: 412,
      body: { error: { code: "service/changed" } },
    });
    const own = { "if-match": `"${first.body.tag}"` };
    expect((await send("PUT", `${base}/labels/1/mask`, squareOf(3), { ...raw, ...own })).status).toBe(200);
    expect((await send("PUT", `${base}/labels/1/mask`, squareOf(4), { ...raw, ...own })).status).toBe(412);
    expect((await send("DELETE", `${base}/labels/1/mask`, undefined, own)).status).toBe(412);
    expect((await get(`${base}/labels/1/mask?format=raw`)).bytes).toEqual(squareOf(3));
  });

  it.each([
    ["of another size", () => squareOf(1).subarray(48), raw, 422, "labels/size"],
    ["with label 255", () => squareOf(255), raw, 400, "labels/object"],
    ["that are no picture", () => new Uint8Array([1, 2, 3]), png, 422, "mask/unreadable"],
    ["without a byte", () => new Uint8Array(), raw, 400, "service/invalid"],
    ["of another type", () => squareOf(1), { "content-type": "video/mp4" }, 415, "service/media"],
  ] as const)("%s are refused, and nothing is left of them", async (_, bytes, headers, status, code) => {
    const answer = await send("PUT", `${base}/labels/2/mask`, bytes(), headers);
    expect(answer.body.error.code).toBe(code);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain(around());
    expect((await get(`${base}/labels`)).body.frames).toEqual([]);
  });

  it("of frames that the clip does not have are refused", async () => {
    expect(await send("PUT", `${base}/labels/8/mask`, squareOf(1), raw)).toMatchObject({
      status: 400,
      body: { error: { code: "labels/frame", got: "frame 8", expected: "0 to 7" } },
    });
    expect((await get(`${base}/labels/5/mask`)).status).toBe(404);
  });
});

describe("shapes", () => {
  const shapes = {
    points: [{ name: "nose", x: 10.5, y: 3, visible: true }],
    boxes: [{ name: "van", x: 1, y: 2, width: 3.5, height: 4 }],
    ends: [2, "tail"],
    skeleton: [["nose", "tail"]],
  };

  it("come back as they were given", async () => {
    const { status, body } = await send("PUT", `${base}/labels/4/shapes`, shapes);
    expect(status).toBe(200);
    const back = await get(`${base}/labels/4/shapes`);
    expect(back.body).toEqual(shapes);
    expect(back.headers.get("etag")).toBe(`"${body.tag}"`);
    await send("DELETE", `${base}/labels/4/shapes`);
    expect((await get(`${base}/labels/4/shapes`)).status).toBe(404);
  });

  it.each([
    [{ points: [{ name: "a", x: "1", y: 2 }] }, "points.0.x"],
    [{ boxes: [{ name: "a", x: 1, y: 2, width: 0, height: 1 }] }, "boxes.0.width"],
    [{ ends: [0] }, "ends.0"],
    [{ pionts: [] }, "pionts"],
  ])("%j is refused by its key", async (body, key) => {
    const answer = await send("PUT", `${base}/labels/4/shapes`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "service/invalid" } } });
    expect(answer.body.error.message).toContain(key);
  });

  it("are copied for a job with the ends apart, and frames without a shape left out", async () => {
    await send("PUT", `${base}/labels/4/shapes`, shapes);
    await send("PUT", `${base}/labels/5/shapes`, { ends: ["nose"] });
    await send("PUT", `${base}/labels/4/mask`, squareOf(1), raw);
    const to = join(around(), "copy");
    const store = new LabelStore(join(data(), "labels", await clip("clip")));
    const { labels, ends } = await store.copyTo(to);
    expect(labels).toEqual([
      { path: join(to, "00004.png"), frame: 4 },
      { path: join(to, "00004.json"), frame: 4 },
    ]);
    expect(ends).toEqual([
      { what: 2, frame: 4 },
      { what: "tail", frame: 4 },
      { what: "nose", frame: 5 },
    ]);
  });
});

describe("objects", () => {
  it("have names, classes and colours", async () => {
    const objects = [{ id: 1, name: "van", class: "car", colour: "#ff0000" }, { id: 7 }];
    expect(await send("PUT", `${base}/objects`, objects)).toMatchObject({ status: 200, body: objects });
    expect((await get(`${base}/labels`)).body.objects).toEqual(objects);
  });

  it.each([[[{ id: 1 }, { id: 1 }]], [[{ id: 255 }]], [[{ id: 1, colour: "red" }]]])(
    "%j are refused",
    async (objects) => {
      expect((await send("PUT", `${base}/objects`, objects)).status).toBe(400);
    },
  );
});
