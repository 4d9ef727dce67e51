import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import { readPointLabels } from "../../../src/formats/registry.ts";
import { DirectMatching } from "../../../src/tracking/points/directMatching.ts";
import { type TrackPointsClipOptions, trackPointsClip } from "../../../src/tasks/track/trackPointsClip.ts";
import { LEFT, movingPatch, neighbourhoods, SIDE, TOP } from "../../tracking/points/movingPatch.ts";
import { flatPoints } from "../../formats/flat.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "points-clip-"));
});
afterEach(() => rm(folder, { recursive: true }));

const POINT = { name: "the middle, about", x: LEFT + SIDE / 2, y: TOP + SIDE / 2 };

const run = (options: Partial<TrackPointsClipOptions> = {}) =>
  trackPointsClip({
    source: movingPatch(4, 3),
    encoder: neighbourhoods(),
    points: [POINT],
    follower: new DirectMatching(),
    out: folder,
    settings: { method: "direct" },
    overlay: false,
    pictures: false,
    ...options,
  });

describe("trackPointsClip", () => {
  it("writes the same tracks as CSV and as JSON", async () => {
    const { summary, overlay } = await run();
    const frames = summary.frames!;
    expect(overlay).toBeNull();
    expect(summary).toMatchObject({ complete: true, start: 0, width: 96, height: 64, settings: { method: "direct" } });
    const file = JSON.parse(await readFile(join(folder, "summary.json"), "utf8"));
    expect(file.frames).toEqual(frames);
    const points = flatPoints(await readPointLabels(join(folder, "points.csv")));
    expect(points).toHaveLength(4);
    for (const [i, { frame, name, x, y, visible }] of points.entries()) {
      const [record] = frames[i].points;
      expect([frame, name, visible]).toEqual([i, POINT.name, record.visible]);
      expect(Math.hypot(x - record.x, y - record.y)).toBeLessThan(0.001);
    }
    const [[before], [after]] = frames.map(({ points }) => points);
    expect(before.speed).toBeNull();
    // Frames are a tenth of a second apart.
    expect(after.speed).toBeCloseTo(Math.hypot(after.x - before.x, after.y - before.y) / 0.1, 6);
  });

  it("draws an overlay of every frame", async () => {
    const { overlay } = await run({ overlay: true });
    expect((await readdir(folder)).sort()).toEqual(
      [overlay!.slice(folder.length + 1), "points.csv", "summary.json", "tracks.csv", "tracks.jsonl"].sort(),
    );
  });

  it("interrupted: keeps what is there and says so", async () => {
    const controller = new AbortController();
    const progress = (): void => controller.abort(new Interrupted("interrupted"));
    const { summary } = await run({ signal: controller.signal, logger: { ...silent, progress } });
    expect([summary.complete, summary.frameCount]).toEqual([false, 1]);
    expect(flatPoints(await readPointLabels(join(folder, "points.csv")))).toHaveLength(1);
  });

  it("leaves nothing behind when it cannot begin", async () => {
    await expect(run({ points: [{ ...POINT, x: -1 }] })).rejects.toMatchObject({ code: "points/outside" });
    expect(await readdir(folder)).toEqual([]);
  });
});
