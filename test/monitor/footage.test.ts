import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultRow } from "../../src/monitor/faultEvent.ts";
import { monitorFootage } from "../../src/monitor/monitorFootage.ts";
import { madeFaults } from "../../src/synthetic/degraded/cameraFaults.ts";
import { monitorTask } from "../../src/tasks/monitor.ts";
import type { Frame } from "../../src/video/frame.ts";
import { frameList } from "../../src/video/frameList.ts";
import { encodePng } from "../../src/video/writing/png.ts";
import { makeFolders } from "../../src/core/files.ts";
import { tsumugi } from "../cli/cli.ts";
import { receiver } from "../outbox/receiver.ts";
import { frames } from "./clips.ts";

let root: string;
const at = (...names: string[]): string => join(root, ...names);
let clip: readonly Frame[];
const source = () => frameList(clip, "camera.mp4");
const text = (name: string): Promise<string> => readFile(at(name), "utf8");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "monitor-"));
  const all: Frame[] = [];
  for await (const frame of frames({ made: madeFaults.tooDark, strength: 7 })) all.push(frame);
  clip = all;
});
afterAll(() => rm(root, { recursive: true }));

describe("a monitored recording", () => {
  it("leaves events, a picture of the fault beside one from before, and a summary", async () => {
    const told: FaultRow[] = [];
    const outcome = await monitorFootage({
      source: source(),
      out: at("whole"),
      threads: 1,
      tell: (row) => told.push(row),
    });
    expect(outcome).toMatchObject({ frames: 90, counts: { tooDark: 1 }, open: [] });
    expect(outcome.events.map(({ kind, state }) => [kind, state])).toEqual([
      ["tooDark", "begin"],
      ["tooDark", "end"],
    ]);
    expect(told).toEqual(outcome.events);
    expect(outcome.events.map(({ picture }) => picture)).toEqual(["pictures/00000-tooDark.jpg", null]);
    const lines = (await text("whole/events.jsonl")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(outcome.events);
    const [head, first] = (await text("whole/events.csv")).split("\n");
    expect(head).toBe("time_s,frame,kind,state,since_s,value,unit,known_s,picture,clock");
    expect(first).toMatch(/^3,30,tooDark,begin,,\d+(\.\d+)?,level,4(\.\d+)?,pictures\/00000-tooDark\.jpg,$/u);
    expect(JSON.parse(await text("whole/summary.json"))).toMatchObject({ format: "tsumugi-monitor/1", frames: 90 });
    const jpeg = await readFile(at("whole/pictures/00000-tooDark.jpg"));
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  });

  it("that is complete is not monitored again, and another one is refused", async () => {
    const told: FaultRow[] = [];
    const again = await monitorFootage({
      source: source(),
      out: at("whole"),
      threads: 1,
      tell: (row) => told.push(row),
    });
    expect([told, again.events.length]).toEqual([[], 2]);
    const other = frameList(clip.slice(0, 50), "other.mp4");
    await expect(monitorFootage({ source: other, out: at("whole") })).rejects.toMatchObject({ code: "monitor/used" });
  });

  it("does not touch the events of another command, nor those whose checkpoint is damaged", async () => {
    await makeFolders(at("others"));
    await writeFile(at("others", "events.jsonl"), '{"kind":"cross"}\n');
    await cp(at("whole"), at("damaged"), { recursive: true });
    await writeFile(at("damaged", "checkpoint.bin"), "{}");
    for (const name of ["others", "damaged"]) {
      const before = await text(`${name}/events.jsonl`);
      await expect(monitorFootage({ source: source(), out: at(name) })).rejects.toMatchObject({ code: "monitor/used" });
      expect(await text(`${name}/events.jsonl`)).toBe(before);
    }
  });

  it("stopped in the middle resumes: the events are those of one that was not stopped", async () => {
    for (const stop of [20, 45, 70]) {
      const controller = new AbortController();
      const stopping = frameList(clip, "camera.mp4");
      const inner = stopping.frames.bind(stopping);
      stopping.frames = async function* (range) {
        for await (const frame of inner(range)) {
          if (frame.index === stop) controller.abort(new Error("enough"));
          yield frame;
        }
      };
      const stopped = monitorFootage({ source: stopping, out: at("parts"), threads: 1, signal: controller.signal });
      await expect(stopped).rejects.toThrow("enough");
    }
    const outcome = await monitorFootage({ source: source(), out: at("parts"), threads: 1 });
    expect(outcome.events).toHaveLength(2);
    expect(await text("parts/events.jsonl")).toBe(await text("whole/events.jsonl"));
  });

  it("cannot leave its events among its frames, or in a file", async () => {
    await makeFolders(at("clip"));
    await expect(monitorTask.run({ step: "watch", video: at("clip"), out: at("clip") })).rejects.toMatchObject({
      code: "track/out",
    });
    await writeFile(at("file"), "");
    await expect(monitorFootage({ source: source(), out: at("file") })).rejects.toMatchObject({ code: "file/write" });
  });
});

describe("tsumugi monitor", () => {
  it("killed in the middle goes on with the same command; prints and sends events as they are known, each once", async () => {
    await using hook = await receiver();
    await makeFolders(at("frames"));
    for (const { name, ...picture } of clip) await writeFile(at("frames", `${name}.png`), await encodePng(picture));
    const args = (out: string): string[] => ["monitor", at("frames"), "--out", at(out), "--threads", "1"];
    const sending = [...args("killed"), "--send", `http://user:secret@${hook.address}`];
    const { code } = await tsumugi(sending, () => Promise.resolve(hook.ids().length > 0), "SIGKILL");
    expect(code).toBeNull();
    const resumed = await tsumugi([...sending, "--json"]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.err).not.toContain("secret");
    const lines = (await text("killed/events.jsonl")).trimEnd().split("\n");
    const received = new Map(hook.requests.flatMap(({ events }) => events).map((event) => [event.id, event]));
    expect([...received.values()]).toMatchObject(lines.map((line) => JSON.parse(line) as object));
    // Only the answer that the killed process did not see may bring one again, under its id.
    expect(hook.ids().length - received.size).toBeLessThanOrEqual(1);
    const whole = await tsumugi(args("unkilled"));
    expect(await text("killed/events.jsonl")).toBe(await text("unkilled/events.jsonl"));
    expect(whole.out).toMatch(/^0:01\.\d too dark \(pictures\/00000-tooDark\.jpg\)\n/u);
    expect(whole.out).toContain("1 fault in 90 frames (4 s)\nstill so at the end: too dark\n");
  });
});
