import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import type { FaultRow } from "../../src/monitor/faultEvent.ts";
import { type Clock, monitorLive } from "../../src/monitor/monitorLive.ts";
import { madeFaults } from "../../src/synthetic/degraded/cameraFaults.ts";
import type { Frame } from "../../src/video/frame.ts";
import type { LiveFrames } from "../../src/video/sources/liveSource.ts";
import { temporaryFolder } from "../training/footage.ts";
import { frames } from "./clips.ts";

/** When the tests' clock begins. */
const START = Date.UTC(2026, 11, 1, 8);
let root: string;
let dark: readonly Frame[];

beforeAll(async () => {
  root = await temporaryFolder();
  const all: Frame[] = [];
  // Dark from 3 to 6 s, 9 s in all.
  for await (const frame of frames({ made: madeFaults.tooDark, strength: 7 })) all.push(frame);
  dark = all;
});
afterAll(() => rm(root, { recursive: true }));

/** A clock that only goes on when a frame comes, or somebody waits. */
class MadeClock implements Clock {
  ms = START;
  readonly waits: number[] = [];
  now = (): number => this.ms;
  wait = async (ms: number): Promise<void> => {
    this.waits.push(ms);
    this.ms += ms;
  };
}

/** What happens when the source is opened: frames come, or an error. */
type Connection = readonly Frame[] | Error;

/** A source that is opened again and again; when no connection is left, the run is stopped. */
function camera(clock: MadeClock, connections: readonly Connection[]) {
  const controller = new AbortController();
  const left = [...connections];
  const open = async (): Promise<LiveFrames> => {
    const next = left.shift();
    if (next === undefined) controller.abort(new Error("enough"));
    if (next instanceof Error) throw next;
    return live(clock, next ?? []);
  };
  return { open, signal: controller.signal, isLasting: true, clock };
}

function live(clock: MadeClock, given: readonly Frame[]): LiveFrames {
  let before: number | undefined;
  return {
    dropped: 0,
    catchUp() {},
    age: () => 0,
    close: async () => {},
    async *[Symbol.asyncIterator]() {
      for (const frame of given) {
        clock.ms += 1000 * (frame.timeSec - (before ?? frame.timeSec));
        before = frame.timeSec;
        // Its index and time are those of the connection.
        yield { ...frame, index: frame.index - given[0].index, timeSec: frame.timeSec - given[0].timeSec };
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

const gone = () => new UserError("video/live", { what: "nobody there" });
const at = (name: string): string => join(root, name);
const monitor = (name: string, clock: MadeClock, connections: readonly Connection[], told: FaultRow[] = []) =>
  monitorLive({
    ...camera(clock, connections),
    name: "rtsp://camera/",
    out: at(name),
    threads: 1,
    tell: (row) => told.push(row),
  });
const kinds = (events: readonly FaultRow[]) => events.map(({ kind, state }) => `${kind} ${state}`);

describe("a live source", () => {
  it("that dies is tried again, each time after a longer wait; without it there is no signal", async () => {
    const clock = new MadeClock();
    const told: FaultRow[] = [];
    const connections = [dark.slice(0, 28), gone(), gone(), dark.slice(60)];
    const { events, frames: count, open } = await monitor("dies", clock, connections, told);
    expect(kinds(events)).toEqual(["signalLost begin", "signalLost end"]);
    expect(told).toEqual(events);
    // 1, 2 and 4 s without it, then 1 s anew after frames have come.
    expect(clock.waits).toEqual([1000, 2000, 4000, 1000]);
    const [begin, end] = events;
    expect(begin).toMatchObject({ time_s: 2.7, frame: 27, picture: null, clock: "2026-12-01T08:00:02.700Z" });
    // Known at the end of the wait after which more than 2 s had passed.
    expect(begin.known_s).toBeCloseTo(5.7, 3);
    expect(end.time_s).toBeCloseTo(9.7, 1);
    expect(end.value).toBeCloseTo(7, 1);
    expect([count, open]).toEqual([58, []]);
    const summary = JSON.parse(await readFile(join(at("dies"), "summary.json"), "utf8")) as object;
    expect(summary).toMatchObject({ source: "rtsp://camera/", startedAt: "2026-12-01T08:00:00.000Z", frames: 58 });
  });

  it("is watched on by the same command: what was told is not told again, and time that nobody watched is none lost", async () => {
    const clock = new MadeClock();
    const first: FaultRow[] = [];
    await monitor("on", clock, [dark.slice(0, 50)], first);
    expect(kinds(first)).toEqual(["tooDark begin"]);
    // What a killed process had written after its last checkpoint is not known to have happened.
    await appendFile(join(at("on"), "events.jsonl"), '{"kind":"covered"');
    clock.ms += 60_000;
    const second: FaultRow[] = [];
    const { events, open } = await monitor("on", clock, [dark.slice(50)], second);
    expect(kinds(events)).toEqual(["tooDark begin", "tooDark end"]);
    expect(second).toEqual(events.slice(1));
    expect(second[0].time_s).toBeGreaterThan(60);
    expect(second[0].frame).toBeGreaterThanOrEqual(60);
    expect(open).toEqual([]);
  });

  it("whose address gives nothing is an error at once; a pipe ends where it ends", async () => {
    const clock = new MadeClock();
    await expect(monitor("never", clock, [gone()])).rejects.toMatchObject({ code: "video/live" });
    const pipe = { ...camera(clock, [dark.slice(0, 30)]), isLasting: false };
    const outcome = await monitorLive({ ...pipe, name: "stdin", out: at("pipe"), threads: 1 });
    expect([outcome.frames, clock.waits]).toEqual([30, []]);
  });

  it("over which nothing comes any more is told, and opened again", async () => {
    const clock = new MadeClock();
    const told: FaultRow[] = [];
    const controller = new AbortController();
    let opened = 0;
    const open = async (): Promise<LiveFrames> => {
      if (opened++ > 0) controller.abort();
      let close: (() => void) | undefined;
      const closed = new Promise<void>((resolve) => (close = resolve));
      const source = live(clock, opened === 1 ? dark.slice(0, 25) : []);
      return {
        ...source,
        close: async () => close?.(),
        async *[Symbol.asyncIterator]() {
          yield* source;
          // It hangs; time goes by for whoever looks at the clock.
          clock.now = () => (clock.ms += 700);
          await closed;
        },
      };
    };
    const options = { open, isLasting: true, clock, signal: controller.signal, threads: 1 };
    await monitorLive({ ...options, name: "rtsp://camera/", out: at("hangs"), tell: (row) => told.push(row) });
    expect(kinds(told)).toEqual(["signalLost begin"]);
    expect(opened).toBe(2);
  });
});
