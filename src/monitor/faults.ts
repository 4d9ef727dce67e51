/** @file What can be wrong with a camera, as data: how long it must last, when it has passed, and in which unit it is told. */

/** What a fault's value is. */
export type FaultUnit = "%" | "s" | "px" | "level";

/** A kind of fault. */
export interface Fault {
  readonly unit: FaultUnit;
  /** It is told once it has lasted so long, and has passed once it was away for so long, seconds. */
  readonly holdSec: number;
  readonly clearSec: number;
}

/** How long a fault must be away. */
const CLEAR_SEC = 1.5;

/**
 * Faults of the picture, those that explain others first: behind a covered lens nothing else can be seen, so that only the
 * first that holds is told.
 */
export const pictureFaults = {
  signalLost: { unit: "s", holdSec: 0.5, clearSec: CLEAR_SEC },
  burntOut: { unit: "%", holdSec: 1, clearSec: CLEAR_SEC },
  covered: { unit: "%", holdSec: 0.75, clearSec: CLEAR_SEC },
  tooDark: { unit: "level", holdSec: 1, clearSec: CLEAR_SEC },
  frozen: { unit: "s", holdSec: 0, clearSec: CLEAR_SEC },
  turned: { unit: "px", holdSec: 0, clearSec: CLEAR_SEC },
  shaking: { unit: "px", holdSec: 0.25, clearSec: CLEAR_SEC },
  flicker: { unit: "%", holdSec: 0.25, clearSec: CLEAR_SEC },
  defocused: { unit: "%", holdSec: 1, clearSec: CLEAR_SEC },
  dirty: { unit: "%", holdSec: 0, clearSec: CLEAR_SEC },
} as const satisfies Record<string, Fault>;

/** A fault of the camera. */
export type CameraFault = keyof typeof pictureFaults;
/** All of them, those that explain others first. */
export const CAMERA_FAULTS = Object.keys(pictureFaults) as CameraFault[];
