/**
 * @file Whether a camera that should stand still shakes: the way that its picture went in the last moments, without its
 * straight part, goes to and fro.
 */
import type { Resumable } from "../core/resumable.ts";
import type { Offset } from "../footage/cameraOffset.ts";
import { detrended } from "../footage/spectrum.ts";

/** How much of the way is looked at, seconds, and the fewest frames. */
const WINDOW_SEC = 1.2;
const LEAST_FRAMES = 6;
/** The picture turns round at least so often in it. */
const LEAST_TURNS = 3;

interface Step {
  readonly timeSec: number;
  readonly dx: number;
  readonly dy: number;
}

/** Remembers a moment of the camera's way. */
export class Steadiness implements Resumable<readonly Step[]> {
  private steps: readonly Step[] = [];

  state(): readonly Step[] {
    return this.steps;
  }

  resume(steps: readonly Step[]): void {
    this.steps = steps;
  }

  add(offset: Offset, timeSec: number): void {
    const recent = this.steps.filter((step) => timeSec - step.timeSec <= WINDOW_SEC);
    this.steps = offset === undefined ? recent : [...recent, { timeSec, dx: offset[0], dy: offset[1] }];
  }

  /** Root mean square distance from a steady path, in the unit of the offsets; 0 where it does not go to and fro. */
  shake(): number {
    if (this.steps.length < LEAST_FRAMES) return 0;
    const [x, y] = [this.steps.map(({ dx }) => dx), this.steps.map(({ dy }) => dy)].map(swing);
    return Math.hypot(x, y);
  }
}

/** Of one axis. */
function swing(steps: readonly number[]): number {
  let at = 0;
  const way = detrended(steps.map((step) => (at += step)));
  const rms = Math.sqrt(way.reduce((sum, value) => sum + value * value, 0) / way.length);
  return turns(way, rms) >= LEAST_TURNS ? rms : 0;
}

/** How often a series turns round, counting only ways from one extreme to the next that are at least so long. */
export function turns(values: readonly number[], least: number): number {
  let [count, extreme, direction] = [0, values[0], 0];
  for (const value of values) {
    const away = value - extreme;
    if (direction === 0 ? Math.abs(away) >= least : direction * away >= 0) {
      if (direction === 0) direction = Math.sign(away);
      extreme = value;
    } else if (Math.abs(away) >= least) [count, extreme, direction] = [count + 1, value, Math.sign(away)];
  }
  return count;
}
