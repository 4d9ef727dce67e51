/** @file Live sources on frames made here: where tracking starts, what is on disk while it runs, scales. */
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trackLive, type TrackLiveOptions } from "../../../src/tasks/track/trackLive.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { Frame } from "../../../src/video/frame.ts";
import type { LiveFrames } from "../../../src/video/sources/liveSource.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { clip } from "../../tracking/blocks.ts";
import { within } from "../../within.ts";

const COUNT = 12;
const { frames, truth } = clip(COUNT);

let out: string;
beforeEach(async () => (out = await mkdtemp(join(tmpdir(), "tsumugi-live-"))));
afterEach(() => rm(out, { recursive: true, force: true }));

/** A source that gives these frames and then stalls until it is left. */
function stalledAfter(list: readonly Frame[]): LiveFrames {
  const leaving = new AbortController();
  const left = once(leaving.signal, "abort").then(() => ({ done: true, value: undefined }) as const);
  const waiting = [...list];
  const next = async (): Promise<IteratorResult<Frame, undefined>> => {
    const value = waiting.shift();
    return value === undefined ? left : { done: false, value };
  };
  const end = (): Promise<IteratorResult<Frame, undefined>> => {
    leaving.abort();
    return left;
  };
  return { ...liveOf([]), [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

/** A source whose frames come when they are asked for. @param before is awaited before each frame */
function liveOf(list: readonly Frame[], before: (frame: Frame) => Promise<void> = async () => {}): LiveFrames {
  return {
    dropped: 0,
    catchUp() {},
    age: () => 0.01,
    close: async () => {},
    async *[Symbol.asyncIterator]() {
      for (const frame of list) {
        await before(frame);
        yield frame;
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

const told: string[] = [];
const logger = {
  info: (line: string) => void told.push(line),
  warn: (line: string) => void told.push(`warning: ${line}`),
  progress() {},
};

function track(options: Partial<TrackLiveOptions> = {}) {
  told.length = 0;
  return trackLive({
    live: liveOf(frames),
    sourceName: "camera",
    encoder: pooledColours(4),
    first: () => ({ mask: truth[0], names: new Map() }),
    firstName: "mask.png",
    protocol: resolveProtocol("default"),
    mode: modes.fast,
    threads: 1,
    out,
    logger,
    ...options,
  });
}

const rows = async (): Promise<string[][]> =>
  (await readFile(join(out, "tracks.csv"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

const labelsOf = (t: number) => ({ mask: truth[t], names: new Map() });

describe("where tracking starts", () => {
  it("a picture of another size is refused, with where to get one", async () => {
    const picture = { width: 2, height: 2, data: new Uint8Array(12) };
    const labelled = { picture, name: "other.png", within: 9 };
    await expect(track({ labelled })).rejects.toMatchObject({
      code: "labels/size",
      message:
        "other.png has another size than the video: got 2x2, expected 61x45; take the picture from this source: tsumugi snapshot",
    });
    expect(await readdir(out)).toEqual([]);
  });

  it("without a picture with the first frame, which is said", async () => {
    const result = await track();
    expect(result).toMatchObject({ start: 0, likeness: null, frames: COUNT });
    expect(told[0]).toMatch(/^mask\.png: taken for labels of the first frame that came; --labels-frame PICTURE/u);
  });

  it("with the frame that looks like the picture: its mask is the given one, earlier frames have none", async () => {
    const labelled = { picture: frames[5], name: "first.png", within: 100 };
    const result = await track({ labelled, first: () => labelsOf(5) });
    expect(result).toMatchObject({ start: 5, frames: COUNT - 5 });
    expect(result.likeness).toBeCloseTo(1, 6);
    expect(told[0]).toBe("first.png: found again in frame 00005, likeness 1.00 of 1");
    expect((await readdir(join(out, "masks")))[0]).toBe("00005.png");
    expect((await rows())[1].slice(0, 5)).toEqual(["5", "0.2", "3", "1", "1"]);
    expect(JSON.parse(await readFile(join(out, "live.json"), "utf8"))).toMatchObject({ start: 5, source: "camera" });
  });

  it("labels are made of the picture that was labelled, else of the first frame; frames that come meanwhile wait", async () => {
    const steps: unknown[] = [];
    const live = { ...liveOf(frames), catchUp: () => void steps.push("wait") };
    const first = (picture: unknown) => {
      steps.push(picture);
      return labelsOf(5);
    };
    const { width, height, data } = frames[5];
    const labelled = { picture: { width, height, data }, name: "first.png", within: 100 };
    await track({ live, labelled, first });
    expect(steps.splice(0).slice(0, 2)).toEqual(["wait", labelled.picture]);
    await track({ live, first });
    expect(steps.slice(0, 2)).toEqual(["wait", frames[0]]);
  });

  it("a camera that stalls does not hold up an error", async () => {
    const encoder = { ...pooledColours(4), encode: () => Promise.reject(new Error("no encoder")) };
    const live = (): LiveFrames => stalledAfter(frames.slice(0, 1));
    await expect(within(10_000, track({ live: live(), encoder }))).rejects.toThrow("no encoder");
    const labelled = { picture: frames[0], name: "first.png", within: 1 };
    await expect(within(10_000, track({ live: live(), encoder, labelled }))).rejects.toThrow("no encoder");
  });

  it("with the most alike of the first frames where none is alike enough, with a warning", async () => {
    const labelled = { picture: frames[11], name: "first.png", within: 3 };
    const result = await track({ labelled, first: () => labelsOf(11) });
    expect(result.start).toBeLessThan(3);
    expect(result.frames).toBe(COUNT - (result.start ?? 0));
    expect(told[0]).toMatch(
      /^warning: none of the first 3 frames looks like first\.png; tracking starts with the one/u,
    );
  });

  it("a source without frames has no start", async () => {
    expect(await track({ live: liveOf([]) })).toMatchObject({ start: null, likeness: null, frames: 0 });
  });
});

describe("the tables", () => {
  it("grow at their places while frames come, line by line", async () => {
    const seen: number[] = [];
    const live = liveOf(frames, async () => {
      const text = await readFile(join(out, "tracks.csv"), "utf8").catch(() => "");
      expect(text === "" || text.endsWith("\n")).toBe(true);
      seen.push(text.split("\n").length);
    });
    await track({ live });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    // Reading runs a few frames ahead of tracking.
    expect(seen.at(-1)).toBeGreaterThan(2 * (COUNT - 6));
    const names = await readdir(out);
    expect(names.toSorted()).toEqual(["frames.jsonl", "live.json", "masks", "tracks.csv", "tracks.jsonl"]);
    expect(await rows()).toHaveLength(1 + 2 * COUNT);
    expect((await readFile(join(out, "tracks.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(2 * COUNT);
    expect((await readFile(join(out, "frames.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(COUNT);
  });

  it("hold what came before a failure", async () => {
    const live = liveOf(frames, async ({ index }) => {
      if (index === 8) throw new Error("the camera broke");
    });
    await expect(track({ live })).rejects.toThrow("the camera broke");
    expect((await rows()).length).toBeGreaterThan(2 * 4);
  });

  it("have speeds in mm/s with a scale, and the names of boxes", async () => {
    const names = new Map([[3, "van"]]);
    const result = await track({ mmPerPx: 0.5, first: () => ({ mask: truth[0], names }) });
    expect(result.mmPerPx).toBe(0.5);
    const [header, ...all] = await rows();
    expect(header.at(-2)).toBe("speed_mm_s");
    const van = all.filter((row) => row[2] === "van");
    expect(van).toHaveLength(COUNT);
    const speeds = (column: string) => van.slice(1).map((row) => Number(row[header.indexOf(column)]));
    speeds("speed_mm_s").forEach((speed, i) => expect(speed).toBeCloseTo(speeds("speed_px_s")[i] / 2, 2));
  });

  it("have no such columns without one", async () => {
    expect((await track()).mmPerPx).toBeNull();
    expect((await rows())[0]).not.toContain("speed_mm_s");
  });
});
