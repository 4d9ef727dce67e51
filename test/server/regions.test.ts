/** @file Regions from clicks, over HTTP. */
import * as fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { runsOf } from "../../src/server/clicks/runs.ts";
import { type Answer, testService } from "./service.ts";

const { clip, get, send } = testService();

it("a click is answered by a region as run lengths; what is wrong is said", async () => {
  const path = `/api/clips/${await clip("clip")}/frames/2/region`;
  const ready = await send("POST", path, { clicks: [] });
  expect(ready.body).toEqual({ width: 48, height: 48, runs: [48 * 48] });
  const { status, body } = await send("POST", path, { clicks: [{ x: 14.5, y: 24.5 }] });
  expect(status).toBe(200);
  const runs = body.runs as number[];
  expect(runs.reduce((sum, one) => sum + one, 0)).toBe(48 * 48);
  const mask = runs.flatMap((length, i) => Array.from({ length }, () => i % 2));
  expect(mask[24 * 48 + 14]).toBe(1);
  expect(mask.filter((one) => one === 0).length).toBeGreaterThan(48);

  const codeOf = async (url: string, clicks: unknown): Promise<unknown> =>
    (await send("POST", url, { clicks })).body.error.code;
  expect(await codeOf(path, [{ x: 48, y: 1 }])).toBe("clicks/outside");
  expect(await codeOf(path, "everywhere")).toBe("service/invalid");
  expect(await codeOf(path.replace("/2/", "/8/"), [])).toBe("video/frame-index");
  expect(await codeOf("/api/clips/none/frames/0/region", [])).toBe("service/missing");
});

const lookAt = async (frame: number, body: object): Promise<Answer> =>
  send("POST", `/api/clips/${await clip("clip")}/frames/${frame}/look-back`, body);

it("a pixel is told where it looks: shares sum to 1, places lie in the frame, the labelled frame looks nowhere", async () => {
  const { body } = await lookAt(5, { x: 14.5, y: 24.5 });
  const memory = body.memory as {
    frame: number;
    share: number;
    width: number;
    height: number;
    heat: string;
    chosen: { x: number; y: number; weight: number }[];
  }[];
  expect(memory.map(({ frame }) => frame)).toEqual([0, 2, 3, 4]);
  expect(memory.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
  const best = Math.max(
    ...memory.flatMap(({ heat, width, height }) => {
      const bytes = Buffer.from(heat, "base64");
      expect(bytes).toHaveLength(width * height);
      return [...bytes];
    }),
  );
  expect(best).toBe(255);
  for (const { x, y, weight } of memory.flatMap(({ chosen }) => chosen)) {
    expect([x > 0 && x < 48, y > 0 && y < 48, weight > 0 && weight <= 1]).toEqual([true, true, true]);
  }
  expect(
    (await lookAt(5, { x: 14.5, y: 24.5, from: 3 })).body.memory.map(({ frame }: { frame: number }) => frame),
  ).toEqual([3, 4]);
  expect((await lookAt(0, { x: 1, y: 1 })).body).toEqual({ memory: [] });
  expect((await lookAt(5, { x: 1, y: 48 })).body.error.code).toBe("inspect/pixel");
});

it("a frame is drawn as the method sees it, by the layer's name", async () => {
  const path = `/api/clips/${await clip("clip")}/frames`;
  const pictures = [];
  for (const layer of ["motion", "outlines", "regions", "features"]) {
    const { status, headers, bytes } = await get(`${path}/5/layers/${layer}`);
    expect([status, headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 48, height: 48, channels: 3 });
    pictures.push(data.toString("base64"));
  }
  // In so small a frame regions are what the outlines are.
  expect(new Set(pictures).size).toBeGreaterThanOrEqual(3);
  const { headers } = await get(`${path}/5/layers/motion`);
  expect((await get(`${path}/5/layers/motion`, { "if-none-match": headers.get("etag") ?? "" })).status).toBe(304);
  // The first frame has none before it.
  expect((await get(`${path}/0/layers/motion`)).status).toBe(200);
  expect((await get(`${path}/8/layers/motion`)).body.error.code).toBe("video/frame-index");
  expect((await get(`${path}/5/layers/frame`)).body.error.code).toBe("service/invalid");
});

it("run lengths give the mask back", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1)), (values) => {
      const runs = runsOf(Uint8Array.from(values));
      expect(runs.flatMap((length, i) => Array.from({ length }, () => i % 2))).toEqual(values);
      expect(runs.slice(1).every((length) => length > 0)).toBe(true);
    }),
  );
});
