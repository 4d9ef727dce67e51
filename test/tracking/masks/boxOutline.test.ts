import { describe, expect, it } from "vitest";
import { outlineIn, type PixelBox } from "../../../src/tracking/masks/boxOutline.ts";
import { scene, type Thing } from "./scene.ts";

const RED = [200, 40, 40];
const BOX: PixelBox = { left: 20, top: 16, right: 60, bottom: 48 };
const [WIDTH, HEIGHT] = [BOX.right - BOX.left, BOX.bottom - BOX.top];

/** Overlap of what was found in a box with a thing, over their union. */
function likeness(mask: Uint8Array, { left, top, right }: PixelBox, thing: Pick<Thing, "has">): number {
  const width = right - left;
  let [both, either] = [0, 0];
  mask.forEach((found, p) => {
    const has = thing.has(left + (p % width) + 0.5, top + Math.floor(p / width) + 0.5);
    both += Number(found === 1 && has);
    either += Number(found === 1 || has);
  });
  return both / either;
}

const ellipse: Thing = { colour: RED, has: (x, y) => ((x - 40) / 20) ** 2 + ((y - 32) / 16) ** 2 < 1 };

describe("the thing in a box", () => {
  it("an ellipse, to a few pixels of its edge", () => {
    const { mask, plain } = outlineIn(scene(80, 64, [ellipse]), BOX);
    expect(plain).toBeUndefined();
    expect(likeness(mask, BOX, ellipse)).toBeGreaterThan(0.93);
  });

  it("a ring keeps its hole, a cross its thin arms", () => {
    const ring: Thing = { colour: RED, has: (x, y) => Math.abs(Math.hypot((x - 40) * 0.8, y - 32) - 12) < 4 };
    const cross: Thing = { colour: RED, has: (x, y) => Math.abs(x - 40) < 4 || Math.abs(y - 32) < 4 };
    for (const thing of [ring, cross]) {
      const inBox: Thing = {
        ...thing,
        has: (x, y) => thing.has(x, y) && x > BOX.left && x < BOX.right && y > BOX.top && y < BOX.bottom,
      };
      expect(likeness(outlineIn(scene(80, 64, [inBox]), BOX).mask, BOX, inBox)).toBeGreaterThan(0.85);
    }
  });

  it("a line of the ground that runs through the box is left out", () => {
    const line: Thing = { colour: [240, 240, 230], has: (x) => x >= 22 && x < 26 };
    const { mask } = outlineIn(scene(80, 64, [line, ellipse]), BOX);
    expect(likeness(mask, BOX, ellipse)).toBeGreaterThan(0.9);
  });

  it("what lies in another box is no ground: things of one colour side by side", () => {
    const twin: Thing = { colour: RED, has: (x, y) => Math.hypot(x - 68, y - 32) < 8 };
    const other = { left: 60, top: 24, right: 76, bottom: 40 };
    const { mask } = outlineIn(scene(80, 64, [ellipse, twin]), BOX, [other]);
    expect(likeness(mask, BOX, ellipse)).toBeGreaterThan(0.9);
  });

  it("of two things in it the one that is likely the thing by other means", () => {
    const left: Thing = { colour: RED, has: (x, y) => Math.hypot(x - 30, y - 32) < 9 };
    const right: Thing = { colour: [40, 60, 200], has: (x, y) => Math.hypot(x - 50, y - 32) < 9 };
    const likely = (thing: Thing): Uint8Array =>
      Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) =>
        thing.has(BOX.left + (p % WIDTH) + 0.5, BOX.top + Math.floor(p / WIDTH) + 0.5) ? 255 : 30,
      );
    for (const thing of [left, right]) {
      const { mask } = outlineIn(scene(80, 64, [left, right]), BOX, [], likely(thing));
      expect(likeness(mask, BOX, thing)).toBeGreaterThan(0.7);
    }
    // Without an outline these pixels are what is left.
    const { mask, plain } = outlineIn(scene(80, 64, [], 12), BOX, [], likely(left));
    expect(plain).toBeDefined();
    expect(likeness(mask, BOX, left)).toBe(1);
  });

  it("in a large picture as in a small one, within a second", () => {
    const box = { left: 160, top: 100, right: 700, bottom: 400 };
    const large: Thing = { colour: RED, has: (x, y) => ((x - 430) / 270) ** 2 + ((y - 250) / 150) ** 2 < 1 };
    const picture = scene(854, 480, [large]);
    const cpu = process.cpuUsage();
    const { mask } = outlineIn(picture, box);
    const { user } = process.cpuUsage(cpu);
    expect(mask.length).toBe(540 * 300);
    expect(likeness(mask, box, large)).toBeGreaterThan(0.97);
    expect(user / 1e6).toBeLessThan(3);
  });
});

const full = (mask: Uint8Array): boolean => mask.every((one) => one === 1);

describe("boxes without an outline keep a plain shape", () => {
  it("less than 8 px wide or high: the rectangle", () => {
    const thin = { ...BOX, bottom: BOX.top + 7 };
    const { mask, plain } = outlineIn(scene(80, 64, [ellipse]), thin);
    expect([full(mask), mask.length, plain]).toEqual([true, WIDTH * 7, "it is too small"]);
  });

  it("the whole picture: the rectangle", () => {
    const all = { left: 0, top: 0, right: 80, bottom: 64 };
    const { mask, plain } = outlineIn(scene(80, 64, [ellipse]), all);
    expect([full(mask), plain]).toEqual([true, "nothing lies around it"]);
  });

  it("a thing that fills its box: the rectangle", () => {
    const slab: Thing = { colour: RED, has: (x, y) => x > 19 && x < 61 && y > 15 && y < 49 };
    const { mask, plain } = outlineIn(scene(80, 64, [slab], 2), BOX);
    expect([full(mask), plain]).toEqual([true, "nothing in it looks like its surroundings"]);
  });

  it("nothing in it, or a speck: an ellipse", () => {
    const speck: Thing = { colour: RED, has: (x, y) => Math.hypot(x - 30, y - 30) < 2.5 };
    for (const things of [[], [speck]]) {
      const { mask, plain } = outlineIn(scene(80, 64, things, 2), BOX);
      expect(plain).toBe("nothing of its size in it differs from its surroundings");
      expect(mask.reduce((sum, one) => sum + one, 0) / mask.length).toBeCloseTo(Math.PI / 4, 1);
      expect([mask[0], mask[(HEIGHT / 2) * WIDTH + WIDTH / 2]]).toEqual([0, 1]);
    }
  });

  it("at the edge of the picture, and of one colour: never empty, never an error", () => {
    const flat = scene(40, 40, [], 0);
    for (const box of [
      { left: 0, top: 0, right: 12, bottom: 40 },
      { left: 30, top: 25, right: 40, bottom: 40 },
    ])
      expect(outlineIn(flat, box).mask).toContain(1);
  });
});
