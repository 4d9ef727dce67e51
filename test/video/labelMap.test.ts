import { expect, it } from "vitest";
import { onlyObjects } from "../../src/video/labelMap.ts";

it("of a mask some objects are kept; the others, void too, become background", () => {
  const mask = { width: 3, height: 2, data: Uint8Array.of(0, 1, 2, 254, 255, 1) };
  expect(onlyObjects(mask, [1, 254, 7])).toEqual({ width: 3, height: 2, data: Uint8Array.of(0, 1, 0, 254, 0, 1) });
  expect(onlyObjects(mask, []).data).toEqual(new Uint8Array(6));
  expect(mask.data[2]).toBe(2);
});
