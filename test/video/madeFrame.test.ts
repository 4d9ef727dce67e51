import { expect, it } from "vitest";
import { madeFrame } from "../../src/video/madeFrame.ts";

it("made frames have the time and the name of their index", () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const picture = { width: 2, height: 1, data, more: true };
  expect(madeFrame(picture, 12, 25)).toEqual({ index: 12, timeSec: 0.48, name: "00012", width: 2, height: 1, data });
});
