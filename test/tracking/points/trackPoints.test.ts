import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { modes } from "../../../src/tracking/modes.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import type { PointFollower } from "../../../src/tracking/points/pointFollower.ts";
import type { TrackedPoint } from "../../../src/tracking/points/trackedPoint.ts";
import { type PointTrackingOptions, trackPoints } from "../../../src/tracking/points/trackPoints.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { Tracker } from "../../../src/tracking/session/tracker.ts";
import { renderProductionLine } from "../../../src/synthetic/productionLine.ts";
import { PART_NAMES } from "../../../src/synthetic/scene.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import type { Point } from "../../../src/video/point.ts";
import type { Frame, FrameSource } from "../../../src/video/frame.ts";
import { frameList } from "../../../src/video/frameList.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { HEIGHT, LEFT, movingPatch, neighbourhoods, SIDE, TOP, WIDTH } from "./movingPatch.ts";

const followers: readonly [string, () => PointFollower | undefined][] = [
  ["propagation", () => undefined],
  ["direct matching", () => new DirectMatching()],
];

const MIDDLE = { name: "middle", x: LEFT + SIDE / 2 + 1.3, y: TOP + SIDE / 2 - 0.6 };

async function run(
  follower: PointFollower | undefined,
  options: Partial<PointTrackingOptions> = {},
): Promise<TrackedPoint[][]> {
  const frames: TrackedPoint[][] = [];
  const source = movingPatch(8, 3);
  for await (const { points } of trackPoints({
    source,
    encoder: neighbourhoods(),
    points: [MIDDLE],
    follower,
    threads: 1,
    ...options,
  }))
    frames.push([...points]);
  return frames;
}

/** Pixels from the patch in one shot to that in the other. */
const FAR = WIDTH - SIDE - 2 * LEFT;

/** Where a pixel lies in the data. */
const at = (x: number, y: number): number => 3 * (y * WIDTH + x);

/** From a frame on another shot: the place turned upside down, the patch, as it was, far to the right. */
async function withCut(source: FrameSource, cutAt: number): Promise<FrameSource> {
  const { data: first } = await source.frame(0);
  const data = first.map((_, i) => first[first.length - 3 - i + 2 * (i % 3)]);
  for (let y = TOP; y < TOP + SIDE; y++) data.set(first.subarray(at(LEFT, y), at(LEFT + SIDE, y)), at(LEFT + FAR, y));
  const frames: Frame[] = [];
  for await (const frame of source.frames()) frames.push(frame.index < cutAt ? frame : { ...frame, data });
  return frameList(frames, "two shots");
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

/** The parts of the rendered clip while they lie open and whole, and the centre of each one's pixels. */
function parts(): { frames: Frame[]; truth: Point[][] } {
  const frames: Frame[] = [];
  const truth: Point[][] = [];
  for (const { frame, labels } of renderProductionLine({ width: 240, height: 136, frames: 60 })) {
    if (frame.index >= 14) break;
    frames.push(frame);
    truth.push(PART_NAMES.map((_, part) => centreOf(labels, part + 1)));
  }
  return { frames, truth };
}

function centreOf({ width, data }: LabelMap, label: number): Point {
  const pixels = [...data.keys()].filter((pixel) => data[pixel] === label);
  const mean = (of: (pixel: number) => number): number => pixels.reduce((sum, one) => sum + of(one), 0) / pixels.length;
  return { x: mean((pixel) => pixel % width) + 0.5, y: mean((pixel) => Math.floor(pixel / width)) + 0.5 };
}

describe("points by propagation", () => {
  it("on rendered parts that move and turn, they are nearer to the truth where flow carries them", async () => {
    const { frames, truth } = parts();
    const meanError = async (pointMotion: "flow" | "none"): Promise<number> => {
      const found = await run(undefined, {
        source: frameList(frames, "parts"),
        encoder: pooledColours(4),
        points: PART_NAMES.map((name, part) => ({ name, ...truth[0][part] })),
        protocol: resolveProtocol("default", { pointMotion }),
      });
      const errors = found.flatMap((points, t) =>
        points.map((point, part) => Math.hypot(point.x - truth[t][part].x, point.y - truth[t][part].y)),
      );
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    const [flow, none] = [await meanError("flow"), await meanError("none")];
    // 3.3 and 4.2 px; cells of 4 px know nothing but their colour here.
    expect(flow).toBeLessThan(3.5);
    expect(flow).toBeLessThan(0.85 * none);
  });

  const STILL = { ...MIDDLE, name: "still" };

  it("are looked for everywhere after a cut, not only around where they were", async () => {
    const source = await withCut(movingPatch(6, 0), 3);
    const protocol = resolveProtocol("default", { memory: { first: "unrestricted" } });
    const frames = await run(undefined, { source, protocol });
    for (const [t, [point]] of frames.entries()) {
      const x = t < 3 ? MIDDLE.x : MIDDLE.x + FAR;
      expect([t, Math.hypot(point.x - x, point.y - MIDDLE.y) < 2, point.visible]).toEqual([t, true, true]);
    }
  });

  it.each(["exact", "fast", "live"] as const)(
    "%s: are those of a session, bit for bit, cuts included",
    async (name) => {
      const source = await withCut(movingPatch(7, 2), 4);
      const [mode, encoder] = [modes[name], neighbourhoods()];
      const folder = await mkdtemp(join(tmpdir(), "tsumugi-points-"));
      try {
        const options = { source, encoder, protocol: resolveProtocol("default"), mode, threads: 1 };
        await using tracker = await Tracker.open({ ...options, folder });
        await tracker.addLabel({ frame: 0, points: [MIDDLE, STILL] });
        const expected: TrackedPoint[][] = [];
        for await (const { points } of tracker.track()) expected.push([...points]);
        expect(await run(undefined, { source, mode, points: [MIDDLE, STILL] })).toEqual(expected);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  it("take the size of the encoder's input from the mode, the protocol or the option, in this order", async () => {
    const sizes: string[] = [];
    const inner = neighbourhoods();
    const encoder: FeatureExtractor = {
      ...inner,
      encode: (picture) => {
        sizes.push(`${picture.width}x${picture.height}`);
        return inner.encode(picture);
      },
    };
    const options = { source: movingPatch(1, 0), encoder };
    const mode = { ...modes.exact, cellRows: 16 };
    const protocol = resolveProtocol("default", { shortSide: 48 });
    for (const more of [{}, { mode }, { mode, protocol }, { mode, protocol, inputSize: null }, { mode, inputSize: 40 }])
      await run(undefined, { ...options, ...more });
    await run(undefined, { ...options, mode, protocol, inputSize: { width: 64, height: 64 } });
    expect(sizes).toEqual(["96x64", "48x32", "72x48", "96x64", "60x40", "64x64"]);
  });

  it("are found in frames of at most 80 rows of cells, whatever the mode, unless a size is asked for", async () => {
    const sizes: string[] = [];
    const lines: string[] = [];
    const inner = pooledColours(1);
    const encoder: FeatureExtractor = {
      ...inner,
      encode: (picture) => {
        sizes.push(`${picture.width}x${picture.height}`);
        return inner.encode(picture);
      },
    };
    const [width, height] = [150, 100];
    const data = new Uint8Array(width * height * 3);
    const source = frameList([{ index: 0, timeSec: 0, name: "0", width, height, data }], "one frame");
    const info = (line: string): void => void (line.includes("encoded at") && lines.push(line));
    const logger = { ...silent, info };
    const protocol = resolveProtocol("default", { shortSide: 90 });
    for (const more of [{}, { mode: modes.fast }, { mode: modes.live }, { protocol }, { inputSize: null }])
      await run(undefined, { source, encoder, logger, ...more });
    await run(new DirectMatching(), { source, encoder });
    expect(sizes).toEqual(["120x80", "120x80", "69x46", "135x90", "150x100", "120x80"]);
    expect(lines).toEqual(
      ["120x80", "120x80", "69x46"].map(
        (size) => `frames of 150x100 are encoded at ${size}; --short-side 100 keeps their size`,
      ),
    );
  });

  it("refuse a mode and a protocol that are none", async () => {
    const mode = { ...modes.exact, cellRows: 0 };
    await expect(run(undefined, { mode })).rejects.toMatchObject({ code: "mode/invalid" });
    const protocol = { ...resolveProtocol("default"), temperature: -1 };
    await expect(run(undefined, { protocol })).rejects.toMatchObject({ code: "protocol/invalid" });
  });

  it("each clip begins anew for the encoder: what moved in the one before does not count", async () => {
    let restarts = 0;
    const encoder = { ...neighbourhoods(), restart: () => void restarts++ };
    await run(undefined, { encoder, source: movingPatch(2, 0) });
    await run(undefined, { encoder, source: movingPatch(2, 0) });
    expect(restarts).toBe(2);
  });
});

describe("a follower", () => {
  it("gets the features of every frame in order, places in cells, and is closed once", async () => {
    const events: string[] = [];
    const follower: PointFollower = {
      begin: async ({ width, height }, [place]) => void events.push(`${width}x${height} ${place.x} ${place.y}`),
      next: async () => {
        events.push("next");
        return [{ place: { x: 60, y: 8 }, signals: null }];
      },
      [Symbol.asyncDispose]: async () => void events.push("closed"),
    };
    const points = [{ name: "a", x: 10, y: 20 }];
    const frames = await run(follower, { source: movingPatch(3, 1), points });
    expect(events).toEqual(["48x32 5 10", "next", "next", "closed"]);
    // Beyond the border, and nothing speaks for it.
    expect(frames[1]).toEqual([{ name: "a", x: WIDTH, y: 16, visible: false, confidence: 0 }]);
  });

  it("is closed when the points are refused, and when a frame has another size", async () => {
    let closed = 0;
    const follower = (): PointFollower => ({
      begin: async () => {},
      next: async () => [],
      [Symbol.asyncDispose]: async () => void closed++,
    });
    await expect(run(follower(), { points: [] })).rejects.toMatchObject({ code: "points/none" });
    const source = movingPatch(2, 0);
    const [first, second] = [await source.frame(0), await source.frame(1)];
    const frames = [first, { ...second, width: HEIGHT, height: WIDTH }];
    await expect(run(follower(), { source: frameList(frames, "two sizes") })).rejects.toThrow(
      "frame f1 has another size than the first one: got 64x96, expected 96x64",
    );
    expect(closed).toBe(2);
  });
});
