import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inPixels } from "../../src/annotations/inPixels.ts";
import { brushBytes, brushMask } from "../../src/formats/labelStudioRuns.ts";
import { drawn, Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

/** Of 2x1 pixels the first: by the definition's bits, as the SDK writes them. */
const FIRST_OF_TWO = [0, 0, 0, 8, 57, 27, 252, 127, 241, 128, 0];

describe("the brush's run lengths", () => {
  it("bit by bit", () => {
    expect([...brushMask(FIRST_OF_TWO, { width: 2, height: 1 }, "x")]).toEqual([1, 0]);
    expect(brushBytes(Uint8Array.of(1, 0))).toEqual(FIRST_OF_TWO);
  });

  it("values one by one", () => {
    // One pixel: 4 values of 8 bits, sizes as usual, then no run, the first size, a count of 4.
    const bits = ["00111", "0010", "0011", "0111", "1111", "0", "00", "011"].join("");
    const values = [10, 20, 30, 200].map((value) => value.toString(2).padStart(8, "0")).join("");
    const all = `${bits}${values}`.padEnd(64, "0");
    const bytes = Array.from({ length: 8 }, (_, i) => Number.parseInt(all.slice(i * 8, i * 8 + 8), 2));
    expect([...brushMask([0, 0, 0, 4, ...bytes], { width: 1, height: 1 }, "x")]).toEqual([1]);
  });

  it("of any mask come back", () => {
    const masks = fc.array(fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 6000 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(masks, (runs) => {
        const mask = Uint8Array.from(runs.flatMap(([value, length]) => Array.from({ length }, () => value)));
        expect(brushMask(brushBytes(mask), { width: mask.length, height: 1 }, "x")).toEqual(mask);
      }),
      { numRuns: 20, examples: [[[[1, 32_768]]]] },
    );
  });

  it.each([
    [FIRST_OF_TWO, { width: 3, height: 1 }, /8 values, expected 12 for 3x1/],
    [FIRST_OF_TWO.slice(0, 8), { width: 2, height: 1 }, /an end in the middle/],
    [[0, 0, 0, 8, 57, 27, 254, 255], { width: 2, height: 1 }, /a run to value|an end in the middle/],
    [[], { width: 2, height: 1 }, /an end in the middle/],
  ])("%j of %j is refused", (bytes, size, says) => {
    expect(() => brushMask(bytes, size, "a.json")).toThrow(says);
  });
});

const task = (data: object, ...result: object[]) => [
  { id: 1, data, annotations: [{ was_cancelled: true, result: [] }, { result }] },
];
const rectangle = (frame: number, x: number, enabled = true) => ({
  frame,
  enabled,
  rotation: 0,
  x,
  y: 50,
  width: 25,
  height: 10,
  time: frame / 25,
});
const track = (sequence: object[], more = {}) => ({
  id: "tJhYZLMC9G",
  type: "videorectangle",
  value: { framesCount: 8, duration: 0.32, labels: ["Airplane"], sequence, ...more },
});

describe("videos", () => {
  it("frames count from 1, places are percents, and nothing goes on after a key frame that is not enabled", async () => {
    await place.write(
      "v.json",
      task({ video: "/data/v.mp4" }, track([rectangle(1, 10), rectangle(3, 20, false), rectangle(6, 30)])),
    );
    const read = await place.read("v.json");
    expect([read.format, read.relative, read.objects]).toEqual(["label-studio", true, [{ name: "Airplane" }]]);
    const { frames } = inPixels(read, { width: 200, height: 100 });
    expect(
      frames.map(({ frame, boxes = [] }) => [frame, Math.round(boxes[0].x), boxes[0].width, boxes[0].key ?? true]),
    ).toEqual([
      [0, 20, 50, true],
      [1, 30, 50, false],
      [2, 40, 50, true],
      [5, 60, 50, true],
      [6, 60, 50, false],
      [7, 60, 50, false],
    ]);
  });

  it("tracks are different things; predictions count where nobody annotated", async () => {
    const predicted = [
      {
        id: 1,
        data: { video: "v.mp4" },
        annotations: [],
        predictions: [{ result: [track([rectangle(1, 1, false)]), track([rectangle(1, 2, false)])] }],
      },
    ];
    await place.write("p.json", predicted);
    expect((await place.read("p.json")).objects).toEqual([
      { name: "Airplane 1", class: "Airplane" },
      { name: "Airplane 2", class: "Airplane" },
    ]);
  });

  it("several videos: one is chosen", async () => {
    const two = ["a.mp4", "b.mp4"].flatMap((video) => task({ video }, track([rectangle(1, 1, false)])));
    await place.write("two.json", two);
    await expect(place.read("two.json")).rejects.toMatchObject({ code: "annotations/sequence" });
    expect((await place.read("two.json", "b.mp4")).frames).toHaveLength(1);
  });

  it("are written with gaps that are gaps", async () => {
    const frames = [0, 1, 3].map((frame) => ({
      frame,
      boxes: [{ name: frame === 1 ? "b" : "a", x: 0, y: 0, width: 4, height: 2 }],
    }));
    await place.convert(
      "label-studio",
      "w.json",
      { objects: [], size: { width: 8, height: 4 }, frames },
      { fps: 10, frameCount: 5, video: "c.mp4" },
    );
    const [{ data, annotations }] = JSON.parse(await place.text("w.json")) as [
      {
        data: object;
        annotations: {
          result: { value: { sequence: { frame: number; enabled: boolean; time: number; width: number }[] } }[];
        }[];
      },
    ];
    expect(data).toEqual({ video: "c.mp4" });
    expect(
      annotations[0].result.map(({ value }) =>
        value.sequence.map(({ frame, enabled, time, width }) => [frame, enabled, time, width]),
      ),
    ).toEqual([
      [
        [1, false, 0, 50],
        [4, false, 0.3, 50],
      ],
      [[2, false, 0.1, 50]],
    ]);
  });
});

describe("pictures", () => {
  const common = { original_width: 4, original_height: 2, image_rotation: 0 };

  it("brushes, polygons, points and rectangles, by the picture's name", async () => {
    const brush = {
      ...common,
      type: "brushlabels",
      value: { format: "rle", rle: brushBytes(Uint8Array.of(0, 1, 1, 0, 1, 0, 1, 0)), brushlabels: ["leaf"] },
    };
    const polygon = {
      ...common,
      type: "polygonlabels",
      value: {
        points: [
          [0, 0],
          [100, 0],
          [0, 100],
        ],
        polygonlabels: ["stem"],
      },
    };
    const point = { ...common, type: "keypointlabels", value: { x: 50, y: 50, width: 1, keypointlabels: ["nose"] } };
    const turned = {
      ...common,
      type: "rectanglelabels",
      score: 0.5,
      value: { x: 50, y: 0, width: 25, height: 100, rotation: 90, rectanglelabels: ["car"] },
    };
    const other = { ...common, type: "choices", value: { choices: ["day"] } };
    await place.write("i.json", task({ image: "/data/upload/1/img_03.png?x=1" }, brush, polygon, point, turned, other));
    const read = await place.read("i.json");
    const { frames } = inPixels(read, { width: 4, height: 2 });
    expect(frames).toMatchObject([{ frame: 3, image: "img_03", points: [{ name: "nose", x: 2, y: 1 }] }]);
    expect(drawn(frames[0], { width: 4, height: 2 })).toEqual([".##.", "#.#."]);
    expect(drawn(frames[0], { width: 4, height: 2 }, 2)).toEqual(["##..", "...."]);
    expect(frames[0].polygons?.[2].confidence).toBe(0.5);
    expect(read.said).toEqual(["i.json: left out results of kinds that are not read: choices"]);
  });

  it.each([
    [
      "percents that are words",
      { ...common, type: "rectanglelabels", value: { x: "a", y: 0, width: 1, height: 1 } },
      "json/invalid",
    ],
    ["a brush that is no bytes", { ...common, type: "brushlabels", value: { rle: [1, 300] } }, "json/invalid"],
    ["a brush of another size", { ...common, type: "brushlabels", value: { rle: FIRST_OF_TWO } }, "format/value"],
    ["a brush without a size", { type: "brushlabels", value: { rle: FIRST_OF_TWO } }, "format/limit"],
    ["a track from frame 0", track([rectangle(0, 1)]), "format/limit"],
    ["a track to no end", track([rectangle(1, 1)], { framesCount: 1e12 }), "format/limit"],
    ["nothing", undefined, "points/empty"],
  ])("%s is refused", async (_, result, code) => {
    await place.write("x.json", task({ image: "a.png" }, ...(result === undefined ? [] : [result])));
    await expect(place.read("x.json")).rejects.toMatchObject({ code });
  });
});
