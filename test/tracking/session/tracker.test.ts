import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/core/errors.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { propagateMasks } from "../../../src/tracking/propagation.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { SessionFrame } from "../../../src/tracking/session/execution.ts";
import { Tracker, type TrackerOptions } from "../../../src/tracking/session/tracker.ts";
import type { Frame } from "../../../src/video/frame.ts";
import { readMaskPng } from "../../../src/video/masks/maskPng.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { clip, intersectionOverUnion, sourceOf, stream } from "../blocks.ts";

const COUNT = 14;
const { frames, truth } = clip(COUNT, "still");
const centre = (t: number) => ({ name: "red", x: 16 + 2 * t, y: 16 });

/** Target models take most of the time: they are on where a session has to keep what they know. */
const plain = resolveProtocol("default", { target: "none" });

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "tsumugi-session-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

function open(name: string, options: Partial<TrackerOptions> = {}): Promise<Tracker> {
  const defaults = {
    source: sourceOf(frames),
    encoder: pooledColours(4),
    protocol: plain,
    threads: 1,
  };
  return Tracker.open({ folder: at(name), ...defaults, ...options });
}

async function all(run: AsyncIterable<SessionFrame>): Promise<number[]> {
  const indices: number[] = [];
  for await (const { frame } of run) indices.push(frame.index);
  return indices;
}

async function masks(name: string): Promise<Map<string, Uint8Array>> {
  const names = (await readdir(at(name, "masks"))).sort();
  return new Map(
    await Promise.all(names.map(async (one) => [one, (await readMaskPng(at(name, "masks", one))).data] as const)),
  );
}

/** Which file each frame's mask is: another number when it was written again. */
async function inodes(name: string): Promise<Map<string, number>> {
  const names = (await readdir(at(name, "masks"))).sort();
  return new Map(await Promise.all(names.map(async (one) => [one, (await stat(at(name, "masks", one))).ino] as const)));
}

/** The truth without one object. */
const without = (t: number, id: number) => ({
  ...truth[t],
  data: truth[t].data.map((value) => (value === id ? 0 : value)),
});

describe("a session", () => {
  it.each([
    ["soft labels", resolveProtocol("default")],
    ["hard labels", resolveProtocol("mast", { temperature: 0.02 })],
  ])("%s: with one label gives what propagateMasks gives, bit for bit", async (_, protocol) => {
    await using tracker = await open("one", { protocol });
    expect(tracker.state).toBe("empty");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    expect(tracker.state).toBe("ready");
    const common = { source: sourceOf(frames), encoder: pooledColours(4), protocol, threads: 1 };
    const expected = propagateMasks({ ...common, first: truth[0] });
    for await (const { labels, objects, frame } of tracker.track()) {
      const { value } = await expected.next();
      expect(labels.data).toEqual(value?.labels.data);
      expect(objects).toEqual(value?.objects);
      expect((await readMaskPng(at("one", "masks", `${frame.name}.png`))).data).toEqual(labels.data);
    }
    expect(tracker.state).toBe("done");
    expect(tracker.progress).toEqual({ done: COUNT, total: COUNT });
  });

  it("refuses a folder that another process works in, and leaves it unchanged", async () => {
    await using tracker = await open("locked");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await writeFile(at("locked/session.lock"), "1 another-machine\n");
    const busy = "process 1 on another-machine is working in";
    await expect(all(tracker.track())).rejects.toThrow(busy);
    await expect(tracker.addLabel({ frame: 3, mask: truth[3] })).rejects.toThrow(busy);
    expect((await readdir(at("locked/labels"))).sort()).toEqual(["00000.json", "00000.png"]);
    await rm(at("locked/session.lock"));
    expect((await all(tracker.track())).length).toBe(COUNT);
    expect(await readdir(at("locked"))).not.toContain("session.lock");
  });

  it.each([
    ["forward", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]],
    ["backward", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ["both", [4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 10, 11, 12, 13]],
  ] as const)("%s: labels of two frames, given in any order", async (direction, order) => {
    await using tracker = await open("two", { direction });
    await tracker.addLabel({ frame: 9, mask: truth[9] });
    await tracker.addLabel(direction === "forward" ? { frame: 0, mask: truth[0] } : { frame: 4, mask: truth[4] });
    expect(await all(tracker.track())).toEqual(order);
    for (const index of order)
      for (const id of [3, 7])
        expect(
          intersectionOverUnion(await readMaskPng(at("two/masks", `${frames[index].name}.png`)), truth[index], id),
        ).toBeGreaterThan(0.6);
  });

  it.each(["exact", "fast", "live"] as const)(
    "%s: from every key frame on the masks are those of propagateMasks from there",
    async (mode) => {
      await using tracker = await open("spans", { mode: modes[mode] });
      for (const t of [0, 5, 9]) await tracker.addLabel({ frame: t, mask: truth[t] });
      await all(tracker.track());
      const found = await masks("spans");
      const common = { encoder: pooledColours(4), protocol: plain, threads: 1, mode: modes[mode] };
      for (const [start, end] of [
        [0, 5],
        [5, 9],
        [9, COUNT],
      ]) {
        const source = stream(frames.slice(start, end));
        for await (const { frame, labels } of propagateMasks({ ...common, source, first: truth[start] }))
          expect(found.get(`${frame.name}.png`)).toEqual(labels.data);
      }
    },
  );

  it("removes what a process that is gone left half-written", async () => {
    await using tracker = await open("parts");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    for (const pid of [999_999_999, process.pid]) await writeFile(at("parts/labels", `x.${pid}.part`), "half");
    await using _ = await open("parts");
    expect((await readdir(at("parts/labels"))).filter((name) => name.endsWith(".part"))).toEqual([
      `x.${process.pid}.part`,
    ]);
  });

  it("in a range, from labels within it", async () => {
    await using tracker = await open("range", { direction: "both", range: { start: 3, end: 8 } });
    await tracker.addLabel({ frame: 5, mask: truth[5] });
    await tracker.addLabel({ frame: 11, mask: truth[11] });
    expect(await all(tracker.track())).toEqual([5, 4, 3, 6, 7]);
    expect(tracker.frames).toEqual([3, 4, 5, 6, 7]);
  });

  it("an object that is added later begins there, the others go on; one that ends is gone", async () => {
    await using tracker = await open("later");
    await tracker.addLabel({ frame: 0, mask: without(0, 7) });
    await tracker.addLabel({ frame: 5, mask: without(5, 3) });
    await tracker.addLabel({ frame: 10, ends: [3] });
    const ids: number[][] = [];
    for await (const {
      objects,
      labels,
      frame: { index },
    } of tracker.track()) {
      ids.push(objects.map(({ id }) => id));
      const present = index < 5 ? [3] : index < 10 ? [3, 7] : [7];
      for (const id of present) expect(intersectionOverUnion(labels, truth[index], id)).toBeGreaterThan(0.6);
      expect(new Set(labels.data)).toEqual(new Set([0, ...present]));
    }
    expect(ids).toEqual(frames.map(({ index }) => (index < 5 ? [3] : index < 10 ? [3, 7] : [7])));
  });

  it.each(["forward", "both"] as const)(
    "%s: after the end of the last object every mask is empty",
    async (direction) => {
      await using tracker = await open("ended", { direction });
      await tracker.addLabel({ frame: 0, mask: without(0, 7) });
      await tracker.addLabel({ frame: 4, ends: [3] });
      await tracker.addLabel({ frame: 8, mask: without(8, 3) });
      const seen = new Map<number, number[]>();
      for await (const { frame, labels } of tracker.track())
        seen.set(
          frame.index,
          [...new Set(labels.data)].sort((a, b) => a - b),
        );
      for (const { index } of frames) expect(seen.get(index)).toEqual(index < 4 ? [0, 3] : index < 8 ? [0] : [0, 7]);
    },
  );

  it("masks, boxes and points together; a box's object keeps its id by its name", async () => {
    await using tracker = await open("mixed", { direction: "both" });
    await tracker.addLabel({
      frame: 0,
      mask: without(0, 7),
      boxes: [{ name: "blue", x: 40, y: 28, width: 12, height: 12 }],
      points: [centre(0)],
    });
    await tracker.addLabel({
      frame: 8,
      boxes: [{ name: "blue", x: 24, y: 28, width: 12, height: 12 }],
      points: [centre(8)],
    });
    expect(tracker.names.get("blue")).toBe(1);
    const seen: number[] = [];
    for await (const {
      frame: { index },
      labels,
      objects,
      points,
    } of tracker.track()) {
      seen.push(index);
      expect(objects.map(({ id }) => id)).toEqual([1, 3]);
      expect(points).toHaveLength(1);
      expect(Math.hypot(points[0].x - centre(index).x, points[0].y - centre(index).y)).toBeLessThan(4);
      const renamed = { ...truth[index], data: truth[index].data.map((id) => (id === 7 ? 1 : id)) };
      for (const id of [1, 3]) expect(intersectionOverUnion(labels, renamed, id)).toBeGreaterThan(0.6);
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(frames.map(({ index }) => index));
  });
});

/** Frame 5 is blank, 6 and 7 are of another shot; in 8 everything is back. */
const interrupted = frames.map((frame, t): Frame => {
  if (t === 5) return { ...frame, data: new Uint8Array(frame.data.length).fill(90) };
  if (t !== 6 && t !== 7) return frame;
  const patches = Uint8Array.from({ length: 100 }, (_, i) => (i * 67) % 251);
  const data = frame.data.map((_, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % frame.width, Math.floor(pixel / frame.width)];
    return patches[(Math.floor(y / 5) * 13 + Math.floor(x / 5)) % 100];
  });
  return { ...frame, data };
});

/** Features are scaled by the brightest pixel that was seen in the first picture, or in every fourth since. */
function ranging(): FeatureExtractor {
  const inner = pooledColours(4);
  let [count, most] = [0, 0];
  return {
    ...inner,
    restart: (at = { count: 0, reached: null }) => {
      count = at.reached === null ? 0 : at.count;
      most = at.reached?.["first"][0] ?? 0;
    },
    encode: async (picture) => {
      if (count++ % 4 === 0) most = Math.max(most, picture.data.reduce((a, b) => Math.max(a, b), 0) + count);
      const features = await inner.encode(picture);
      return { ...features, data: features.data.map((value) => value + most / 100), reached: { first: [most] } };
    },
  };
}

/** Stops after so many frames were given. */
async function stopAfter(tracker: Tracker, count: number): Promise<number[]> {
  const controller = new AbortController();
  const seen: number[] = [];
  await expect(
    (async () => {
      for await (const { frame } of tracker.track({ signal: controller.signal }))
        if (seen.push(frame.index) === count) controller.abort(new Interrupted("stop"));
    })(),
  ).rejects.toThrow("stop");
  return seen;
}

/** Frames of 12 rows of cells have a small picture of 7. */
const smallRows = 7;
/** The clip in one shot. */
const still = clip(COUNT, "still").frames;

describe("a session that was stopped", () => {
  const protocol = resolveProtocol("default");
  const interruptedBoth = { source: sourceOf(interrupted), direction: "both" } as const;
  it.each([
    ["forward", 1, { protocol: plain }],
    ["forward", 9, {}],
    ["forward, pruned search", 9, { mode: modes.fast }],
    ["forward, live", 6, { mode: modes.live }],
    ["forward, hard labels and lasting frames", 10, { protocol: resolveProtocol("mast", { temperature: 0.02 }) }],
    ["forward, padded memory", 4, { protocol: resolveProtocol("crw") }],
    ["forward, candidates from clusters", 9, { protocol: { ...plain, candidates: "clusters" } }],
    ["forward, cuts, a blank frame, objects out of sight", 4, { source: sourceOf(interrupted) }],
    ["forward, another shot", 6, { source: sourceOf(interrupted), protocol: plain }],
    ["forward, pruned search, cuts", 6, { source: sourceOf(interrupted), mode: modes.fast, protocol: plain }],
    ["forward, live, cuts", 5, { source: sourceOf(interrupted), mode: modes.live, protocol: plain }],
    [
      "forward, pruned search, right after a cut",
      8,
      { source: sourceOf(interrupted), mode: modes.fast, protocol: plain },
    ],
    ["backward, cuts", 5, { source: sourceOf(interrupted), direction: "backward", protocol: plain }],
    ["both, cuts", 7, interruptedBoth],
    ["forward, an encoder with ranges", 6, { encoder: ranging(), protocol: plain }],
    ["forward, one shot", 6, { source: sourceOf(still), protocol: plain }],
    ["forward, a small picture", 7, { source: sourceOf(still), mode: { ...modes.exact, smallRows } }],
    ["both, a small picture, pruned search, cuts", 7, { ...interruptedBoth, mode: { ...modes.fast, smallRows } }],
    ["forward, points near where they were", 5, { protocol: { ...plain, pointMotion: "none" } }],
    ["backward", 4, { direction: "backward", protocol: plain }],
    ["both, on the way back", 6, { direction: "both" }],
    ["both, at the beginning", 1, { direction: "both", protocol: plain }],
  ] as const)("%s: goes on after frame %i with the same masks as without a stop", async (_, stop, options) => {
    const keys = [2, 10].map((t) => ({ frame: t, mask: truth[t], points: [centre(t)] }));
    {
      await using whole = await open("whole", { protocol, ...options });
      for (const key of keys) await whole.addLabel(key);
      await all(whole.track());
    }
    let first: number[];
    {
      await using tracker = await open("parts", { protocol, ...options });
      for (const key of keys) await tracker.addLabel(key);
      first = await stopAfter(tracker, stop);
      expect(tracker.state).toBe("ready");
    }
    await using tracker = await open("parts", { protocol, ...options });
    expect(tracker.state).toBe("ready");
    const second = await all(tracker.resume());
    expect(second.filter((index) => first.includes(index))).toEqual([]);
    expect(tracker.state).toBe("done");
    expect(await masks("parts")).toEqual(await masks("whole"));
    expect(await readFile(at("parts/frames.jsonl"), "utf8")).toBe(await readFile(at("whole/frames.jsonl"), "utf8"));
    expect(await all(tracker.resume())).toEqual([]);
  });

  it.each([
    ["exact", { source: sourceOf(still), protocol }, "masks"],
    ["pruned search, cuts, both ways", { mode: { ...modes.fast, smallRows }, ...interruptedBoth, protocol }, "masks"],
    ["exact, points beside", { source: sourceOf(still), protocol }, "both"],
    ["cuts, both ways, points beside", interruptedBoth, "both"],
  ] as const)("%s, a small picture: killed after a frame, goes on with the same results", async (_, changes, kinds) => {
    const options = { mode: { ...modes.exact, smallRows }, ...changes };
    await using whole = await open("whole", options);
    const pointsOf = (t: number) => (kinds === "both" ? [centre(t)] : []);
    for (const t of [0, 8]) await whole.addLabel({ frame: t, mask: truth[t], points: pointsOf(t) });
    // What is on disk at that moment is what a killed process leaves.
    const killed: string[] = [];
    for await (const { frame } of whole.track()) {
      if (![1, 3, 4, 5, 9, 12].includes(frame.index)) continue;
      const name = `killed${frame.index}`;
      await cp(at("whole"), at(name), { recursive: true });
      await writeFile(at(name, "session.lock"), `999999999 ${hostname()}\n`);
      killed.push(name);
    }
    expect(killed).toHaveLength(6);
    const [expected, lines] = [await masks("whole"), await readFile(at("whole/frames.jsonl"), "utf8")];
    for (const name of killed) {
      await using tracker = await open(name, options);
      expect((await all(tracker.resume())).length).toBeLessThan(COUNT);
      expect(await masks(name)).toEqual(expected);
      expect(await readFile(at(name, "frames.jsonl"), "utf8")).toBe(lines);
    }
  });

  it("forgets half a line, and goes on after the frame before", async () => {
    await using tracker = await open("torn");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await stopAfter(tracker, 5);
    await tracker[Symbol.asyncDispose]();
    const { size } = await stat(at("torn/frames.jsonl"));
    await truncate(at("torn/frames.jsonl"), size - 9);
    await using again = await open("torn");
    expect((await all(again.resume()))[0]).toBe(4);
  });
});

describe("a correction", () => {
  it("forward: tracks again from there to the next key frame, and nothing else", async () => {
    await using tracker = await open("fix");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await tracker.addLabel({ frame: 9, mask: truth[9] });
    await all(tracker.track());
    const before = await inodes("fix");
    expect(await all(tracker.correct({ frame: 4, mask: truth[4] }))).toEqual([4, 5, 6, 7, 8]);
    const after = await inodes("fix");
    for (const { index, name } of frames)
      expect(after.get(`${name}.png`) === before.get(`${name}.png`)).toBe(index < 4 || index > 8);
    expect(tracker.progress).toEqual({ done: 5, total: 5 });
    await using given = await open("given");
    for (const t of [0, 4, 9]) await given.addLabel({ frame: t, mask: truth[t] });
    await all(given.track());
    expect(await masks("fix")).toEqual(await masks("given"));
  });

  it("both: tracks again between the key frames beside it", async () => {
    await using tracker = await open("fix", { direction: "both" });
    for (const t of [0, 4, 12]) await tracker.addLabel({ frame: t, mask: truth[t] });
    await all(tracker.track());
    expect(await all(tracker.correct({ frame: 7, mask: truth[7] }))).toEqual([7, 6, 5, 11, 10, 9, 8]);
    expect(await all(tracker.correct({ frame: 4, mask: truth[4] }))).toEqual([]);
  });

  it("of one object goes on beyond the next key frame only if that does not name the others", async () => {
    await using tracker = await open("fix");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await tracker.addLabel({ frame: 6, mask: without(6, 7) });
    await tracker.addLabel({ frame: 10, mask: truth[10] });
    await all(tracker.track());
    // Object 7 is carried through frame 6, so a correction of it at 3 reaches 10; object 3 of frame 3 is carried on as it was.
    expect(await all(tracker.correct({ frame: 3, mask: without(3, 3) }))).toEqual([3, 4, 5, 6, 7, 8, 9]);
    await using given = await open("given");
    await given.addLabel({ frame: 3, mask: without(3, 3) });
    await given.addLabel({ frame: 10, mask: truth[10] });
    await given.addLabel({ frame: 6, mask: without(6, 7) });
    await given.addLabel({ frame: 0, mask: truth[0] });
    await all(given.track());
    expect(await masks("fix")).toEqual(await masks("given"));
  });

  it("of a key frame replaces what was given for the object and keeps the others", async () => {
    await using tracker = await open("fix");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    const wider = {
      ...truth[0],
      data: truth[0].data.map((value, p) => (value === 0 && truth[1].data[p] === 3 ? 3 : value === 7 ? 0 : value)),
    };
    const [first] = await all(tracker.correct({ frame: 0, mask: wider }));
    expect(first).toBe(0);
    const mask = await readMaskPng(at("fix/masks/00000.png"));
    expect(intersectionOverUnion(mask, truth[0], 7)).toBe(1);
    expect(mask.data.filter((value) => value === 3)).toHaveLength(256 + 32);
  });

  it("by labels set anew: the frame has exactly those, other key frames stay", async () => {
    await using tracker = await open("set");
    await tracker.setLabels([2, 6].map((frame) => ({ frame, mask: truth[frame] })));
    await all(tracker.track());
    await tracker.setLabels([{ frame: 2, mask: truth[2] }]);
    expect(tracker.state).toBe("done");
    const blue = without(6, 3);
    await tracker.setLabels([{ frame: 6, mask: blue, ends: [3] }]);
    expect(tracker.keys.map(({ frame, objects }) => [frame, objects])).toEqual([
      [2, [3, 7]],
      [6, [7]],
    ]);
    expect(await all(tracker.track())).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
    const twice = [
      { frame: 2, mask: truth[2] },
      { frame: 2, mask: without(2, 3) },
    ];
    await expect(tracker.setLabels(twice)).rejects.toMatchObject({ code: "labels/twice" });
  });

  it("makes a frame with an object that was lost better", async () => {
    await using tracker = await open("lost", { direction: "both" });
    // The first mask has the wrong place for object 3.
    const wrong = { ...truth[0], data: without(0, 3).data.map((value, p) => (p % 61 > 44 && p < 61 * 12 ? 3 : value)) };
    await tracker.addLabel({ frame: 0, mask: wrong });
    await all(tracker.track());
    const score = async () => intersectionOverUnion(await readMaskPng(at("lost/masks/00008.png")), truth[8], 3);
    const before = await score();
    await all(tracker.correct({ frame: 6, mask: truth[6] }));
    expect(await score()).toBeGreaterThan(before + 0.5);
  });
});

describe("a session refuses", () => {
  it("a clip that breaks off while it is read; what was tracked stays, and goes on with the whole clip", async () => {
    const broken = {
      ...sourceOf(frames),
      frames: ({ start = 0, end = COUNT } = {}) => stream(frames.slice(start, Math.min(6, end))),
    };
    {
      await using tracker = await open("broken", { source: broken });
      await tracker.addLabel({ frame: 0, mask: truth[0] });
      const seen: number[] = [];
      const run = async () => {
        for await (const { frame } of tracker.track()) seen.push(frame.index);
      };
      await expect(run()).rejects.toMatchObject({ code: "video/changed" });
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
      expect(tracker.state).toBe("ready");
    }
    await using tracker = await open("broken");
    expect(await all(tracker.resume())).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it("another clip of the same size and length is refused; a moved file of the same content resumes", async () => {
    await using tracker = await open("moved");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    const moved = { ...sourceOf(frames), path: "elsewhere/renamed.mp4" };
    await using again = await open("moved", { source: moved });
    expect(again.state).toBe("ready");
    const inverted = frames.map((frame) => ({ ...frame, data: frame.data.map((value) => 255 - value) }));
    const other = { ...sourceOf(inverted), path: "camB.mp4" };
    await expect(open("moved", { source: other })).rejects.toMatchObject({ code: "session/video" });
    await expect(open("moved", { source: other })).rejects.toThrow(
      /got the same size and length, but the first frame has other pixels, expected 14 frames of 61x45 \(clip\.mp4\)/,
    );
    expect(await masks("moved").catch(() => new Map())).toEqual(new Map());
  });

  it("a session of an earlier version, which has no fingerprint, resumes and gets one", async () => {
    await using tracker = await open("older");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    const path = at("older", "session.json");
    const { fingerprint, ...older } = JSON.parse(await readFile(path, "utf8"));
    expect(fingerprint.samples).toHaveLength(3);
    await writeFile(path, JSON.stringify(older));
    await using again = await open("older");
    expect(again.state).toBe("ready");
    await again.addLabel({ frame: 5, mask: truth[5] });
    expect(JSON.parse(await readFile(path, "utf8")).fingerprint).toEqual(fingerprint);
  });

  it("a clip that has become shorter, and other settings", async () => {
    await using tracker = await open("other");
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    const shorter = sourceOf(frames.slice(0, 9));
    await expect(open("other", { source: shorter })).rejects.toMatchObject({ code: "session/video" });
    await expect(open("other", { source: shorter })).rejects.toThrow(
      /got 9 frames of 61x45, expected 14 frames of 61x45 \(clip\.mp4\)/,
    );
    const protocol = resolveProtocol("crw");
    await expect(open("other", { protocol })).rejects.toMatchObject({ code: "session/settings" });
    await expect(open("other", { protocol: { ...plain, topK: 5 } })).rejects.toThrow(
      /made with another value of protocol\.topK: got 5, expected 10;/,
    );
    await expect(open("other", { identity: { weights: "b" } })).rejects.toThrow(/made with another value of weights/);
  });

  it("another mode by its name, and what else differs in it by its key", async () => {
    await using tracker = await open("modes", { mode: modes.fast });
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await expect(open("modes", { mode: modes.live })).rejects.toThrow(
      "made with another mode: got live, expected fast;",
    );
    const own = { ...modes.fast, overlayEffort: "least" as const };
    await expect(open("modes", { mode: own })).rejects.toThrow("another mode: got one of your own, expected fast;");
    await expect(open("modes", { mode: { ...modes.fast, recentFrames: 2 } })).rejects.toThrow(
      "another value of mode.recentFrames: got 2, expected null;",
    );
  });

  it("the end of an object that no frame labels, with those that there are; nothing is written", async () => {
    await using tracker = await open("ends");
    const ended = (what: number | string) =>
      tracker.setLabels([
        { frame: 0, mask: truth[0] },
        { frame: 3, ends: [what] },
      ]);
    await expect(ended(9)).rejects.toMatchObject({ code: "labels/end" });
    await expect(ended("tail")).rejects.toThrow(/got "tail", expected object 3, object 7;/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("the end of a box by its name is that of its object", async () => {
    await using tracker = await open("boxes");
    const box = { name: "van", x: 4, y: 4, width: 16, height: 16 };
    await tracker.setLabels([
      { frame: 0, boxes: [box] },
      { frame: 3, ends: ["van"] },
    ]);
    expect(tracker.keys.map(({ ends, endedPoints }) => [ends, endedPoints])).toEqual([
      [[], []],
      [[1], []],
    ]);
  });

  it.each([
    [{ start: 3, end: 3 }, /the range to track is empty: got 3:3/],
    [{ start: 5, end: 2 }, /the range to track is empty/],
    [{ start: 2, end: COUNT + 1 }, /goes beyond clip\.mp4/],
    [{ start: -1 }, /goes beyond/],
    [{ start: 0.5 }, /goes beyond/],
  ])("the range %o", async (range, says) => {
    await expect(open("range", { range })).rejects.toMatchObject({ code: "tracking/range" });
    await expect(open("range", { range })).rejects.toThrow(says);
    expect(await readdir(folder)).toEqual([]);
  });

  it("to go on where nothing was begun, to track without labels, labels given twice, labels while it tracks", async () => {
    await using tracker = await open("none");
    await expect(all(tracker.resume())).rejects.toMatchObject({ code: "session/none" });
    await expect(all(tracker.track())).rejects.toMatchObject({ code: "labels/missing" });
    await tracker.addLabel({ frame: 0, mask: truth[0] });
    await expect(tracker.addLabel({ frame: 0, mask: truth[0] })).rejects.toMatchObject({ code: "labels/twice" });
    for await (const { frame } of tracker.track()) {
      expect(tracker.state).toBe("tracking");
      await expect(tracker.addLabel({ frame: frame.index, mask: truth[0] })).rejects.toMatchObject({
        code: "session/busy",
      });
      break;
    }
    expect(tracker.state).toBe("ready");
  });
});

/** A loose box around the red block of frame t. */
const redBox = (t: number) => ({ name: "3", x: 5 + 2 * t, y: 5, width: 22, height: 22 });
/** The clip with other noise, as another decoder gives it. */
const noisier = frames.map((frame) => ({ ...frame, data: frame.data.map((v, i) => v + (i % 2)) }));

const keyMask = (name: string) => readMaskPng(at(name, "labels/00000.png"));
const written = async (name: string) => JSON.parse(await readFile(at(name, "session.json"), "utf8"));

describe("boxes of a session", () => {
  it("become the thing inside, also in a correction; as rectangles on request", async () => {
    await using tracker = await open("refined");
    await tracker.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    expect(intersectionOverUnion(await keyMask("refined"), truth[0], 3)).toBeGreaterThan(0.9);
    expect((await written("refined")).boxes).toBe("refine");
    await all(tracker.correct({ frame: 6, boxes: [redBox(6)] }));
    const corrected = await readMaskPng(at("refined/labels/00006.png"));
    expect(intersectionOverUnion(corrected, truth[6], 3)).toBeGreaterThan(0.9);
    await using exact = await open("rectangle", { boxes: "exact" });
    await exact.addLabel({ frame: 0, boxes: [redBox(0)] });
    expect((await keyMask("rectangle")).data.filter((id) => id === 3).length).toBe(22 * 22);
  });

  it("given again they change nothing, though the frames come out a little differently", async () => {
    await using first = await open("again");
    await first.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    const [key] = first.keys;
    await using second = await open("again", { source: sourceOf(noisier) });
    await second.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    expect(second.keys).toEqual([key]);
    await second.setLabels([{ frame: 0, boxes: [{ ...redBox(0), x: 6 }] }]);
    expect(second.keys[0].given).not.toBe(key.given);
  });

  it("stand in a frame in which something of another frame ends, in any order", async () => {
    await using tracker = await open("ends");
    await tracker.setLabels([
      { frame: 3, boxes: [redBox(3)], ends: ["tail"] },
      { frame: 0, points: [{ name: "tail", x: 30, y: 30 }] },
    ]);
    expect(tracker.keys.map(({ frame, objects, endedPoints }) => [frame, objects, endedPoints])).toEqual([
      [0, [], []],
      [3, [3], ["tail"]],
    ]);
    const mask = await readMaskPng(at("ends/labels/00003.png"));
    expect(intersectionOverUnion(mask, truth[3], 3)).toBeGreaterThan(0.9);
  });

  it("what is beneath a box shows around the thing in it", async () => {
    await using tracker = await open("over", { direction: "both" });
    const ground = { ...truth[0], data: new Uint8Array(truth[0].data.length).fill(9) };
    await tracker.setLabels([
      { frame: 0, boxes: [redBox(0)] },
      { frame: 0, mask: ground, objects: [9] },
    ]);
    const { data, width } = await keyMask("over");
    expect([data[6 * width + 6], data[16 * width + 16]]).toEqual([9, 3]);
  });

  it("a session of an earlier version keeps rectangles; a new shape takes the place of the old", async () => {
    await using first = await open("old", { boxes: "exact" });
    await first.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    const { boxes: _, ...older } = await written("old");
    await writeFile(at("old/session.json"), JSON.stringify(older));
    await using second = await open("old");
    await second.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    expect(second.keys).toEqual(first.keys);
    await using third = await open("old", { boxes: "refine" });
    await third.setLabels([{ frame: 0, boxes: [redBox(0)] }]);
    expect(third.keys[0].digest).not.toBe(first.keys[0].digest);
    expect((await written("old")).boxes).toBe("refine");
  });

  it("refuses a wrong box before it writes anything", async () => {
    await using tracker = await open("wrong");
    const labels = [
      { frame: 0, boxes: [redBox(0)] },
      { frame: 1, boxes: [{ ...redBox(0), x: 55 }] },
    ];
    await expect(tracker.setLabels(labels)).rejects.toMatchObject({ code: "boxes/outside" });
    expect(await readdir(folder)).not.toContain("wrong");
  });
});
