/** @file How large a session's frames are encoded: decided by its first labels, and kept. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../../../src/core/log.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import { type Mode, modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { FrameLabels } from "../../../src/tracking/session/keyFrame.ts";
import { Tracker, type TrackerOptions } from "../../../src/tracking/session/tracker.ts";
import { frameList } from "../../../src/video/frameList.ts";
import { resizeLabels, resizeRgb } from "../../../src/video/resize.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { clip } from "../blocks.ts";

const [WIDTH, HEIGHT] = [200, 190];
const small = clip(3);
const frames = small.frames.map((frame) => ({
  ...frame,
  width: WIDTH,
  height: HEIGHT,
  data: resizeRgb(frame, WIDTH, HEIGHT),
}));
const mask = resizeLabels(small.truth[0], WIDTH, HEIGHT);
const points = [{ name: "red", x: 52, y: 67 }];

let folder: string;
let sizes: Set<string>;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-size-"));
  [sizes, lines] = [new Set(), []];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A cell for every pixel, so that limits of rows are pixels here. */
function watched(): FeatureExtractor {
  const inner = pooledColours(1);
  const encode: FeatureExtractor["encode"] = (picture) => {
    sizes.add(`${picture.width}x${picture.height}`);
    return inner.encode(picture);
  };
  return { ...inner, encode };
}

const info = (line: string): void => {
  if (line.includes("encoded at")) lines.push(line);
};

function open(options: Partial<TrackerOptions> = {}): Promise<Tracker> {
  const source = frameList(frames, "clip.mp4");
  const protocol = resolveProtocol("default", { memory: { recent: 1 }, target: "none" });
  return Tracker.open({
    folder,
    source,
    encoder: watched(),
    protocol,
    threads: 1,
    logger: { ...silent, info },
    ...options,
  });
}

/** @returns frames tracked */
async function track(tracker: Tracker): Promise<number> {
  let count = 0;
  for await (const _ of tracker.track()) count++;
  return count;
}

/** The mode in `session.json`; with an argument it is changed, as an earlier version had it. */
async function kept(change?: Partial<Mode>): Promise<Mode> {
  const path = join(folder, "session.json");
  const session = JSON.parse(await readFile(path, "utf8")) as { settings: { mode: Mode } };
  if (change === undefined) return session.settings.mode;
  session.settings.mode = { ...session.settings.mode, ...change };
  await writeFile(path, JSON.stringify(session));
  return session.settings.mode;
}

const told = (size: string): string =>
  `frames of ${WIDTH}x${HEIGHT} are encoded at ${size}; --short-side ${HEIGHT} keeps their size`;

describe("a session begins", () => {
  it.each<[string, Mode, Omit<FrameLabels, "frame">, string]>([
    ["masks, fast: 180 rows", modes.fast, { mask }, "189x180"],
    ["masks, exact: all", modes.exact, { mask }, "200x190"],
    ["points, exact: 80 rows", modes.exact, { points }, "84x80"],
    ["points, fast: 80 rows", modes.fast, { points }, "84x80"],
    ["masks and points, exact: 180 rows", modes.exact, { mask, points }, "189x180"],
    ["masks and points, live: its own", modes.live, { mask, points }, "48x46"],
  ])("with %s", async (_, mode, labels, size) => {
    await using tracker = await open({ mode });
    await tracker.addLabel({ frame: 0, ...labels });
    expect(await track(tracker)).toBe(frames.length);
    expect([...sizes]).toEqual([size]);
    expect(lines).toEqual(size === "200x190" ? [] : [told(size)]);
    expect(await kept()).toEqual(tracker.mode);
  });

  it("with the labels of all frames that are set at once", async () => {
    await using tracker = await open();
    await tracker.setLabels([
      { frame: 0, points },
      { frame: 1, mask },
    ]);
    await track(tracker);
    expect([...sizes]).toEqual(["189x180"]);
  });

  it("with the size that was asked for, whatever is labelled, and says nothing", async () => {
    const protocol = resolveProtocol("default", { memory: { recent: 1 }, shortSide: 185 });
    await using tracker = await open({ protocol });
    await tracker.addLabel({ frame: 0, points });
    await track(tracker);
    expect([...sizes]).toEqual(["195x185"]);
    expect(lines).toEqual([]);
  });

  it("only with labels that are kept: those that failed decide nothing", async () => {
    await using tracker = await open();
    await writeFile(join(folder, "session.lock"), "1 another-machine\n");
    await expect(tracker.addLabel({ frame: 0, points })).rejects.toMatchObject({ code: "lock/busy" });
    await rm(join(folder, "session.lock"));
    await tracker.addLabel({ frame: 0, mask });
    await track(tracker);
    expect([...sizes]).toEqual(["200x190"]);
  });
});

describe("a session keeps its size", () => {
  it("when masks join points, also opened anew", async () => {
    {
      await using tracker = await open();
      await tracker.addLabel({ frame: 0, points });
    }
    await using again = await open();
    await again.addLabel({ frame: 0, mask });
    expect(await track(again)).toBe(frames.length);
    expect([...sizes]).toEqual(["84x80"]);
    expect(lines).toEqual([told("84x80")]);
  });

  it.each<[string, Mode, Omit<FrameLabels, "frame">]>([
    ["masks in fast", modes.fast, { mask }],
    ["points", modes.exact, { points }],
  ])("begun before there were limits: %s stay at the full size", async (_, mode, labels) => {
    {
      await using tracker = await open({ mode });
      await tracker.addLabel({ frame: 0, ...labels });
      await kept({ cellRows: null });
    }
    await using again = await open({ mode });
    for await (const { frame } of again.track()) if (frame.index === 0) break;
    await using third = await open({ mode });
    expect(await track(third)).toBe(frames.length - 1);
    await using fourth = await open({ mode });
    expect([fourth.state, await track(fourth)]).toEqual(["done", 0]);
    for await (const _frame of fourth.correct({ frame: 1, ...labels }));
    expect([...sizes]).toEqual(["200x190"]);
    expect(lines).toEqual([]);
    expect((await kept()).cellRows).toBeNull();
  });

  it.each([
    ["masks, whose settings say nothing that matters", { mask }, undefined],
    ["points, searched near where they were", { points }, "another value of protocol.pointMotion"],
  ] as const)("begun before points were followed by their motion: %s", async (_, labels, refusal) => {
    const path = join(folder, "session.json");
    {
      await using tracker = await open();
      await tracker.addLabel({ frame: 0, ...labels });
    }
    const session = JSON.parse(await readFile(path, "utf8")) as { settings: { protocol: Record<string, unknown> } };
    delete session.settings.protocol.pointMotion;
    await writeFile(path, JSON.stringify(session));
    const former = {
      protocol: resolveProtocol("default", { memory: { recent: 1 }, target: "none", pointMotion: "none" }),
    };
    if (refusal !== undefined) await expect(open()).rejects.toThrow(refusal);
    await using again = await open(refusal === undefined ? {} : former);
    expect(await track(again)).toBe(frames.length);
  });

  it("and refuses another that is asked for", async () => {
    await using tracker = await open();
    await tracker.addLabel({ frame: 0, points });
    const protocol = resolveProtocol("default", { memory: { recent: 1 }, target: "none", shortSide: 190 });
    await expect(open({ protocol })).rejects.toThrow("another value of protocol.shortSide: got 190, expected null");
  });
});
