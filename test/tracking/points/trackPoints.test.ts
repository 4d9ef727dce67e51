import { describe, expect, it } from "vitest";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import type { PointFollower } from "../../../src/tracking/points/pointFollower.ts";
import { PointPropagation } from "../../../src/tracking/points/pointPropagation.ts";
import { type PointTrackingOptions, type TrackedPoint, trackPoints } from "../../../src/tracking/points/trackPoints.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { HEIGHT, LEFT, movingPatch, neighbourhoods, SIDE, TOP, WIDTH } from "./movingPatch.ts";

const followers: readonly [string, () => PointFollower][] = [
  ["propagation", () => new PointPropagation({ protocol: resolveProtocol("default"), threads: 1 })],
  ["direct matching", () => new DirectMatching()],
];

const MIDDLE = { name: "middle", x: LEFT + SIDE / 2 + 1.3, y: TOP + SIDE / 2 - 0.6 };

async function run(follower: PointFollower, options: Partial<PointTrackingOptions> = {}): Promise<TrackedPoint[][]> {
  const frames: TrackedPoint[][] = [];
  const source = movingPatch(8, 3);
  for await (const { points } of trackPoints({
    source,
    encoder: neighbourhoods(),
    points: [MIDDLE],
    follower,
    ...options,
  }))
    frames.push([...points]);
  return frames;
}

describe.each(followers)("points by %s", (_, follower) => {
  it("follow a patch between cells, sure of themselves", async () => {
    const frames = await run(follower());
    expect(frames[0]).toEqual([{ ...MIDDLE, visible: true, confidence: 1 }]);
    for (const [t, [point]] of frames.entries()) {
      // Less than a cell.
      expect(Math.hypot(point.x - MIDDLE.x - 3 * t, point.y - MIDDLE.y)).toBeLessThan(2);
      expect(point.visible).toBe(true);
      expect(point.confidence).toBeGreaterThan(0.8);
    }
  });

  it("are not visible while a wall stands in front", async () => {
    const frames = await run(follower(), { source: movingPatch(8, 2, [4, 5]) });
    expect(frames.map(([point]) => point.visible).slice(0, 6)).toEqual([true, true, true, true, false, false]);
  });

  it("keep their order and begin in a later frame, at another size", async () => {
    const still = { name: "wall", x: 90, y: 4 };
    const moved = { ...MIDDLE, x: MIDDLE.x + 9 };
    const input = { width: (WIDTH * 3) / 4, height: HEIGHT / 2 };
    const frames = await run(follower(), { points: [still, moved], start: 3, inputSize: input });
    expect(frames).toHaveLength(5);
    const [wall, middle] = frames[4];
    expect([wall.name, middle.name]).toEqual(["wall", "middle"]);
    expect(Math.hypot(middle.x - MIDDLE.x - 21, middle.y - MIDDLE.y)).toBeLessThan(3);
  });

  it("refuse points that are not in the frame, and no points", async () => {
    const outside = [{ name: "tail", x: WIDTH + 0.1, y: 5 }];
    await expect(run(follower(), { points: outside, pointsName: "p.csv" })).rejects.toThrow(
      'p.csv: the point "tail" lies outside the frame: got (96.1, 5), expected x from 0 to 96, y from 0 to 64',
    );
    await expect(run(follower(), { points: [] })).rejects.toMatchObject({ code: "points/none" });
    await expect(run(follower(), { start: 8 })).rejects.toMatchObject({ code: "tracking/start" });
  });

  it("stop when they are told to", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await expect(run(follower(), { signal: controller.signal })).rejects.toThrow("enough");
  });
});
