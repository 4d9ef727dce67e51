/** @file Real footage: a camera that was turned, and clips that are known to be sound. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFootage } from "../../src/footage/checkFrames.ts";
import { verdictOf } from "../../src/footage/judge.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { byKey, valueIn } from "./clips.ts";

const DATA = join(import.meta.dirname, "../../../shared/data");
const absent = !existsSync(join(DATA, "train"));
const word = absent ? " (skipped: ../shared/data is absent)" : "";

async function readingsIn(path: string) {
  await using source = await openFrameSource(join(DATA, path));
  return byKey(await readFootage(source, { threads: 1 }));
}

describe.skipIf(absent)(`real footage${word}`, () => {
  it("a surveillance camera that somebody turns away: the time, to a second", { timeout: 60_000 }, async () => {
    // Its own clock shows 16:58:57, 13 seconds after the first frame's 16:58:44, when it begins to turn.
    const readings = await readingsIn("train-rights-unclear/camera-tampering-2.mp4");
    expect(valueIn(readings, "turned")).toBe(1);
    expect(Math.abs((readings.get("turned")?.at?.timeSec ?? NaN) - 12.8)).toBeLessThan(1);
    for (const key of ["cuts", "covered", "signalLost", "repeats"] as const)
      expect(verdictOf(key, valueIn(readings, key))).toBe("good");
  });

  it.each(["davis-train/bus.mp4", "davis-train/soccerball.mp4"])(
    "%s has no poor number",
    { timeout: 60_000 },
    async (path) => {
      const readings = await readingsIn(`train/${path}`);
      const poor = [...readings.values()].filter(({ key, value }) => verdictOf(key, value) === "poor");
      expect(poor).toEqual([]);
    },
  );
});
