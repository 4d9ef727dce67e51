import { describe, expect, test } from "vitest";
import { planFrames } from "../../src/inspection/framePlan.ts";
import { runs } from "../../src/inspection/seenFrames.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import type { FrameSource } from "../../src/video/frame.ts";

const clip = (frameCount: number) => ({ path: "clip.mp4", frameCount }) as FrameSource;
const protocol = resolveProtocol("default", { memory: { recent: 3 } });
const plan = (frameCount: number, choice: object) =>
  planFrames(clip(frameCount), { protocol, gap: 2, video: false, ...choice });

describe("which frames are read", () => {
  test("without a video: those shown, their memory, the frame before that, and the first", () => {
    expect(plan(50, { frames: [20, 10, 20] })).toEqual({
      shown: [10, 20],
      drawn: [10, 20],
      seen: [0, 6, 7, 8, 9, 10, 16, 17, 18, 19, 20],
    });
    expect(plan(50, { frames: [20], gap: 8 }).seen).toEqual([0, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(plan(50, { frames: [0] }).seen).toEqual([0]);
  });

  test("with a video: all from the first to the last shown", () => {
    expect(plan(9, { frames: [3, 6], video: true })).toEqual({
      shown: [3, 6],
      drawn: [3, 4, 5, 6],
      seen: [0, 1, 2, 3, 4, 5, 6],
    });
  });

  test("by default five frames of the first 120, none of them the first", () => {
    expect(plan(2330, {}).shown).toEqual([1, 31, 60, 90, 119]);
    expect(plan(3, {}).shown).toEqual([1, 2]);
    expect(plan(10, { every: 4 }).shown).toEqual([4, 8]);
  });

  test("runs of consecutive frames", () => {
    expect(runs([0, 6, 7, 8, 10])).toEqual([
      [0, 1],
      [6, 9],
      [10, 11],
    ]);
  });

  test("what cannot be shown is named", () => {
    expect(() => plan(1, {})).toThrow(/clip\.mp4 has only one frame/u);
    expect(() => plan(50, { frames: [3, 50] })).toThrow(/no such frame: got frame 50, expected 0 to 49/u);
    expect(() => plan(5, { every: 5 })).toThrow(/every 5th frame leaves no frame of clip\.mp4: expected 1 to 4/u);
  });
});
