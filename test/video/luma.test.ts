import { expect, it } from "vitest";
import { lumaAt, lumaOfColour } from "../../src/video/luma.ts";

it("weighs green most and blue least; white is as light as its parts", () => {
  expect([lumaOfColour(1, 0, 0), lumaOfColour(0, 1, 0), lumaOfColour(0, 0, 1)]).toEqual([0.299, 0.587, 0.114]);
  expect(lumaOfColour(255, 255, 255)).toBeCloseTo(255, 10);
});

it("of a pixel is that of its colour, wherever it stands", () => {
  const data = Uint8Array.of(9, 9, 9, 10, 20, 30);
  expect(lumaAt(data, 3)).toBe(lumaOfColour(10, 20, 30));
});
