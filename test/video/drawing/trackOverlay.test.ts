import { describe, expect, it } from "vitest";
import { LabelPlaces } from "../../../src/video/drawing/labelPlaces.ts";
import { type DrawnTrack, drawPoints, drawTracks, inkOf } from "../../../src/video/drawing/trackOverlay.ts";

const SIZE = 40;
const grey = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3).fill(100) };
const pixel = (data: Uint8Array, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * SIZE + x), 3 * (y * SIZE + x) + 3),
];
const seen = (x: number, y: number) => ({ x, y, visible: true });

describe("points over a frame", () => {
  it("a dot of the point's colour with a black edge; the frame is left alone", () => {
    const out = drawPoints(grey, [[seen(10.5, 20.5)], [seen(30.5, 20.5)]]);
    expect(pixel(out, 10, 20)).not.toEqual([100, 100, 100]);
    expect(pixel(out, 10, 20)).not.toEqual(pixel(out, 30, 20));
    expect(pixel(out, 13, 20)).toEqual([0, 0, 0]);
    expect(pixel(out, 15, 20)).toEqual([100, 100, 100]);
    expect(grey.data.every((value) => value === 100)).toBe(true);
  });

  it("hollow where the point is not visible", () => {
    const out = drawPoints(grey, [[{ x: 10.5, y: 20.5, visible: false }]]);
    expect(pixel(out, 10, 20)).toEqual([100, 100, 100]);
    expect(pixel(out, 12, 20)).not.toEqual([100, 100, 100]);
  });

  it("a trail that leaves out where it was hidden", () => {
    const hidden = { x: 10.5, y: 30.5, visible: false };
    const out = drawPoints(grey, [
      [seen(2.5, 5.5), seen(20.5, 5.5), seen(38.5, 5.5)],
      [seen(10.5, 20.5), hidden, seen(35.5, 30.5)],
    ]);
    expect(pixel(out, 28, 5)).not.toEqual([100, 100, 100]);
    expect(pixel(out, 22, 30)).toEqual([100, 100, 100]);
    expect(pixel(out, 10, 25)).toEqual([100, 100, 100]);
  });

  it("cuts off what lies beyond the frame", () => {
    expect(() => drawPoints(grey, [[seen(0, 0)], [seen(SIZE, SIZE)], [seen(-5, 70)]])).not.toThrow();
    expect(drawPoints(grey, [])).toEqual(grey.data);
  });
});

const draw = (track: Partial<DrawnTrack>): Uint8Array => {
  const canvas = { ...grey, data: grey.data.slice() };
  const whole = { key: "1", label: 1, trail: [seen(20, 25)], box: null, text: "", ...track };
  drawTracks(canvas, [whole], new LabelPlaces());
  return canvas.data;
};

describe("tracks over a frame", () => {
  it("a doubtful point is a small dot in a broken ring; hidden ones stay plain rings", () => {
    const out = draw({ doubtful: true, trail: [seen(20.5, 25.5)] });
    expect(pixel(out, 20, 25)).toEqual(inkOf(1));
    const ring = Array.from({ length: 24 }, (_, i) => {
      const angle = ((i + 0.5) * Math.PI) / 12;
      return pixel(out, Math.floor(20.5 + 4 * Math.cos(angle)), Math.floor(25.5 + 4 * Math.sin(angle)))[0] !== 100;
    });
    expect(ring.filter(Boolean).length).toBeGreaterThan(8);
    expect(ring.filter((drawn) => !drawn).length).toBeGreaterThan(4);
    const hidden = [{ x: 20.5, y: 25.5, visible: false }];
    expect(draw({ doubtful: true, trail: hidden })).toEqual(draw({ trail: hidden }));
  });

  it("a mask that is visible gets no mark; one that is not gets its box in dashes", () => {
    const box = [10, 15, 20, 20] as const;
    expect(draw({ box })).toEqual(grey.data);
    const hidden = draw({ box, trail: [{ x: 20, y: 25, visible: false }] });
    expect(pixel(hidden, 10, 15)).toEqual(inkOf(1));
    expect(pixel(hidden, 14, 15)).toEqual([0, 0, 0]);
    expect(pixel(hidden, 29, 34)).not.toEqual([100, 100, 100]);
    expect(pixel(hidden, 20, 25)).toEqual([100, 100, 100]);
    expect(pixel(hidden, 30, 25)).toEqual([100, 100, 100]);
  });

  it("a name on a dark plate with a bar of the object's colour", () => {
    const named = draw({ box: [10, 15, 20, 20], text: "1" });
    // A plate of 10 x 10 above the middle of the box.
    expect(pixel(named, 15, 4)).toEqual(inkOf(1));
    expect(pixel(named, 24, 4)).toEqual([40, 40, 40]);
    expect(pixel(named, 21, 6)).toEqual([255, 255, 255]);
    expect(pixel(named, 25, 4)).toEqual([100, 100, 100]);
  });

  it("nothing for a track without a place", () => {
    expect(draw({ trail: [], text: "gone" })).toEqual(grey.data);
  });
});
