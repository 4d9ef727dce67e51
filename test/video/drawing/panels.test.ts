import { expect, test } from "vitest";
import { Panels, panelSize } from "../../../src/video/drawing/panels.ts";

const plain = (value: number) => ({ width: 2, height: 1, data: new Uint8Array(6).fill(value) });

test("pictures lie under their captions, resized; a missing one is left white", async () => {
  const panels = await Panels.open({ width: 60, height: 30, columns: 2, captions: ["one", "a < b & c", "three"] });
  expect([panels.width, panels.height]).toEqual([60 + 4 + 60, 2 * (20 + 30) + 4]);
  const { data, width } = panels.compose([plain(10), plain(20), undefined]);
  const at = (x: number, y: number) => data[3 * (y * width + x)];
  expect([at(0, 20), at(59, 49), at(64, 20), at(123, 49)]).toEqual([10, 10, 20, 20]);
  expect([at(61, 30), at(30, 90)]).toEqual([255, 255]);
  const caption = (left: number, top: number) => {
    let dark = 0;
    for (let y = top; y < top + 20; y++) for (let x = left; x < left + 60; x++) dark += Number(at(x, y) < 128);
    return dark;
  };
  for (const [left, top] of [
    [0, 0],
    [64, 0],
    [0, 54],
  ])
    expect(caption(left, top)).toBeGreaterThan(10);
  expect(() => panels.compose([plain(1)])).toThrow("1 pictures for 3 panels");
});

test("small pictures are enlarged, large ones made smaller, proportions stay", () => {
  expect(panelSize({ width: 48, height: 24 })).toEqual({ width: 240, height: 120 });
  expect(panelSize({ width: 1920, height: 1080 })).toEqual({ width: 480, height: 270 });
  expect(panelSize({ width: 5000, height: 1 })).toEqual({ width: 480, height: 1 });
});
