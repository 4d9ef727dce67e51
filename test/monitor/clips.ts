/** @file Short clips of a camera with and without faults, and what a monitor tells of them. */
import { streamViews } from "../../src/footage/prepare.ts";
import { OpticalFlow } from "../../src/kernels/opticalFlow.ts";
import type { FaultEvent } from "../../src/monitor/faultEvent.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { type MadeFault, withFault } from "../../src/synthetic/degraded/cameraFaults.ts";
import type { Frame } from "../../src/video/frame.ts";
import { clouds, drawn } from "../footage/clips.ts";

export const SIZE = { width: 160, height: 120 };
export const FPS = 10;
/** The fault is there from here to there, seconds. */
export const FAULT = { from: 3, to: 6, end: 9 } as const;

/** Coarse shapes, and fine detail on them. */
const scene = drawn((x, y) => {
  const [coarse] = clouds(0.7 * x, 0.7 * y);
  const [fine] = clouds(5 * x + 900, 5 * y);
  const level = 0.6 * coarse + 0.45 * fine;
  return [level, level, 0.9 * level];
}, SIZE);

/** The scene, and a box that goes to and fro in it. */
function picture(index: number): Uint8Array {
  const out = scene.slice();
  const left = Math.round(60 + 50 * Math.sin(index / 9));
  for (let y = 70; y < 84; y++) out.fill(225, 3 * (y * SIZE.width + left), 3 * (y * SIZE.width + left + 14));
  return out;
}

/** Frames of the scene. @param fault in the time that `FAULT` says; "frozen" repeats a frame. */
export async function* frames(
  fault?: { readonly made: MadeFault; readonly strength: number } | "frozen",
  seconds: number = FAULT.end,
): AsyncGenerator<Frame> {
  let last: Frame | undefined;
  for (let index = 0; index < seconds * FPS; index++) {
    const timeSec = index / FPS;
    const isFault = timeSec >= FAULT.from && timeSec < FAULT.to;
    const made = isFault && fault !== "frozen" ? fault : undefined;
    const at = { sec: timeSec - FAULT.from, index, seed: 3 };
    const clean = { ...SIZE, data: picture(index) };
    const { data } = isFault && fault === "frozen" && last ? last : await withFault(clean, made, at);
    last = { index, timeSec, name: String(index).padStart(5, "0"), ...SIZE, data };
    yield last;
  }
}

/** What a monitor tells. */
export async function told(stream: AsyncIterable<Frame>, monitor = new Monitor()): Promise<FaultEvent[]> {
  await using kernel = await OpticalFlow.open({ threads: 1 });
  const events: FaultEvent[] = [];
  for await (const view of streamViews(stream, { kernel })) events.push(...monitor.next(view));
  return events;
}
