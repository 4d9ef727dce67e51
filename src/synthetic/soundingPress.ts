/** @file A rendered clip with sound: a press whose ram strikes parts on a belt, with a lamp for its alarm and a wheel that turns. */
import { Random } from "../core/random.ts";
import { madeFrame } from "../video/madeFrame.ts";
import type { Frame } from "../video/frame.ts";
import { checkOptions } from "./productionLine.ts";
import { machineSound, machineTimes, type MachineTimes } from "./machineSound.ts";

/** Settings of `soundingPress`. */
export interface SoundingPressOptions {
  /** Pixels, at least 32. Default 160 x 96. */
  readonly width?: number;
  readonly height?: number;
  /** Whole seconds, at least 12; default 20. */
  readonly seconds?: number;
  /** Frames a second; default 25. */
  readonly fps?: number;
  /** Samples a second; default 44100. */
  readonly rate?: number;
  /** How much louder a blow is than the machine and the noise, dB; default 6. */
  readonly blowDb?: number;
  /** Determines everything random; default 1. */
  readonly seed?: number;
}

/** A clip that has been planned: its sound is there, its pictures are rendered when they are asked for. */
export interface SoundingPress {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** What happens when. */
  readonly times: MachineTimes;
  readonly sound: { readonly rate: number; readonly samples: Float32Array };
  render(): Generator<Frame, void, void>;
}

/** The same options always give the same clip. @throws UserError `synthetic/options` */
export function soundingPress(options: SoundingPressOptions = {}): SoundingPress {
  const { width = 160, height = 96, seconds = 20, fps = 25, rate = 44_100, blowDb = 6, seed = 1 } = options;
  checkOptions({ width, height, "number of seconds": seconds - 11, fps, rate });
  const times = machineTimes(seconds, new Random(seed));
  const samples = machineSound(times, { seconds, rate, blowDb, seed: seed + 1 });
  const render = (): Generator<Frame, void, void> => rendered({ width, height, fps, seconds, seed }, times);
  return { width, height, fps, times, sound: { rate, samples }, render };
}

/** Time that the ram takes to fall, and to rise, seconds. */
const FALL_SEC = 0.12;
const RISE_SEC = 0.3;

function* rendered(
  { width, height, fps, seconds, seed }: { width: number; height: number; fps: number; seconds: number; seed: number },
  times: MachineTimes,
): Generator<Frame, void, void> {
  const random = new Random(seed + 2);
  for (let index = 0; index < seconds * fps; index++) {
    const data = picture(width, height, stateAt(index / fps, times));
    for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, data[i] + 3 * random.normal()));
    yield madeFrame({ width, height, data }, index, fps);
  }
}

interface State {
  /** 1 = up, 0 = on the part. */
  readonly ram: number;
  /** Turns of the wheel. */
  readonly wheel: number;
  readonly lamp: boolean;
}

function stateAt(time: number, { blows, alarm, stop }: MachineTimes): State {
  const up = blows.map((at) => (time < at ? (at - time) / FALL_SEC : (time - at) / RISE_SEC));
  const stood = Math.max(0, Math.min(time, stop.endSec) - stop.startSec);
  return {
    ram: Math.min(1, ...up),
    wheel: 1.5 * (time - stood),
    lamp: time >= alarm.startSec && time < alarm.endSec,
  };
}

type Colour = readonly [number, number, number];

/** Everything in shares of the picture. */
function picture(width: number, height: number, { ram, wheel, lamp }: State): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  const ramFoot = 0.62 - 0.3 * ram;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3)
      data.set(colourAt((x + 0.5) / width, (y + 0.5) / height, { ramFoot, wheel, lamp }), at);
  return data;
}

function colourAt(
  x: number,
  y: number,
  { ramFoot, wheel, lamp }: { ramFoot: number; wheel: number; lamp: boolean },
): Colour {
  if (Math.hypot(x - 0.84, (y - 0.14) * 0.6) < 0.05) return lamp ? [255, 70, 40] : [90, 40, 36];
  const [dx, dy] = [x - 0.18, (y - 0.42) * 0.6];
  if (Math.hypot(dx, dy) < 0.11) {
    const spoke = Math.cos(3 * (Math.atan2(dy, dx) - 2 * Math.PI * wheel));
    return spoke > 0.6 ? [210, 205, 190] : [84, 92, 104];
  }
  if (Math.abs(x - 0.5) < 0.09 && y < ramFoot) return y > ramFoot - 0.07 ? [188, 192, 198] : [112, 118, 128];
  if (Math.abs(x - 0.5) < 0.07 && y >= 0.62 && y < 0.76) return [206, 146, 62];
  if (y > 0.76) return [52, 54, 58];
  const shade = 150 - 50 * y;
  return [shade, shade + 4, shade + 10];
}
