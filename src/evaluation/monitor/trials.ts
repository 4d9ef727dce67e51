/** @file Footage with one fault put in at a known time, and footage without: a few seconds of a clip, to and fro, varied. */
import { Random } from "../../core/random.ts";
import { harmless, type MadeFault, madeFaults, withFault } from "../../synthetic/degraded/cameraFaults.ts";
import { scaled } from "../../synthetic/degraded/pictures.ts";
import { madeFrame } from "../../video/madeFrame.ts";
import type { Frame } from "../../video/frame.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CameraFault } from "../../monitor/faults.ts";

/** Frames a second. */
export const FPS = 10;
/** Before the fault, at least; how long it lasts; and after it, seconds. */
const BEFORE_SEC = 5;
const LASTS_SEC = 4;
const AFTER_SEC = 3;
/** The light of the day rises and falls by this share, in so many seconds. */
const DRIFT = { share: 0.12, sec: 40 } as const;
/** In footage without a fault, a lamp is switched or somebody passes close to the lens every so often, seconds. */
const HARMLESS_SEC = 15;

/** What is put in. */
export interface Trial {
  readonly kind: CameraFault;
  /** Of a frozen picture there is only one strength. */
  readonly strength: number;
  readonly seed: number;
}

/** All kinds in all strengths. */
export function trialsOf(seed: number): Trial[] {
  const kinds = Object.entries(madeFaults) as [Exclude<CameraFault, "frozen">, MadeFault][];
  return [
    ...kinds.flatMap(([kind, { strengths }]) => strengths.map((strength) => ({ kind, strength, seed }))),
    { kind: "frozen", strength: 0, seed },
  ];
}

/** When the fault begins and ends, seconds. */
export function faultTimes({ seed, kind }: Trial): { readonly from: number; readonly to: number } {
  const from = BEFORE_SEC + new Random(seed * 97 + kind.length).uniform(0, 1);
  return { from, to: from + LASTS_SEC };
}

/** The frames of a trial. @param base pictures that follow one another. */
export async function* trialFrames(base: readonly RgbPicture[], trial: Trial): AsyncGenerator<Frame> {
  const { kind, strength, seed } = trial;
  const { from, to } = faultTimes(trial);
  const fault = kind === "frozen" ? undefined : { made: madeFaults[kind], strength };
  let last: RgbPicture | undefined;
  for (let index = 0; index / FPS < to + AFTER_SEC; index++) {
    const sec = index / FPS;
    const isOn = sec >= from && sec < to;
    if (!(isOn && kind === "frozen") || last === undefined) {
      const clean = varied(base, index, seed);
      last = await withFault(clean, isOn ? fault : undefined, { sec: sec - from, index, seed });
    }
    yield madeFrame(last, index, FPS);
  }
}

/** Footage without a fault, in which lamps are switched and people pass. */
export async function* normalFrames(base: readonly RgbPicture[], seconds: number, seed: number): AsyncGenerator<Frame> {
  const kinds: readonly MadeFault[] = Object.values(harmless);
  for (let index = 0; index / FPS < seconds; index++) {
    const sec = index / FPS;
    const turn = Math.floor(sec / HARMLESS_SEC);
    const random = new Random(seed * 1009 + turn);
    const made = random.choose(kinds);
    const strength = random.choose(made.strengths);
    const since = sec - turn * HARMLESS_SEC - HARMLESS_SEC / 2;
    const fault = since >= 0 ? { made, strength } : undefined;
    const picture = await withFault(varied(base, index, seed), fault, { sec: since, index, seed: seed + turn });
    yield madeFrame(picture, index, FPS);
  }
}

function varied(base: readonly RgbPicture[], index: number, seed: number): RgbPicture {
  const way = Math.max(1, base.length - 1);
  const step = (index + seed) % (2 * way);
  const picture = base[Math.min(base.length - 1, step <= way ? step : 2 * way - step)];
  return scaled(picture, 1 + DRIFT.share * Math.sin((2 * Math.PI * index) / (FPS * DRIFT.sec) + seed));
}
