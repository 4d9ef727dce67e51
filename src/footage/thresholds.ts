/**
 * @file Where footage ceases to be good and where it becomes poor, as data, each with its origin.
 */

/** The measures, in the order they are shown. */
export const MEASURES = [
  "time",
  "exposure",
  "flicker",
  "sharpness",
  "noise",
  "compression",
  "motion",
  "camera",
  "colour",
] as const;
export type MeasureName = (typeof MEASURES)[number];

/** Units that values are given in. `px480`: pixels; of frames with more than 480 rows, as if they had 480. */
export type Unit = "%" | "s" | "px480" | "px" | "level" | "stops" | "fps" | "count" | "bpp";

/** How one number is judged. */
export interface Threshold {
  readonly measure: MeasureName;
  readonly unit: Unit;
  /** Digits after the point when shown. */
  readonly digits: number;
  /** Which direction is bad. */
  readonly worse: "higher" | "lower";
  /** From here on (inclusive) usable at most, and poor; left out: never. */
  readonly usable?: number;
  readonly poor?: number;
  /**
   * `ladder`: measured on degraded clips (docs/measurements/2026-11-check.md); `definition`: what the word means;
   * `choice`: set by us, nothing measured it; `none`: told, not judged.
   */
  readonly origin: "ladder" | "definition" | "choice" | "none";
}

/** All numbers by their key. */
export const thresholds = {
  frameRate: { measure: "time", unit: "fps", digits: 2, worse: "lower", origin: "none" },
  jitter: { measure: "time", unit: "%", digits: 0, worse: "higher", usable: 20, origin: "choice" },
  gaps: { measure: "time", unit: "%", digits: 1, worse: "higher", usable: 0.1, poor: 25, origin: "choice" },
  clockJumps: { measure: "time", unit: "count", digits: 0, worse: "higher", usable: 1, origin: "choice" },
  repeats: { measure: "time", unit: "%", digits: 0, worse: "higher", usable: 2, origin: "choice" },
  frozen: { measure: "time", unit: "s", digits: 1, worse: "higher", usable: 2, origin: "choice" },
  burnt: { measure: "exposure", unit: "%", digits: 0, worse: "higher", usable: 20, poor: 50, origin: "choice" },
  crushed: { measure: "exposure", unit: "%", digits: 0, worse: "higher", usable: 30, poor: 60, origin: "choice" },
  dark: { measure: "exposure", unit: "stops", digits: 1, worse: "higher", usable: 2.5, poor: 4.5, origin: "choice" },
  contrast: { measure: "exposure", unit: "level", digits: 0, worse: "lower", usable: 50, poor: 20, origin: "choice" },
  drift: { measure: "exposure", unit: "level", digits: 0, worse: "higher", origin: "none" },
  flicker: { measure: "flicker", unit: "%", digits: 1, worse: "higher", usable: 10, poor: 40, origin: "choice" },
  bands: { measure: "flicker", unit: "%", digits: 1, worse: "higher", usable: 10, poor: 40, origin: "choice" },
  blur: { measure: "sharpness", unit: "px480", digits: 1, worse: "higher", usable: 5, poor: 9, origin: "choice" },
  smear: { measure: "sharpness", unit: "px480", digits: 1, worse: "higher", usable: 8, poor: 20, origin: "choice" },
  defocused: { measure: "sharpness", unit: "s", digits: 1, worse: "higher", usable: 1, origin: "choice" },
  noise: { measure: "noise", unit: "level", digits: 1, worse: "higher", usable: 10, poor: 25, origin: "choice" },
  blocks: { measure: "compression", unit: "%", digits: 0, worse: "higher", usable: 40, poor: 120, origin: "choice" },
  bitsPerPixel: { measure: "compression", unit: "bpp", digits: 3, worse: "lower", origin: "none" },
  fastest: { measure: "motion", unit: "px480", digits: 0, worse: "higher", usable: 40, poor: 100, origin: "choice" },
  moving: { measure: "motion", unit: "%", digits: 0, worse: "higher", origin: "none" },
  shake: { measure: "camera", unit: "px480", digits: 1, worse: "higher", usable: 8, poor: 30, origin: "choice" },
  cuts: { measure: "camera", unit: "count", digits: 0, worse: "higher", usable: 1, origin: "definition" },
  fixed: { measure: "camera", unit: "%", digits: 0, worse: "lower", origin: "none" },
  turned: { measure: "camera", unit: "count", digits: 0, worse: "higher", poor: 1, origin: "definition" },
  shift: { measure: "camera", unit: "px480", digits: 0, worse: "higher", usable: 8, origin: "choice" },
  covered: { measure: "camera", unit: "s", digits: 1, worse: "higher", poor: 0.5, origin: "definition" },
  signalLost: { measure: "camera", unit: "s", digits: 1, worse: "higher", poor: 0.5, origin: "definition" },
  colour: { measure: "colour", unit: "%", digits: 0, worse: "lower", usable: 2, origin: "choice" },
  cast: { measure: "colour", unit: "level", digits: 0, worse: "higher", origin: "none" },
  rows: { measure: "colour", unit: "px", digits: 0, worse: "lower", usable: 200, poor: 100, origin: "choice" },
} as const satisfies Record<string, Threshold>;

/** The key of a number. */
export type ReadingKey = keyof typeof thresholds;
