/** @file Speeds of one object from its places: between two frames, and smoothed over a short window. */
import type { TrackSpeed } from "../annotations/trackRecord.ts";

/** Window of the smoothed speed, seconds: jitter of a mask's centroid averages out, a step or swing still shows. */
export const SMOOTHING_SEC = 0.25;

/** Tolerance of the window's edge, for times that are not exact multiples of a frame. */
const EDGE_SEC = 1e-6;

/** Where something was, pixels. */
export interface Moment {
  readonly timeSec: number;
  readonly x: number;
  readonly y: number;
}

const UNKNOWN: TrackSpeed = { raw: null, smooth: null };

/** Fed with every frame of one object. */
export class Speedometer {
  /** Places in the window, oldest first; always at least the last two, however far apart. */
  private readonly recent: Moment[] = [];

  /** Adds the object's place at a time; times ascend. @param place pixels. @returns its speed, px/s. */
  at(timeSec: number, [x, y]: readonly [number, number]): TrackSpeed {
    const { recent } = this;
    recent.push({ timeSec, x, y });
    while (recent.length > 2 && recent[0].timeSec < timeSec - SMOOTHING_SEC - EDGE_SEC) recent.shift();
    const before = recent.at(-2);
    if (before === undefined || timeSec <= before.timeSec) return UNKNOWN;
    const raw = Math.hypot(x - before.x, y - before.y) / (timeSec - before.timeSec);
    // A line through two places of neighbouring frames would smooth nothing.
    const enough = timeSec - recent[0].timeSec >= SMOOTHING_SEC / 2 - EDGE_SEC;
    return { raw, smooth: enough ? Math.hypot(...fittedVelocity(recent)) : null };
  }

  /** The object is not surely seen, or the camera cut: the next place starts a new path. */
  interrupt(): TrackSpeed {
    this.recent.length = 0;
    return UNKNOWN;
  }
}

/** The velocity of the least-squares line of x and y over time, px/s; 0 where there is no time between the moments. */
export function fittedVelocity(moments: readonly Moment[]): [vx: number, vy: number] {
  const mean = (of: (moment: Moment) => number): number =>
    moments.reduce((sum, moment) => sum + of(moment), 0) / moments.length;
  const [t, x, y] = [mean(({ timeSec }) => timeSec), mean((one) => one.x), mean((one) => one.y)];
  let [tt, tx, ty] = [0, 0, 0];
  for (const moment of moments) {
    const dt = moment.timeSec - t;
    tt += dt * dt;
    tx += dt * (moment.x - x);
    ty += dt * (moment.y - y);
  }
  return tt > 0 ? [tx / tt, ty / tt] : [0, 0];
}
