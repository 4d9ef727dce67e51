import { describe, expect, it } from "vitest";
import { mmPerPixel } from "../../src/cli/scaleOption.ts";

describe("--scale", () => {
  it("millimetres per pixel, or two equal lengths", () => {
    expect(mmPerPixel("0.8")).toBe(0.8);
    expect(mmPerPixel("320px=500mm")).toBe(1.5625);
    expect(mmPerPixel(" 200 px = 0.5 M ")).toBe(2.5);
    expect(mmPerPixel("100px=20cm")).toBe(2);
    expect(mmPerPixel("254px=1in")).toBeCloseTo(0.1, 12);
  });

  it.each(["", "0", "-2", "big", "320px", "320=500", "0px=5mm", "5px=0mm", "5px=3km", "1.2.3px=4mm", "Infinity"])(
    "%j is refused with what is expected",
    (text) => {
      expect(() => mmPerPixel(text)).toThrow(/millimetres per pixel such as 0.8.*320px=500mm/);
    },
  );
});
