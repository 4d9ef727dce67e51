import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventsTask } from "../../src/tasks/events.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { receiver } from "../outbox/receiver.ts";
import type { ZonesInput } from "../../src/watch/zones.ts";

let root: string;
const at = (name: string): string => join(root, name);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "events-"));
});
afterEach(() => rm(root, { recursive: true }));

const ZONES: ZonesInput = {
  size: { width: 32, height: 16 },
  lines: [{ name: "gate", from: [16, 16], to: [16, 0], debounceSec: 0 }],
};

const zonesFile = async (zones: object = ZONES): Promise<string> => {
  await writeFile(at("zones.json"), JSON.stringify(zones));
  return at("zones.json");
};

/** A square of 4 pixels that goes from left to right. */
async function masks(frames = 8): Promise<string> {
  await mkdir(at("masks"));
  await mkdir(at("clip"));
  for (let i = 0; i < frames; i++) {
    const data = new Uint8Array(32 * 16);
    for (let y = 6; y < 10; y++) data.fill(1, 32 * y + 3 * i, 32 * y + 3 * i + 4);
    const name = String(i).padStart(5, "0");
    await writeMaskPng(at(`masks/${name}.png`), { width: 32, height: 16, data });
    const picture = { width: 32, height: 16, data: new Uint8Array(32 * 16 * 3).fill(90) };
    await writeFile(at(`clip/${name}.png`), await encodePng(picture));
  }
  return at("masks");
}

const run = async (more: object = {}) =>
  eventsTask.run({ tracks: at("masks"), zones: at("zones.json"), out: at("out"), ...more });

describe("the task events", () => {
  it("tells what masks do, with tables, pictures and an overlay", async () => {
    await zonesFile();
    await masks();
    const { events, frames, things, files } = await run({ video: at("clip") });
    expect(events).toMatchObject([{ kind: "cross", zone: "gate", object: "1", direction: "forward", frame: 5 }]);
    // 25 frames a second, as folders of pictures have.
    expect(events[0].timeSec).toBeCloseTo(0.2, 6);
    expect([frames, things]).toEqual([8, 1]);
    expect((await readFile(at("out/events.csv"), "utf8")).split("\n")).toHaveLength(3);
    expect(JSON.parse(await readFile(at("out/events.jsonl"), "utf8"))).toMatchObject({ kind: "cross" });
    expect(JSON.parse(await readFile(at("out/summary.json"), "utf8"))).toMatchObject({ events: 1, doubtful: 0 });
    for (const name of ["counts.csv", "dashboard.png", "dashboard.svg"]) await stat(at(`out/${name}`));
    expect((await stat(files.overlay ?? "")).size).toBeGreaterThan(0);
  });

  it("sends what happened once; the same again only where it is other than it was", async () => {
    await masks();
    await zonesFile();
    await using hook = await receiver();
    const send = [`http://${hook.address}`];
    const { events, unsent } = await run({ fps: 10, send });
    expect([unsent, hook.requests.flatMap((one) => one.events).map(({ kind }) => kind)]).toEqual([
      [],
      events.map(({ kind }) => kind),
    ]);
    await run({ fps: 10, send });
    expect(hook.ids()).toHaveLength(events.length);
    await run({ fps: 20, send });
    expect(new Set(hook.ids()).size).toBe(2 * events.length);
  });

  it("needs times: from the clip, or a frame rate", async () => {
    await zonesFile();
    await masks();
    await expect(run()).rejects.toMatchObject({ code: "events/time" });
    const { events, files } = await run({ fps: 5 });
    expect(events[0].timeSec).toBe(1);
    expect(files.overlay).toBeNull();
  });

  it("boxes of MOTChallenge, by the middle of their lower edge, with their confidence", async () => {
    await zonesFile({ ...ZONES, anchor: "foot" });
    const rows = Array.from({ length: 8 }, (_, i) => `${i + 1},4,${1 + 3 * i},7,4,4,${i < 4 ? 0.9 : 0.3},-1,-1,-1`);
    await writeFile(at("tracks.txt"), rows.join("\n"));
    const { events } = await run({ tracks: at("tracks.txt"), fps: 10 });
    expect(events).toMatchObject([{ kind: "cross", confidence: 0.3 }]);
    expect(await readFile(at("out/events.csv"), "utf8")).toContain(",0.3,1\n");
  });

  it("boxes of this project", async () => {
    await zonesFile();
    const rows = Array.from({ length: 8 }, (_, i) => `${i},a,${1 + 3 * i},6,4,4\n`);
    await writeFile(at("boxes.csv"), `frame,name,x,y,width,height\n${rows.join("")}`);
    const { things, events } = await run({ tracks: at("boxes.csv"), fps: 10 });
    expect([things, events.length]).toEqual([1, 1]);
  });

  it("points of this project", async () => {
    await zonesFile();
    const rows = Array.from({ length: 8 }, (_, i) => `${i},nose,${2 + 4 * i},8`);
    await writeFile(at("points.csv"), `frame,name,x,y\n${rows.join("\n")}\n`);
    const { events } = await run({ tracks: at("points.csv"), fps: 10 });
    expect(events).toMatchObject([{ object: "nose", direction: "forward" }]);
  });

  it("says what is wrong", async () => {
    await masks(2);
    await zonesFile({ ...ZONES, size: { width: 64, height: 32 } });
    await expect(run({ video: at("clip") })).rejects.toMatchObject({ code: "zones/size" });
    await zonesFile({ lines: [{ ...ZONES.lines?.[0], class: "car" }] });
    await expect(run({ fps: 9 })).rejects.toThrow('"gate" counts "car": expected one of object');
    await writeFile(at("zones.json"), "{");
    await expect(run({ fps: 9 })).rejects.toMatchObject({ code: "json/invalid" });
    await expect(run({ zones: at("none.json") })).rejects.toMatchObject({ code: "zones/unreadable" });
    await zonesFile();
    await expect(run({ out: at("masks") })).rejects.toThrow(/masks, which is where the tracks are/u);
    await expect(run({ tracks: at("none") })).rejects.toMatchObject({ code: "file/missing" });
  });

  it("nothing to watch is an error", async () => {
    await zonesFile();
    await mkdir(at("empty"));
    await writeMaskPng(at("empty/00000.png"), { width: 32, height: 16, data: new Uint8Array(512) });
    await expect(run({ tracks: at("empty"), fps: 5 })).rejects.toMatchObject({ code: "events/nothing" });
  });

  it("stops when asked to", async () => {
    await zonesFile();
    await masks();
    const given = { tracks: at("masks"), zones: at("zones.json"), out: at("out"), fps: 5 };
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(eventsTask.run(given, { signal: stopped })).rejects.toThrow("enough");
  });
});
