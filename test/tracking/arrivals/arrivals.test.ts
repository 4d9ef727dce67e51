/** @file Things that come in, through the tracker: a clip of coloured blocks on patterned ground. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { Random } from "../../../src/core/random.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { propagateMasks, type PropagationOptions } from "../../../src/tracking/propagation.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { SessionFrame } from "../../../src/tracking/session/execution.ts";
import { Tracker, type TrackerOptions } from "../../../src/tracking/session/tracker.ts";
import { frameList } from "../../../src/video/frameList.ts";
import type { Frame } from "../../../src/video/frame.ts";
import type { LabelMap } from "../../../src/video/labelMap.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

const [WIDTH, HEIGHT, COUNT] = [128, 72, 26];
const SIDE = 20;
/** Where blocks are in frame t, and their ids in the truth. All are red but the blue one, 9. */
const blocks = (t: number) => [
  { id: 1, x: 40 + 3 * t, y: 8 },
  { id: 2, x: -26 + 3 * t, y: 8 },
  { id: 3, x: -38 + 3 * t, y: 42 },
  { id: 9, x: 100, y: 44 },
];

const inside = (x: number, y: number, t: number) =>
  blocks(t).find((block) => x >= block.x && x < block.x + SIDE && y >= block.y && y < block.y + SIDE);

function frameAt(t: number): { frame: Frame; truth: LabelMap } {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  const labels = new Uint8Array(WIDTH * HEIGHT);
  const ground = new Random(5);
  const pattern = Array.from({ length: WIDTH * HEIGHT }, () => ground.integer(60));
  for (let p = 0; p < labels.length; p++) {
    const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
    const block = inside(x, y, t);
    labels[p] = block?.id ?? 0;
    // Blocks have a pattern too, which moves with them.
    const grain = block === undefined ? pattern[p] : pattern[(y - block.y) * WIDTH + x - block.x];
    const colour = block === undefined ? [60, 110, 60] : block.id === 9 ? [40, 40, 190] : [190, 40, 40];
    for (let c = 0; c < 3; c++) data[3 * p + c] = colour[c] + grain;
  }
  const name = String(t).padStart(5, "0");
  return {
    frame: { index: t, timeSec: t / 25, name, width: WIDTH, height: HEIGHT, data },
    truth: { width: WIDTH, height: HEIGHT, data: labels },
  };
}

const clip = Array.from({ length: COUNT }, (_, t) => frameAt(t));
const only = (mask: LabelMap, ...ids: number[]): LabelMap => ({
  ...mask,
  data: mask.data.map((id) => (ids.includes(id) ? id : 0)),
});
const common = {
  source: frameList(
    clip.map(({ frame }) => frame),
    "blocks",
  ),
  encoder: pooledColours(4),
  protocol: resolveProtocol("default"),
  mode: modes.fast,
  threads: 1,
};

async function track(options: Partial<PropagationOptions>) {
  const out: { labels: LabelMap; ids: number[] }[] = [];
  const first = only(clip[0].truth, 1);
  for await (const { labels, objects } of propagateMasks({ ...common, first, ...options }))
    out.push({ labels, ids: objects.map(({ id }) => id) });
  return out;
}

/** IoU of the mask with value `found` and the true one with value `id`. */
function overlap(t: number, labels: LabelMap, id: number, found: number): number {
  let [both, either] = [0, 0];
  for (const [p, value] of clip[t].truth.data.entries()) {
    const [a, b] = [value === id, labels.data[p] === found];
    if (a && b) both++;
    if (a || b) either++;
  }
  return both / either;
}

const LIKE = { what: "like:1" };
let whole: Awaited<ReturnType<typeof track>>;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-arrivals-"));
  whole = await track({ arrivals: LIKE });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const refused = (options: Partial<PropagationOptions>): Promise<unknown> =>
  track(options).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("arrivals like an example", () => {
  it("are found as they come in, each with its own id, and outlined", () => {
    const { labels, ids } = whole[COUNT - 8];
    expect(ids).toEqual([1, 2, 3]);
    for (const id of [1, 2, 3]) expect(overlap(COUNT - 8, labels, id, id)).toBeGreaterThan(0.8);
  });

  it("a camera cut is reported once, with and without other labels", async () => {
    const other = clip
      .slice(0, 4)
      .map(({ frame }) => ({ ...frame, data: frame.data.map((value, i) => (i % 7) * 36 - (value >> 3)) }));
    const frames = [...clip.slice(0, 3).map(({ frame }) => frame), ...other].map((frame, index) => ({
      ...frame,
      index,
    }));
    for (const ids of [[1], [1, 9]]) {
      const warned: string[] = [];
      const logger = { ...silent, warn: (message: string) => void warned.push(message) };
      const first = only(clip[0].truth, ...ids);
      await track({ arrivals: LIKE, first, logger, source: frameList(frames, "cut") });
      expect(
        warned.filter((message) => message.includes("cut")),
        ids.join(),
      ).toHaveLength(1);
    }
  });

  it("keep their ids in every frame, and what looks otherwise gets none", () => {
    for (const [t, { labels }] of whole.entries()) {
      const found = new Set(labels.data);
      expect([...found].every((id) => id <= 3)).toBe(true);
      for (const id of [2, 3]) if (found.has(id)) expect(overlap(t, labels, id, id)).toBeGreaterThan(0.5);
    }
  });

  it("are the same in mode live", async () => {
    const live = await track({ arrivals: { what: "like:any" }, mode: modes.live });
    expect(live[COUNT - 8].ids).toEqual([1, 2, 3]);
  });

  it("leave other labelled objects as they would be without", async () => {
    const both = await track({ arrivals: LIKE, first: only(clip[0].truth, 1, 9) });
    const { labels, ids } = both[COUNT - 8];
    expect(ids).toEqual([1, 9, 10, 11]);
    expect(overlap(COUNT - 8, labels, 9, 9)).toBeGreaterThan(0.9);
    expect(overlap(COUNT - 8, labels, 3, 11)).toBeGreaterThan(0.8);
  });

  it("cannot be corrected, and are refused by name where they make no sense", async () => {
    expect(await refused({ arrivals: { what: "cars" } })).toMatchObject({ code: "arrivals/unknown" });
    expect(await refused({ arrivals: { what: "like:7" } })).toMatchObject({ code: "arrivals/name" });
    const dot = only(clip[0].truth);
    dot.data[5] = 1;
    expect(await refused({ arrivals: LIKE, first: dot })).toMatchObject({ code: "arrivals/example" });
    for await (const { frame, labels, correct } of propagateMasks({
      ...common,
      first: only(clip[0].truth, 1),
      arrivals: LIKE,
    }))
      if (frame.index === 1) {
        expect(() => correct(labels)).toThrow(expect.objectContaining({ code: "tracking/correct" }));
        break;
      }
  });
});

describe("arrivals that move", () => {
  it("become objects beside what is labelled, and not around it", async () => {
    const moving = await track({ arrivals: { what: "moving" }, first: only(clip[0].truth, 1, 9) });
    const { labels, ids } = moving[COUNT - 10];
    expect(ids).toEqual(expect.arrayContaining([1, 9]));
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...ids.map((id) => overlap(COUNT - 10, labels, 3, id)))).toBeGreaterThan(0.5);
    const isBeside = (t: number) => (id: number, p: number) => id > 9 && clip[t].truth.data[p] === 1;
    const besideFirst = moving.filter((found, t) => found.labels.data.some(isBeside(t)));
    expect(besideFirst).toEqual([]);
  });
});

const open = (name: string, options: Partial<TrackerOptions> = {}): Promise<Tracker> =>
  Tracker.open({ folder: join(root, name), ...common, arrivals: LIKE, ...options });

async function some(tracker: Tracker, most: number): Promise<SessionFrame[]> {
  const out: SessionFrame[] = [];
  for await (const frame of tracker.track()) if (out.push(frame) >= most) break;
  return out;
}

describe("a session with arrivals", () => {
  it("that stops again and again gives the bits of a run without a stop", async () => {
    const first = only(clip[0].truth, 1);
    let next = 0;
    for (let run = 0; next < COUNT; run++) {
      await using tracker = await open("stopped");
      if (run === 0) await tracker.addLabel({ frame: 0, mask: first });
      const frames = await some(tracker, 4 + run);
      expect(frames.length).toBeGreaterThan(0);
      for (const { frame, labels, objects } of frames) {
        expect(frame.index).toBe(next);
        expect(labels.data).toEqual(whole[next].labels.data);
        expect(objects.map(({ id }) => id)).toEqual(whole[next].ids);
        next++;
      }
    }
    await using done = await open("stopped");
    expect(done.state).toBe("done");
  });

  it("is forward, of one labelled frame, and not another without them", async () => {
    await using back = await open("back", { direction: "both" });
    await back.addLabel({ frame: 0, mask: only(clip[0].truth, 1) });
    await expect(some(back, 1)).rejects.toMatchObject({ code: "arrivals/one-frame" });
    await back.addLabel({ frame: 3, mask: only(clip[3].truth, 1) });
    await using two = await open("back");
    await expect(some(two, 1)).rejects.toMatchObject({ code: "arrivals/one-frame" });
    await using points = await open("points");
    await points.addLabel({ frame: 0, points: [{ name: "nose", x: 9, y: 9 }] });
    await expect(some(points, 1)).rejects.toMatchObject({ code: "arrivals/name" });
    // A list of labels is checked before any is written: the folder stays as if nothing had been asked for.
    const first = { frame: 0, mask: only(clip[0].truth, 1) };
    await using wrong = await open("wrong", { arrivals: { what: "like:cat" } });
    await expect(wrong.setLabels([first])).rejects.toMatchObject({ code: "arrivals/name" });
    await using unknown = await open("wrong", { arrivals: { what: "sometimes" } });
    await expect(unknown.setLabels([first])).rejects.toMatchObject({ code: "arrivals/unknown" });
    await using many = await open("wrong");
    const second = { frame: 3, mask: only(clip[3].truth, 1) };
    await expect(many.setLabels([first, second])).rejects.toMatchObject({ code: "arrivals/one-frame" });
    await expect(readdir(join(root, "wrong"))).rejects.toThrow("ENOENT");
    await many.setLabels([first]);
    await expect(many.setLabels([second])).rejects.toMatchObject({ code: "arrivals/one-frame" });
    expect(many.keys.map(({ frame }) => frame)).toEqual([0]);
    await expect(open("stopped", { arrivals: undefined })).rejects.toMatchObject({ code: "session/settings" });
    await expect(open("stopped", { arrivals: { what: "moving" } })).rejects.toMatchObject({ code: "session/settings" });
  });
});
