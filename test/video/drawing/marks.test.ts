import { expect, test } from "vitest";
import { cropped, drawArrows, drawFrame, drawRings } from "../../../src/video/drawing/marks.ts";

const size = 40;
const plain = { width: size, height: size, data: new Uint8Array(size * size * 3).fill(100) };
const RED = [255, 0, 0] as const;
const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) =>
  data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3).join();

test("a ring leaves what it marks, has a dark edge and touches nothing else", () => {
  const drawn = drawRings(plain, [{ x: 20.5, y: 20.5 }], RED);
  expect(at(drawn, 20, 20)).toBe("100,100,100");
  expect(at(drawn, 23, 20)).toBe("255,0,0");
  expect(at(drawn, 20, 17)).toBe("255,0,0");
  expect(at(drawn, 25, 20)).toBe("100,100,100");
  expect(plain.data.every((value) => value === 100)).toBe(true);
  expect(drawRings(plain, [{ x: -50, y: 5 }], RED).data).toEqual(plain.data);
});

test("a frame runs along the inside of its area and is cut off at the picture", () => {
  const drawn = drawFrame(plain, { left: 4, top: 6, right: 14, bottom: 12 }, RED);
  const rows = Array.from({ length: size }, (_, y) =>
    [...Array(size).keys()].filter((x) => at(drawn, x, y) === "255,0,0"),
  );
  expect(rows[5]).toEqual([]);
  expect(rows[6]).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(rows[8]).toEqual([4, 13]);
  expect(rows[11]).toHaveLength(10);
  expect(rows[12]).toEqual([]);
  expect(at(drawn, 5, 7)).toBe("0,0,0");
  const outside = drawFrame(plain, { left: -5, top: -5, right: 3, bottom: 3 }, RED);
  expect(at(outside, 2, 0)).toBe("255,0,0");
  expect(at(outside, 0, 0)).toBe("100,100,100");
});

test("an arrow points where it goes", () => {
  const drawn = drawArrows(plain, [{ x: 20, y: 20, dx: 20, dy: 0 }], RED);
  const column = (x: number) => [...Array(size).keys()].filter((y) => at(drawn, x, y) === "255,0,0");
  expect(column(10)).toEqual([20]);
  expect(column(30)).toEqual([20]);
  // The head opens to the left of the tip.
  expect(column(24)).toHaveLength(3);
});

test("a crop keeps the part inside the picture", () => {
  const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => Math.floor(i / 3));
  const part = cropped({ width: 4, height: 3, data }, { left: 2, top: 1, right: 9, bottom: 3 });
  expect([part.width, part.height]).toEqual([2, 2]);
  expect([...part.data].filter((_, i) => i % 3 === 0)).toEqual([6, 7, 10, 11]);
});
