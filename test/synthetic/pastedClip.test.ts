import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { Patch } from "../../src/synthetic/patch.ts";
import { renderPastedClip } from "../../src/synthetic/pastedClip.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

const WIDTH = 96;
const HEIGHT = 64;

function flat(colour: readonly [number, number, number]): RgbPicture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3).map((_, i) => colour[i % 3]);
  return { width: WIDTH, height: HEIGHT, data };
}

function noisy(seed: number): RgbPicture {
  const random = new Random(seed);
  return { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3).map(() => random.integer(256)) };
}

const still = {
  radius: 0.2,
  start: { x: 0.5, y: 0.5 },
  velocity: { x: 0, y: 0 },
  swing: { x: 0, y: 0, period: 50 },
  spin: 0,
  growth: 1,
  cut: { x: 0.5, y: 0.5 },
};

describe("a patch", () => {
  it("covers what its outline says, with what it was cut out of", () => {
    const picture = flat([0, 0, 255]);
    const owner = new Uint8Array(WIDTH * HEIGHT);
    const patch = new Patch(still, new Random(1));
    patch.draw(picture, flat([200, 100, 0]), owner, { label: 7, time: 0 });
    const covered = owner.filter((label) => label === 7).length;
    expect(covered).toBeGreaterThan(0.3 * Math.PI * (0.2 * HEIGHT) ** 2);
    const centre = (HEIGHT / 2) * WIDTH + WIDTH / 2;
    expect(owner[centre]).toBe(7);
    expect(picture.data.slice(3 * centre, 3 * centre + 3)).toEqual(Uint8Array.of(200, 100, 0));
    expect(picture.data.slice(0, 3)).toEqual(Uint8Array.of(0, 0, 255));
  });

  it("moves, turns and grows as it says", () => {
    const size = { width: WIDTH, height: HEIGHT };
    const moving = { ...still, velocity: { x: 0.01, y: -0.02 }, spin: Math.PI / 20, growth: 2 ** 0.1 };
    const patch = new Patch(moving, new Random(1));
    const place = patch.place({ x: 0.1, y: 0 }, 10, size);
    // A quarter turn, twice the size, moved by ten steps.
    expect(place.x).toBeCloseTo(WIDTH / 2 + 0.1 * HEIGHT, 6);
    expect(place.y).toBeCloseTo(HEIGHT / 2 - 0.2 * HEIGHT + 0.2 * HEIGHT, 6);
  });
});

describe("a pasted clip", () => {
  const background = Array.from({ length: 12 }, (_, t) => noisy(t % 2));
  const donors = [[noisy(5), noisy(6)], [noisy(7)]];

  it("is the same for the same seed, and leaves the footage alone", () => {
    const before = background[0].data.slice();
    const [one, again, other] = [3, 3, 4].map((seed) => [...renderPastedClip({ background, donors, seed })]);
    expect(again).toEqual(one);
    expect(other[0].frame.data).not.toEqual(one[0].frame.data);
    expect(background[0].data).toEqual(before);
    expect(one).toHaveLength(12);
  });

  it("labels what it says, and points lie on their objects where they are visible", () => {
    for (let seed = 1; seed <= 6; seed++)
      for (const { frame, labels, points } of renderPastedClip({ background, donors, seed, objects: 2 })) {
        expect(labels.data.every((label) => label <= 2)).toBe(true);
        expect(labels).toMatchObject({ width: WIDTH, height: HEIGHT });
        for (const { x, y, visible } of points)
          if (visible) expect(labels.data[Math.floor(y) * frame.width + Math.floor(x)]).toBeGreaterThan(0);
      }
  });

  it("its points are visible at first; what a later frame shows of the footage is untouched", () => {
    const [first, second] = renderPastedClip({ background, donors, seed: 2 });
    expect(first.points.length).toBeGreaterThan(0);
    expect(first.points.every(({ visible }) => visible)).toBe(true);
    expect(second.points).toHaveLength(first.points.length);
    const same = second.frame.data.filter((value, i) => value === background[1].data[i]).length;
    expect(same / second.frame.data.length).toBeGreaterThan(0.3);
  });

  it("without footage it says so", () => {
    expect(() => [...renderPastedClip({ background: [], donors })]).toThrow("at least one frame");
    expect(() => [...renderPastedClip({ background, donors: [[]] })]).toThrow("at least one frame");
  });
});
