import { describe, expect, it } from "vitest";
import { fitLabels } from "../../../src/tasks/track/fitLabels.ts";
import type { GivenLabels } from "../../../src/tasks/track/givenLabels.ts";
import { placeLabels } from "../../../src/tasks/track/placeLabels.ts";

const clip = { path: "clip", width: 48, height: 32, names: ["img_0010", "img_0011", "img_0012"] };
const box = { name: "car", x: 4, y: 4, width: 8, height: 8 };

function place(labels: readonly GivenLabels[], to = clip) {
  const warned: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string) => void warned.push(line) };
  return { placed: placeLabels(labels, to, logger), warned };
}

const pictured = (image: string, more: Partial<GivenLabels> = {}): GivenLabels => {
  return { frame: 0, image, boxes: [box], name: "a.json", ...more };
};

describe("labels that do not belong to the clip", () => {
  it.each<[string, GivenLabels[], string, string]>([
    [
      "of another size",
      [pictured("img_0010", { size: { width: 96, height: 64 } })],
      "labels/size",
      "got 96x64, expected 48x32",
    ],
    [
      "of one other picture",
      [pictured("cat")],
      "labels/picture",
      'got "cat", expected names such as img_0010, img_0011, img_0012; say which frame',
    ],
    ["of other pictures", [pictured("cat"), pictured("dog")], "labels/picture", "give the folder of the pictures"],
    [
      "of other frames than the one asked for",
      [pictured("img_0010", { only: 2 }), pictured("img_0011", { only: 2 })],
      "labels/start",
      "a.json has no label in frame 2: got labels in frame 0, 1",
    ],
    [
      "beyond the frame",
      [{ frame: 1, boxes: [{ ...box, x: 60 }], name: "a.csv" }],
      "boxes/outside",
      'the box "car" in frame 1 lies outside',
    ],
    [
      "beyond it, as points",
      [{ frame: 1, points: [{ name: "nose", x: 60, y: 1 }] }],
      "points/outside",
      'the point "nose" in frame 1',
    ],
  ])("%s", (_, labels, code, says) => {
    expect(() => place(labels)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }));
  });
});

describe("pictures", () => {
  it("by their names, and without what only the file knows", () => {
    const { placed, warned } = place([pictured("img_0012", { size: { width: 48, height: 32 } }), pictured("img_0010")]);
    expect(placed).toEqual([
      { frame: 2, boxes: [box], points: [], name: "a.json" },
      { frame: 0, boxes: [box], points: [], name: "a.json" },
    ]);
    expect(warned).toEqual([]);
  });

  it("by their numbers where those are unique, with a warning; others are left out, with one", () => {
    const { placed, warned } = place([pictured("frame_000011"), pictured("cat")]);
    expect(placed).toMatchObject([{ frame: 1 }]);
    expect(warned).toEqual([
      'a.json: left out pictures that clip does not have: "cat"',
      'a.json: took the picture "frame_000011" as frame 1, by its number; frames count from 0',
    ]);
    expect(() => place([pictured("x11")], { ...clip, names: ["a11", "b11"] })).toThrow(
      "names pictures that clip does not have",
    );
  });

  it("a single one is the frame that was asked for; of several only that one is taken", () => {
    expect(place([pictured("cat", { only: 2 })]).placed).toMatchObject([{ frame: 2 }]);
    const labels = [pictured("img_0010", { only: 1 }), pictured("img_0011", { only: 1 })];
    expect(place(labels).placed).toMatchObject([{ frame: 1 }]);
  });

  it("labels by frame stay where they are, also beside others", () => {
    const byFrame = { frame: 2, points: [{ name: "a", x: 1, y: 1 }], name: "b.csv" };
    expect(place([byFrame, pictured("img_0011")]).placed.map(({ frame }) => frame)).toEqual([2, 1]);
  });
});

describe("one bad shape does not refuse all", () => {
  it("boxes over the edge are clipped, those beyond it left out, by name", () => {
    const boxes = [
      { ...box, x: -2 },
      { ...box, name: "van", x: 48 },
    ];
    const { placed, warned } = place([
      { frame: 0, boxes, name: "a.csv" },
      { frame: 1, boxes: boxes.slice(1), name: "a.csv" },
    ]);
    expect(placed).toEqual([{ frame: 0, boxes: [{ ...box, x: 0, width: 6 }], points: [], name: "a.csv" }]);
    expect(warned).toEqual([
      'a.csv: clipped to the frame of 48x32: the box "car" in frame 0 (x -2, y 4, width 8, height 8)',
      'a.csv: left out, beyond the frame of 48x32: the box "van" in frame 0 (x 48, y 4, width 8, height 8), the box "van" in frame 1 ' +
        "(x 48, y 4, width 8, height 8)",
    ]);
  });

  it("masks and ends stay", () => {
    const mask = { width: 48, height: 32, data: new Uint8Array(48 * 32) };
    const labels = [
      { frame: 0, mask },
      { frame: 1, ends: [2] },
      { frame: 1, boxes: [{ ...box, x: 60 }] },
    ];
    expect(fitLabels(labels, clip, { info() {}, progress() {}, warn() {} })).toEqual(labels.slice(0, 2));
  });
});
