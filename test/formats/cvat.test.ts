import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawn, Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const META =
  "<meta><task><name>t</name><size>6</size><mode>interpolation</mode>" +
  "<original_size><width>8</width><height>6</height></original_size></task></meta>";
const video = (...tracks: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>${META}${tracks.join("\n")}</annotations>`;
const box = (frame: number, x: number, more = "") =>
  `<box frame="${frame}" outside="0" occluded="0" keyframe="1" xtl="${x}" ytl="1.00" xbr="${x + 2}" ybr="3.00" z_order="0"${more}></box>`;

const polygonElement = (frame: number) =>
  `<polygon frame="${frame}" keyframe="1" outside="0" occluded="0" points="1,1;5,1;1,5"/>`;
const pointElement = (label: string, state: string) =>
  `<points label="${label}" keyframe="1" ${state} points="2.00,3.00"/>`;
const taskElement = (id: number) => `<task><id>${id}</id><name>t${id}</name><size>1</size></task>`;

describe("CVAT for video", () => {
  it("boxes with what each frame says of them", async () => {
    const track =
      '<track id="3" label="car" source="manual">' +
      box(0, 1) +
      box(1, 2).replace('keyframe="1"', 'keyframe="0"').replace('occluded="0"', 'occluded="1"') +
      box(2, 3).replace('outside="0"', 'outside="1"') +
      "</track>";
    await place.write("a.xml", video(track));
    const { format, size, objects, frames } = await place.read("a.xml");
    expect({ format, size, objects }).toEqual({
      format: "cvat-video",
      size: { width: 8, height: 6 },
      objects: [{ name: "car" }],
    });
    const car = { name: "car", y: 1, width: 2, height: 2 };
    expect(frames).toEqual([
      { frame: 0, boxes: [{ ...car, x: 1 }] },
      { frame: 1, boxes: [{ ...car, x: 2, occluded: true, key: false }] },
      { frame: 2, boxes: [{ ...car, x: 3, visible: false }] },
    ]);
  });

  it("key frames alone: on straight lines between, and where it is until the clip ends", async () => {
    await place.write("b.xml", video(`<track id="0" label="car">${box(0, 1)}${box(4, 3)}</track>`));
    const { frames } = await place.read("b.xml");
    expect(frames.map(({ frame, boxes = [] }) => [frame, boxes[0].x, boxes[0].key ?? true])).toEqual([
      [0, 1, true],
      [1, 1.5, false],
      [2, 2, false],
      [3, 2.5, false],
      [4, 3, true],
      [5, 3, false],
    ]);
  });

  it("outlines are not filled in, which is said", async () => {
    await place.write("c.xml", video(`<track id="0" label="leaf">${polygonElement(0)}${polygonElement(3)}</track>`));
    const { frames, said } = await place.read("c.xml");
    expect(frames.map(({ frame }) => frame)).toEqual([0, 3]);
    expect(said).toEqual(['c.xml: not filled in between key frames: 4 outlines of "leaf"']);
  });

  it("skeletons: points that are outside are not labelled, occluded ones covered", async () => {
    const inner =
      pointElement("nose", 'outside="0" occluded="0"') +
      pointElement("ear", 'outside="0" occluded="1"') +
      pointElement("tail", 'outside="1" occluded="0"');
    const skeleton = `<skeleton frame="5" keyframe="1">${inner}</skeleton>`;
    await place.write("d.xml", video(`<track id="0" label="cat">${skeleton}</track>`));
    expect((await place.read("d.xml")).frames).toEqual([
      {
        frame: 5,
        points: [
          { name: "cat nose", x: 2, y: 3, visible: true, of: { object: "cat", part: "nose" } },
          { name: "cat ear", x: 2, y: 3, visible: false, of: { object: "cat", part: "ear" } },
        ],
      },
    ]);
  });

  it("a track that ends is written as outside in the next frame; one that comes back begins again", async () => {
    const frames = [0, 1, 2, 3].map((frame) => ({
      frame,
      boxes: [
        { name: "a", x: 0, y: 0, width: 1, height: 1 },
        ...(frame === 1 ? [] : [{ name: "b", x: frame, y: 0, width: 2, height: 2 }]),
      ],
    }));
    await place.convert("cvat-video", "e.xml", { objects: [], frames }, { frameCount: 6 });
    const states = [...(await place.text("e.xml")).matchAll(/<box frame="(\d)" keyframe="1" outside="(\d)"/gu)].map(
      ([, ...all]) => all.join(),
    );
    expect(states).toEqual(["0,0", "1,0", "2,0", "3,0", "4,1", "0,0", "1,1", "2,0", "3,0", "4,1"]);
  });

  it("of several tasks one is chosen", async () => {
    const tracks = [1, 2].map((id) => `<track id="0" label="car" task_id="${id}">${box(0, id)}</track>`);
    const meta = `<meta><project><name>p</name><tasks>${taskElement(1)}${taskElement(2)}</tasks></project></meta>`;
    await place.write("f.xml", `<annotations>${meta}${tracks.join("")}</annotations>`);
    await expect(place.read("f.xml")).rejects.toMatchObject({ code: "annotations/sequence" });
    expect((await place.read("f.xml", "t2")).frames).toMatchObject([{ frame: 0, boxes: [{ x: 2 }] }]);
  });
});

const image = (shapes: string) =>
  `<annotations><version>1.1</version><image id="7" name="clip/img 07.png" width="8" height="6">${shapes}</image></annotations>`;

describe("CVAT for images", () => {
  it("masks are runs along the rows of their rectangle, background first", async () => {
    const mask =
      '<mask label="leaf" occluded="1" rle="1, 3, 2" left="2" top="1" width="3" height="2" z_order="0"></mask>';
    await place.write("m.xml", image(mask));
    const { format, objects, frames } = await place.read("m.xml");
    expect({ format, objects }).toEqual({ format: "cvat-images", objects: [{ name: "leaf" }] });
    expect(frames).toMatchObject([{ frame: 7, image: "img 07", polygons: [{ name: "leaf", occluded: true }] }]);
    expect(drawn(frames[0], { width: 6, height: 4 })).toEqual(["......", "...##.", "..#...", "......"]);
  });

  it("boxes that are turned are outlines, single points are named by their label, other shapes are told", async () => {
    const shapes =
      '<box label="car" xtl="2" ytl="2" xbr="6" ybr="4" rotation="90"/><points label="nose" points="1.5,2.5"/>' +
      '<polyline label="road" points="1,1;2,2"/>';
    await place.write("n.xml", image(shapes));
    const { frames, said } = await place.read("n.xml");
    expect(drawn(frames[0], { width: 8, height: 6 })).toEqual([
      "........",
      "...##...",
      "...##...",
      "...##...",
      "...##...",
      "........",
    ]);
    expect(frames[0].points).toEqual([{ name: "nose", x: 1.5, y: 2.5, visible: true }]);
    expect(said).toEqual(["n.xml: left out 1 shapes of kinds that are not read: polyline"]);
  });
});

describe("CVAT files that are refused", () => {
  it.each([
    [
      "runs that do not fit",
      image('<mask label="a" rle="1, 9" left="0" top="0" width="3" height="2"/>'),
      "format/value",
    ],
    [
      "a mask of a size that cannot be",
      image('<mask label="a" rle="1" left="0" top="0" width="1e9" height="1e9"/>'),
      "format/limit",
    ],
    ["a negative frame", video(`<track id="0" label="a">${box(-1, 1)}</track>`), "format/limit"],
    ["a frame beyond any clip", video(`<track id="0" label="a">${box(0, 1)}${box(1e9, 1)}</track>`), "format/limit"],
    [
      "a clip beyond any",
      video(`<track id="0" label="a">${box(0, 1)}</track>`).replace("<size>6", "<size>999999999999"),
      "format/limit",
    ],
    [
      "no frame",
      video('<track id="0" label="a"><box keyframe="1" xtl="1" ytl="1" xbr="2" ybr="2"/></track>'),
      "format/limit",
    ],
    [
      "boxes without places alone",
      video('<track id="0" label="a"><box frame="0" keyframe="1" xtl="x" ytl="1" xbr="2" ybr="2"/></track>'),
      "points/empty",
    ],
    ["nothing that is read", video(), "points/empty"],
    ["cut off in the middle", video(`<track id="0" label="a">${box(0, 1)}`).slice(0, -20), "xml/invalid"],
  ])("%s", async (_, text, code) => {
    await place.write("x.xml", text);
    await expect(place.read("x.xml")).rejects.toMatchObject({ code });
  });
});
