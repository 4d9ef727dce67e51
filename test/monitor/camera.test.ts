import { describe, expect, it } from "vitest";
import { CAMERA_FAULTS } from "../../src/monitor/faults.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { harmless, madeFaults, type MadeFault } from "../../src/synthetic/degraded/cameraFaults.ts";
import type { Frame } from "../../src/video/frame.ts";
import { FAULT, frames, FPS, told } from "./clips.ts";

const stronger = (made: MadeFault) => ({ made, strength: made.strengths[1] });

describe("a camera", () => {
  it("with faults of every kind is made here", () => {
    expect([...Object.keys(madeFaults), "frozen"].sort()).toEqual([...CAMERA_FAULTS].sort());
  });

  it.each([
    ...Object.entries(madeFaults).map(([kind, made]) => [kind, stronger(made)] as const),
    ["frozen", "frozen"],
  ] as const)("that is %s: told within two seconds, with its end, and as nothing else", async (kind, fault) => {
    const events = await told(frames(fault));
    expect(events.map((event) => [event.kind, event.state])).toEqual([
      [kind, "begin"],
      [kind, "end"],
    ]);
    const [begin, end] = events;
    expect(Math.abs(begin.timeSec - FAULT.from)).toBeLessThan(1.5);
    expect(begin.knownSec - FAULT.from).toBeLessThanOrEqual(2);
    expect(begin.frame).toBe(Math.round(begin.timeSec * FPS));
    expect(Math.abs(end.timeSec - FAULT.to)).toBeLessThan(1.6);
    expect(end.sinceSec).toBe(begin.timeSec);
  });

  it.each(["turned", "defocused"] as const)("that is %s a little: told as that alone too", async (kind) => {
    const made = madeFaults[kind];
    const events = await told(frames({ made, strength: made.strengths[0] }));
    expect(events.map((event) => [event.kind, event.state])).toEqual([
      [kind, "begin"],
      [kind, "end"],
    ]);
    expect(events[0].knownSec - FAULT.from).toBeLessThanOrEqual(2);
  });

  it.each([["nothing"], ...Object.keys(harmless).map((name) => [name])])(
    "with no fault, but %s: no alarm",
    async (name) => {
      const made: MadeFault | undefined = name === "nothing" ? undefined : harmless[name as keyof typeof harmless];
      expect(await told(frames(made && stronger(made)))).toEqual([]);
    },
  );

  it("without frames for a while has no signal, and has it again", async () => {
    const events = await told(interrupted());
    expect(events).toMatchObject([
      { kind: "signalLost", state: "begin", frame: 29, timeSec: 2.9, knownSec: 6 },
      { kind: "signalLost", state: "end", sinceSec: 2.9 },
    ]);
    expect(events[0].value).toBeCloseTo(3.1, 6);
  });

  it("goes on from its state after any frame as if it had not stopped", async () => {
    const fault = stronger(madeFaults.dirty);
    const whole = await told(frames(fault));
    for (const stop of [35, 47]) {
      const first = new Monitor();
      const before = await told(until(frames(fault), stop), first);
      const second = new Monitor();
      // As it is after a checkpoint: plain data, whatever the first one does later.
      second.resume(structuredClone(first.state()));
      const rest = await told(from(frames(fault), stop - 1), new Primed(second));
      expect([...before, ...rest]).toEqual(whole);
    }
  });
});

/** Three seconds are missing. */
async function* interrupted(): AsyncGenerator<Frame> {
  for await (const frame of frames()) if (frame.timeSec < 3 || frame.timeSec >= 6) yield frame;
}

/** A monitor that has seen the first frame already. */
class Primed extends Monitor {
  private readonly inner: Monitor;
  private isFirst = true;
  constructor(inner: Monitor) {
    super();
    this.inner = inner;
  }
  override next(...[view]: Parameters<Monitor["next"]>) {
    if (!this.isFirst) return this.inner.next(view);
    this.isFirst = false;
    return [];
  }
}

async function* until(stream: AsyncIterable<Frame>, end: number): AsyncGenerator<Frame> {
  for await (const frame of stream) if (frame.index < end) yield frame;
}

async function* from(stream: AsyncIterable<Frame>, start: number): AsyncGenerator<Frame> {
  for await (const frame of stream) if (frame.index >= start) yield frame;
}
