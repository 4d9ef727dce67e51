/** @file DIVE's JSON, as its definition and its own test files have it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flatBoxes, flatPoints } from "./flat.ts";
import { drawn, Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const track = (id: number, features: object[], more: object = {}) => ({
  id,
  begin: 0,
  end: 3,
  attributes: {},
  confidencePairs: [
    ["rock", 0.25],
    ["fish", 0.75],
  ],
  features,
  ...more,
});
const file = (...tracks: ReturnType<typeof track>[]) => ({
  version: 2,
  tracks: Object.fromEntries(tracks.map((one) => [one.id, one])),
  groups: {},
});

const shape = (type: string, coordinates: unknown, key = "") => ({
  type: "Feature",
  geometry: { type, coordinates },
  properties: { key },
});
const square = (x: number, side: number) => [
  [x, x],
  [x + side, x],
  [x + side, x + side],
  [x, x + side],
  [x, x],
];

describe("DIVE's JSON", () => {
  it("boxes go on a straight line from a feature with interpolate on, and on no other", async () => {
    const features = [
      { frame: 0, bounds: [0, 0, 10, 20], interpolate: true },
      { frame: 2, bounds: [4, 2, 10, 20] },
      { frame: 5, bounds: [5, 5, 6, 6], keyframe: true, interpolate: true },
    ];
    await place.write("a.json", file(track(3, features)));
    const read = await place.read("a.json");
    expect([read.format, read.objects, read.said]).toEqual(["dive-json", [{ name: "fish" }], []]);
    const common = { name: "fish", confidence: 0.75 };
    expect(flatBoxes(read)).toEqual([
      { frame: 0, ...common, x: 0, y: 0, width: 10, height: 20 },
      { frame: 1, ...common, x: 2, y: 1, width: 8, height: 19, key: false },
      { frame: 2, ...common, x: 4, y: 2, width: 6, height: 18 },
      { frame: 5, ...common, x: 5, y: 5, width: 1, height: 1 },
    ]);
  });

  it("polygons with holes, and points by their keys; what is not read is told", async () => {
    const geometry = {
      type: "FeatureCollection",
      features: [
        shape("Polygon", [square(0, 3), square(1, 1)]),
        shape("Point", [1.5, 2], "head"),
        shape("LineString", [[0, 0]], "HeadTails"),
      ],
    };
    await place.write(
      "b.json",
      file(track(1, [{ frame: 4, bounds: [0, 0, 3, 3], geometry, attributes: { rotation: 1 } }])),
    );
    const read = await place.read("b.json");
    expect(drawn(read.frames[0], { width: 4, height: 3 })).toEqual(["###.", "#.#.", "###."]);
    expect(flatPoints(read)).toEqual([
      { frame: 4, name: "fish head", x: 1.5, y: 2, visible: true, of: { object: "fish", part: "head" } },
    ]);
    expect(read.said).toEqual(["b.json: left out the rotation of 1 boxes"]);
  });

  it("version 1 has tracks alone", async () => {
    const { id, ...rest } = track(7, [{ frame: 1, bounds: [1, 2, 3, 4] }]);
    await place.write("v1.json", { [id]: { ...rest, trackId: id } });
    const read = await place.read("v1.json");
    expect(read.format).toBe("dive-json");
    expect(flatBoxes(read)).toEqual([{ frame: 1, name: "fish", x: 1, y: 2, width: 2, height: 2, confidence: 0.75 }]);
  });

  it.each([
    ["no detection", file(track(1, [])), "points/empty"],
    ["a frame between two", file(track(1, [{ frame: 0.5, bounds: [0, 0, 1, 1] }])), "format/limit"],
    ["a box of two values", file(track(1, [{ frame: 0, bounds: [0, 1] }])), "json/invalid"],
    [
      "a frame twice",
      file(
        track(
          1,
          [0, 0].map((frame) => ({ frame, bounds: [0, 0, 1, 1] })),
        ),
      ),
      "points/twice",
    ],
    [
      "few features that stand for millions",
      file(
        track(
          1,
          [0, 5_000_000].map((frame) => ({ frame, bounds: [0, 0, 1, 1], interpolate: true })),
        ),
      ),
      "format/limit",
    ],
  ])("with %s is refused", async (_, value, code) => {
    await place.write("wrong.json", value);
    await expect(place.read("wrong.json")).rejects.toMatchObject({ code });
  });

  it("is written as DIVE's server checks it: begin and end are those of the features", async () => {
    const objects = [{ name: "fish 1", class: "fish" }];
    const box = { name: "fish 1", x: 1, y: 2, width: 3, height: 4.0004 };
    const frames = [
      { frame: 2, boxes: [box] },
      { frame: 6, points: [{ name: "fish 1 head", x: 5, y: 6, of: { object: "fish 1", part: "head" } }] },
    ];
    const lost = await place.convert("dive-json", "out.json", { objects, frames }, { fps: 25 });
    expect(lost).toEqual(["dive-json holds a box for each thing: wrote 1 around points"]);
    expect(JSON.parse(await place.text("out.json"))).toMatchObject({
      version: 2,
      fps: 25,
      groups: {},
      tracks: {
        1: {
          id: 1,
          begin: 2,
          end: 6,
          confidencePairs: [["fish", 1]],
          features: [
            { frame: 2, bounds: [1, 2, 4, 6], keyframe: true },
            { frame: 6, bounds: [4.5, 5.5, 5.5, 6.5], geometry: { features: [{ properties: { key: "head" } }] } },
          ],
        },
      },
    });
  });
});
