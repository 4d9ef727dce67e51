import { describe, expect, it } from "vitest";
import {
  ABSENCES,
  type Absence,
  CLIP_FRAMES,
  renderAbsentClip,
  type ThingFrame,
} from "../../src/synthetic/absentClip.ts";
import { cutOut, paste } from "../../src/synthetic/cutOut.ts";
import type { LabelledFrame } from "../../src/synthetic/productionLine.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

const [WIDTH, HEIGHT] = [96, 64];

function plain(colour: readonly number[], width = WIDTH, height = HEIGHT): RgbPicture {
  const data = new Uint8Array(3 * width * height);
  for (let p = 0; p < width * height; p++) data.set(colour, 3 * p);
  return { width, height, data };
}

/** Red on the left, yellow on the right, in a black picture. */
function thing(): ThingFrame {
  const picture = plain([0, 0, 0], 40, 30);
  const mask = { width: 40, height: 30, data: new Uint8Array(40 * 30) };
  for (let y = 10; y < 20; y++)
    for (let x = 8; x < 28; x++) {
      picture.data.set(x < 18 ? [200, 20, 20] : [200, 180, 20], 3 * (y * 40 + x));
      mask.data[y * 40 + x] = 1;
    }
  return { picture, mask };
}

describe("cut-outs", () => {
  it("have the given size, side and colours", () => {
    const { picture, mask } = thing();
    const same = cutOut(picture, mask, 1, { size: 20 });
    expect([same.width, same.height]).toEqual([20, 10]);
    expect([...same.data.subarray(0, 3)]).toEqual([200, 20, 20]);
    const other = cutOut(picture, mask, 1, { size: 40, mirrored: true, tint: [0.5, 1, 2] });
    expect([other.width, other.height]).toEqual([40, 20]);
    expect([...other.data.subarray(0, 3)]).toEqual([100, 180, 40]);
    expect(other.mask.every((is) => is === 1)).toBe(true);
  });

  it("are pasted around a place, as far as they are in the picture", () => {
    const { picture, mask } = thing();
    const canvas = plain([9, 9, 9]);
    const owners = new Uint8Array(WIDTH * HEIGHT);
    paste(cutOut(picture, mask, 1, { size: 20 }), canvas, owners, { x: 0, y: 32 }, 5);
    expect(owners.reduce((sum, owner) => sum + Number(owner === 5), 0)).toBe(10 * 10);
    // The right half is what is seen at the left border.
    expect([...canvas.data.subarray(3 * 32 * WIDTH, 3 * 32 * WIDTH + 3)]).toEqual([200, 180, 20]);
  });

  it("of nothing are refused", () => {
    const { picture, mask } = thing();
    expect(() => cutOut(picture, mask, 3, { size: 20 })).toThrow("no pixel with label 3");
  });
});

function render(absence: Absence, seed = 1): LabelledFrame[] {
  const options = { thing: [thing()], background: [plain([30, 90, 30])], foreign: [plain([40, 40, 160])] };
  return [...renderAbsentClip({ absence, ...options, width: WIDTH, height: HEIGHT, seed })];
}

const areas = (clip: readonly LabelledFrame[], label = 1): number[] =>
  clip.map(({ labels }) => labels.data.reduce((sum, one) => sum + Number(one === label), 0));

/** Frames without the label. */
const away = (clip: readonly LabelledFrame[]): number[] => areas(clip).flatMap((area, t) => (area === 0 ? [t] : []));

describe("clips of absences", () => {
  it.each(ABSENCES)("%s: the thing is whole in the first frame, and a seed gives the same bytes", (absence) => {
    const clip = render(absence);
    expect(clip).toHaveLength(CLIP_FRAMES);
    expect(areas(clip)[0]).toBeGreaterThan(200);
    expect(render(absence)).toEqual(clip);
    expect(render(absence, 2)[0].frame.data).not.toEqual(clip[0].frame.data);
  });

  it("a cut shows nothing but the other shot for 16 frames", () => {
    const clip = render("cut");
    expect(away(clip)).toEqual(Array.from({ length: 16 }, (_, i) => 20 + i));
    const { data } = clip[25].frame;
    for (let p = 0; p < data.length; p += 3) expect(data[p + 2]).toBeGreaterThan(2 * data[p]);
    expect(areas(clip)[40]).toBe(areas(clip)[0]);
  });

  it("what leaves is away for a while and comes back whole", () => {
    const clip = render("leaving");
    expect(away(clip).length).toBeGreaterThan(8);
    expect(areas(clip)[59]).toBe(areas(clip)[0]);
  });

  it("what passes behind something is covered wholly, then seen again", () => {
    const clip = render("occlusion");
    expect(away(clip).length).toBeGreaterThan(3);
    expect(areas(clip)[59]).toBe(areas(clip)[0]);
    // The truth is what can be seen: red or yellow, which nothing else is.
    for (const { frame, labels } of clip)
      labels.data.forEach((label, p) => {
        const isThing = frame.data[3 * p] > 120 && frame.data[3 * p + 2] < 60;
        expect(isThing).toBe(label === 1);
      });
  });

  it("a look-alike comes when the thing is gone for good, and is background", () => {
    const clip = render("look-alike");
    const gone = areas(clip).slice(30);
    expect(gone.every((area) => area === 0)).toBe(true);
    // Its colours are the thing's, changed: yellow on the left.
    const { data } = clip[55].frame;
    let found = 0;
    for (let p = 0; p < data.length; p += 3) found += Number(data[p] > 110 && data[p + 2] < 60);
    expect(found).toBeGreaterThan(200);
  });

  it("two that cross are both labelled, the first one in front", () => {
    const clip = render("crossing");
    const whole = areas(clip)[0];
    expect(areas(clip).every((area) => area === whole)).toBe(true);
    const second = areas(clip, 2);
    expect(second[0]).toBe(whole);
    expect(Math.min(...second)).toBeLessThan(0.2 * whole);
    expect(second[59]).toBe(whole);
  });

  it("the exposure swings", () => {
    const levels = render("occlusion", 5).map(({ frame }) => frame.data[1]);
    expect(new Set(levels).size).toBeGreaterThan(3);
  });
});
