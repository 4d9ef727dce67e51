/** @file Any annotations, written in each format and read again: what it can hold comes back, and what it cannot is said. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Annotations, AnnotationStream } from "../../src/annotations/annotations.ts";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { inPixels } from "../../src/annotations/inPixels.ts";
import { outlineOf } from "../../src/annotations/outline.ts";
import { filled, regionOf } from "../../src/annotations/region.ts";
import { isVisible } from "../../src/annotations/verdict.ts";
import { HOLDS_NOTHING, Losses } from "../../src/formats/losses.ts";
import { formatNamed, formatOf, formats } from "../../src/formats/registry.ts";
import { READABLE_FORMATS, WRITABLE_FORMATS } from "../../src/tasks/choices.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trips-"));
});
afterAll(() => rm(folder, { recursive: true }));

const SIZE = { width: 24, height: 16 };

/** Things with their classes: two of one, and one alone. */
const OBJECTS = [{ name: "car 1", class: "car" }, { name: "car 2", class: "car" }, { name: "person" }];

const side = (most: number) => fc.integer({ min: 0, max: most * 8 }).map((eighths) => eighths / 8);
const boxes = fc.tuple(side(SIZE.width - 4), side(SIZE.height - 4)).chain(([x, y]) =>
  fc.record({
    x: fc.constant(x),
    y: fc.constant(y),
    width: side(SIZE.width - x - 2).map((width) => width + 2),
    height: side(SIZE.height - y - 2).map((height) => height + 2),
  }),
);
/** Outlines of any pixels. */
const rings = fc
  .uint8Array({ minLength: SIZE.width * SIZE.height, maxLength: SIZE.width * SIZE.height, max: 1 })
  .filter((data) => data.includes(1))
  .map((data) => outlineOf(regionOf({ ...SIZE, data }, 1)!));

/** A frame in which each thing may have a shape of its own. */
function framesOf<Shape>(
  shape: fc.Arbitrary<Shape>,
  frameOf: (shapes: (Shape & { name: string })[]) => Partial<FrameAnnotation>,
) {
  const one = fc.tuple(...OBJECTS.map(() => fc.option(shape, { nil: undefined })));
  const frames = fc.array(one, { minLength: 1, maxLength: 4 });
  return frames
    .filter((all) => all.some((shapes) => shapes.some((given) => given !== undefined)))
    .map((all) =>
      all.map((shapes, frame): FrameAnnotation => {
        const named = shapes.flatMap((given, i) => (given === undefined ? [] : [{ ...given, name: OBJECTS[i].name }]));
        return { frame, ...frameOf(named) };
      }),
    );
}

const boxFrames = framesOf(boxes, (shapes) => ({ boxes: shapes }));
const outlineFrames = framesOf(fc.record({ rings }), (shapes) => ({ polygons: shapes }));
const place = fc.record({ x: side(SIZE.width), y: side(SIZE.height), visible: fc.boolean() });
const pointFrames = framesOf(fc.record({ nose: place, tail: place }), (things) => ({
  points: things.flatMap(({ name, nose, tail }) =>
    Object.entries({ nose, tail }).map(([part, at]) => ({
      ...at,
      name: `${name} ${part}`,
      of: { object: name, part },
    })),
  ),
}));

let written = 0;

/** Writes and reads; the format must be told by its contents. */
async function trip(
  name: string,
  frames: readonly FrameAnnotation[],
): Promise<Annotations & { lost: readonly string[] }> {
  const format = formatNamed(name);
  const extension = format.folder || format.layout === "folder" ? "" : format.layout[0];
  const path = join(folder, `${name}-${written++}${extension}`);
  const given = { objects: OBJECTS, size: SIZE, frames };
  const losses = new Losses(name, format.holds ?? HOLDS_NOTHING);
  await format.write!(
    path,
    { ...given, frames: losses.watch(given) },
    { losses, frameCount: frames.length, video: "clip.mp4" },
  );
  expect((await formatOf(path, formats))?.name).toBe(READ_AS[name] ?? name);
  const read = await collected(await format.read!(path, { logger }));
  return { ...inPixels(read, SIZE), lost: losses.lines };
}

const logger = { info() {}, warn() {}, progress() {} };

/** Formats that are read by another one of the same form. */
const READ_AS: Record<string, string> = {
  "yolo-seg": "yolo",
  "yolo-pose": "yolo",
  "label-studio-images": "label-studio",
  "mot-results": "mot",
};

async function collected(stream: AnnotationStream): Promise<Annotations> {
  const frames: FrameAnnotation[] = [];
  for await (const frame of stream.frames) frames.push(frame);
  return { ...stream, frames };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Classes and visible boxes of each frame that has some, without order. */
function boxesIn({ frames, objects }: Annotations): unknown {
  const kindOf = (name: string) => objects.find((one) => one.name === name)?.class ?? name;
  const seen = frames.map(({ frame, boxes = [] }) => {
    const all = boxes
      .filter(isVisible)
      .map(({ name, x, y, width, height }) => [kindOf(name), ...[x, y, width, height].map(round)].join());
    return [frame, all.toSorted()] as const;
  });
  return seen.filter(([, all]) => all.length > 0);
}

/** Which of the boxes belong together. */
function tracksIn({ frames }: Annotations): unknown {
  const tracks = new Map<string, string[]>();
  for (const { frame, boxes = [] } of frames)
    for (const { name, x, y } of boxes.filter(isVisible))
      tracks.set(name, [...(tracks.get(name) ?? []), `${frame}:${round(x)},${round(y)}`]);
  return [...tracks.values()].map((all) => all.join(" ")).toSorted();
}

/** Pixels of each thing in each frame, without names. */
function pixelsIn({ frames }: Annotations): unknown {
  return frames
    .map(({ frame, mask, polygons = [] }) => {
      const masks =
        mask === undefined ? [] : [...new Set(mask.data)].filter((id) => id > 0).map((id) => regionOf(mask, id));
      const drawn = polygons.filter(isVisible).map((one) => filled(one.rings, SIZE));
      return [
        frame,
        [...masks, ...drawn].map((one) => JSON.stringify(one && { ...one, data: [...one.data] })).toSorted(),
      ] as const;
    })
    .filter(([, all]) => all.length > 0);
}

const given = (frames: readonly FrameAnnotation[]): Annotations => ({ objects: OBJECTS, size: SIZE, frames });
const RUNS = { numRuns: 25 };

describe("boxes come back", () => {
  const tracked = [
    "coco",
    "youtube-vis",
    "cvat-video",
    "label-studio",
    "mot",
    "labelme",
    "viame",
    "dive-json",
    "parquet",
  ];
  it.each([...tracked, "cvat-images", "yolo", "label-studio-images", "voc"])("from %s", async (name) => {
    await fc.assert(
      fc.asyncProperty(boxFrames, async (frames) => {
        const { lost, ...read } = await trip(name, frames);
        expect(boxesIn(read)).toEqual(boxesIn(given(frames)));
        const isTracked = tracked.includes(name);
        if (isTracked) expect(tracksIn(read)).toEqual(tracksIn(given(frames)));
        const again = new Set(
          frames.flatMap(({ boxes = [] }, i) =>
            boxes
              .filter((box) => frames.slice(0, i).some((one) => one.boxes?.some((before) => before.name === box.name)))
              .map((box) => box.name),
          ),
        );
        const words = again.size === 1 ? "1 object" : `${again.size} objects`;
        expect(lost).toEqual(
          isTracked || again.size === 0 ? [] : [`${name} holds no tracks: dropped the ids of ${words}`],
        );
      }),
      RUNS,
    );
  });

  it("from results of MOTChallenge, without classes", async () => {
    await fc.assert(
      fc.asyncProperty(boxFrames, async (frames) => {
        const { lost, ...read } = await trip("mot-results", frames);
        expect(tracksIn(read)).toEqual(tracksIn(given(frames)));
        expect(lost).toEqual([
          "mot-results holds no classes: dropped those of 2 objects",
          "mot-results holds no names: dropped those of 1 object",
        ]);
      }),
      RUNS,
    );
  });
});

describe("outlines come back, pixel by pixel", () => {
  const overlapping = [
    "coco",
    "youtube-vis",
    "cvat-video",
    "cvat-images",
    "yolo-seg",
    "label-studio-images",
    "mots-txt",
    "viame",
    "dive-json",
  ];
  it.each(overlapping)("from %s", async (name) => {
    await fc.assert(
      fc.asyncProperty(outlineFrames, async (frames) => {
        expect(pixelsIn(await trip(name, frames))).toEqual(pixelsIn(given(frames)));
      }),
      RUNS,
    );
  });

  /** One object a pixel: of things that overlap the last one is on top. */
  const single = outlineFrames.map((frames) =>
    frames.map(({ polygons = [], ...rest }) => ({ ...rest, polygons: polygons.slice(0, 1) })),
  );
  it.each(["mask-folder", "youtube-vos", "mots-png", "labelme"])("from %s, where they do not overlap", async (name) => {
    await fc.assert(
      fc.asyncProperty(single, async (frames) => {
        expect(pixelsIn(await trip(name, frames))).toEqual(pixelsIn(given(frames)));
      }),
      RUNS,
    );
  });

  it("covered pixels are counted where a pixel has one object", async () => {
    const square = [0, 4].flatMap((x) => [0, 4].map((y) => ({ x, y: x === 0 ? y : 4 - y })));
    const polygons = OBJECTS.map(({ name }) => ({ name, rings: [square] }));
    expect((await trip("mask-folder", [{ frame: 0, polygons }])).lost).toEqual([
      "mask-folder holds no classes: dropped those of 2 objects",
      "mask-folder holds no names: dropped those of 1 object",
      "mask-folder holds one object a pixel: gave 32 pixels of covered objects to the one on top",
    ]);
  });

  it("formats without masks get their boxes, and say so", async () => {
    const polygons = [{ name: "person", rings: [[0, 1, 2].map((i) => ({ x: 2 + i * 3, y: 3 + (i % 2) * 5 }))] }];
    for (const name of ["mot", "yolo", "voc", "label-studio", "points-csv", "parquet"]) {
      const { lost, ...read } = await trip(name, [{ frame: 0, polygons }]);
      expect(read.frames[0].boxes).toMatchObject([
        { x: expect.closeTo(2), y: expect.closeTo(3), width: expect.closeTo(6), height: expect.closeTo(5) },
      ]);
      expect(lost).toContain(`${name} holds no masks: wrote boxes instead of 1 mask`);
    }
  });
});

/** Points with their objects and parts. */
function pointsIn({ frames }: Annotations, keep: (visible: boolean) => boolean = () => true): unknown {
  return frames
    .map(({ frame, points = [] }) => {
      const all = points
        .filter((one) => keep(isVisible(one)))
        .map(({ x, y, visible = true, of }) => [of?.part, round(x), round(y), visible].join());
      return [frame, all.toSorted()] as const;
    })
    .filter(([, all]) => all.length > 0);
}

describe("key points come back", () => {
  it.each(["coco", "cvat-video", "cvat-images", "deeplabcut"])("from %s, visible or not", async (name) => {
    await fc.assert(
      fc.asyncProperty(pointFrames, async (frames) => {
        expect(pointsIn(await trip(name, frames))).toEqual(pointsIn(given(frames)));
      }),
      RUNS,
    );
  });

  it.each(["sleap-csv", "viame", "dive-json"])("from %s, those that are visible", async (name) => {
    const seen = pointFrames.filter((frames) => frames.some(({ points = [] }) => points.some(isVisible)));
    await fc.assert(
      fc.asyncProperty(seen, async (frames) => {
        const { lost, ...read } = await trip(name, frames);
        expect(pointsIn(read)).toEqual(pointsIn(given(frames), (visible) => visible));
        const hidden = frames.flatMap(({ points = [] }) => points).filter((one) => !isVisible(one)).length;
        const words = `${name} holds no word for what is not visible: left out ${hidden} ${hidden === 1 ? "shape" : "shapes"}`;
        expect(lost.includes(words)).toBe(hidden > 0);
      }),
      RUNS,
    );
  });

  it("from yolo-pose, by number instead of name", async () => {
    const points = [
      { name: "person nose", x: 3, y: 4, visible: true, of: { object: "person", part: "nose" } },
      { name: "person tail", x: 9, y: 8, visible: false, of: { object: "person", part: "tail" } },
    ];
    const boxes = [{ name: "person", x: 1, y: 2, width: 9, height: 8 }];
    const read = await trip("yolo-pose", [{ frame: 0, points, boxes }]);
    expect(pointsIn(read)).toEqual([[0, ["1,3,4,true", "2,9,8,false"]]]);
    expect(boxesIn(read)).toEqual([[0, ["person,1,2,9,8"]]]);
  });
});

it("every format that is written says what it holds, and is a choice", () => {
  const writable = formats.filter(({ write }) => write !== undefined);
  expect(writable.every(({ holds }) => holds !== undefined)).toBe(true);
  expect(writable.map(({ name }) => name).toSorted()).toEqual(WRITABLE_FORMATS.toSorted());
  const readable = formats.map(({ name }) => name).filter((name) => name !== "other-tools");
  expect([...readable, "tracked"].toSorted()).toEqual(READABLE_FORMATS.toSorted());
});
