import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judged, monitorTable } from "../../../src/evaluation/monitor/monitorBenchmark.ts";
import { faultTimes, FPS, normalFrames, trialFrames, trialsOf } from "../../../src/evaluation/monitor/trials.ts";
import type { FaultEvent } from "../../../src/monitor/faultEvent.ts";
import { CAMERA_FAULTS } from "../../../src/monitor/faults.ts";
import { evaluateTask } from "../../../src/tasks/evaluate.ts";
import type { Frame } from "../../../src/video/frame.ts";
import { drawn } from "../../footage/clips.ts";

const SIZE = { width: 48, height: 32 };
const base = [0, 1, 2].map((i) => ({ ...SIZE, data: drawn((x, y) => [x + 60 * i, y, 90], SIZE) }));

async function all(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const out: Frame[] = [];
  for await (const frame of frames) out.push(frame);
  return out;
}
const mean = ({ data }: Frame): number => data.reduce((sum, value) => sum + value, 0) / data.length;
const trialOf = (kind: string) => trialsOf(1).findLast((trial) => trial.kind === kind)!;
const same = (a: Frame, b: Frame): boolean => Buffer.compare(a.data, b.data) === 0;

const event = (kind: FaultEvent["kind"], state: FaultEvent["state"], knownSec: number): FaultEvent => ({
  kind,
  state,
  knownSec,
  timeSec: knownSec,
  frame: 0,
  sinceSec: null,
  value: null,
  unit: "%",
});

describe("trials", () => {
  it("are every kind of fault in two strengths; of a frozen picture there is one", () => {
    const trials = trialsOf(4);
    expect(new Set(trials.map(({ kind }) => kind))).toEqual(new Set(CAMERA_FAULTS));
    expect(trials).toHaveLength(2 * CAMERA_FAULTS.length - 1);
  });

  it("freeze, lose and give back the picture at the known times, the same every time", async () => {
    const trial = trialOf("frozen");
    const { from, to } = faultTimes(trial);
    const frames = await all(trialFrames(base, trial));
    expect(frames.map(({ timeSec }) => timeSec)).toEqual(frames.map((_, i) => i / FPS));
    const isRepeat = frames.map((frame, i) => i > 0 && same(frame, frames[i - 1]));
    expect(isRepeat).toEqual(frames.map(({ timeSec }) => timeSec >= from && timeSec < to));
    expect((await all(trialFrames(base, trial))).every((frame, i) => same(frame, frames[i]))).toBe(true);
    const lost = await all(trialFrames(base, trialOf("signalLost")));
    const isLost = lost.map(({ data }) => data.every((value) => value === 90));
    const times = faultTimes(trialOf("signalLost"));
    expect(isLost).toEqual(lost.map(({ timeSec }) => timeSec >= times.from && timeSec < times.to));
  });

  it("footage without a fault has lamps and people in the second half of every fifteen seconds", async () => {
    const frames = await all(normalFrames(base, 15, 1));
    expect(frames).toHaveLength(150);
    expect(Math.abs(mean(frames[75]) / mean(frames[74]) - 1)).toBeGreaterThan(0.02);
  });
});

describe("the score", () => {
  const trial = { ...trialOf("covered"), seed: 1 };
  const { from } = faultTimes(trial);

  it("is the delay, the end, and what else was told", () => {
    const events = [
      event("dirty", "begin", from - 1),
      event("covered", "begin", from + 1.25),
      event("turned", "begin", from + 2),
      event("covered", "end", from + 5),
    ];
    expect(judged(events, trial)).toEqual({ delaySec: 1.25, ended: true, others: ["turned"], early: ["dirty"] });
    expect(judged([], trial)).toEqual({ delaySec: null, ended: false, others: [], early: [] });
  });

  it("as a table: late is found, but not within two seconds", () => {
    const result = { ...trial, clip: "a", ended: true, others: ["dirty" as const], early: [] };
    const trials = [
      { ...result, delaySec: 1 },
      { ...result, delaySec: 3 },
      { ...result, delaySec: null, ended: false },
    ];
    const normal = [{ clip: "a", seconds: 120, alarms: ["dirty" as const], framesPerCpuSecond: 250 }];
    const text = monitorTable({ trials, normal });
    expect(text).toMatch(/covered\W+3\W+1\W+2\W+3\.0\W+2\W+dirty 3/u);
    expect(text).toContain("without a fault: 1 alarms in 2 minutes: dirty (a)");
    expect(text).toContain("250 frames a second of one core");
  });
});

describe("tsumugi evaluate monitor", () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), "evaluate-monitor-"));
  });
  afterAll(() => rm(out, { recursive: true }));

  it("without any clip is nothing; results are written", async () => {
    const json = join(out, "all.json");
    const outcome = await evaluateTask.run({ task: "evaluate", benchmark: "monitor", rendered: 0, out, json });
    expect(outcome).toEqual({ benchmark: "monitor", trials: [], normal: [] });
    expect(JSON.parse(await readFile(json, "utf8"))).toEqual(outcome);
  });
});
