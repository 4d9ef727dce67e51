import { describe, expect, it } from "vitest";
import { drawText, TEXT_HEIGHT, textWidth } from "../../../src/video/drawing/bitmapFont.ts";

function drawn(text: string, options: { scale?: number; width?: number; x?: number; y?: number } = {}): string[] {
  const { scale = 1, x = 0, y = 0 } = options;
  const { width = textWidth(text) * scale } = options;
  const height = TEXT_HEIGHT * scale;
  const picture = { width, height, data: new Uint8Array(3 * width * height) };
  drawText(picture, text, { x, y }, scale, [255, 255, 255]);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => (picture.data[3 * (row * width + column)] > 0 ? "#" : ".")).join(""),
  );
}

describe("bitmap font", () => {
  it("characters of 5 x 7 dots, one apart", () => {
    expect(drawn("7%")).toEqual([
      "#####.##...",
      "....#.##..#",
      "...#.....#.",
      "..#.....#..",
      ".#.....#...",
      ".#....#..##",
      ".#.......##",
      "...........",
    ]);
  });

  it("descenders in the lowest row, and a scale of whole pixels", () => {
    expect(drawn("g")[7]).toBe(".###.");
    expect(drawn(".", { scale: 2 }).slice(9)).toEqual([
      "..........",
      "..####....",
      "..####....",
      "..####....",
      "..####....",
      "..........",
      "..........",
    ]);
  });

  it("every printable ASCII character looks different from all others, and only the space is empty", () => {
    const all = Array.from({ length: 95 }, (_, i) => drawn(String.fromCharCode(32 + i)).join("\n"));
    expect(new Set(all).size).toBe(95);
    expect(all.filter((one) => !one.includes("#"))).toHaveLength(1);
  });

  it("marks of letters are left out, what it does not have is a hollow box", () => {
    expect(drawn("é")).toEqual(drawn("e"));
    expect(drawn("手")).toEqual(["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", "....."]);
  });

  it("is cut off at the picture's edge", () => {
    expect(drawn("HH", { width: 6, x: -3 })[3]).toBe("##.###");
    expect(() => drawn("HH", { x: 500, y: -500 })).not.toThrow();
  });
});
