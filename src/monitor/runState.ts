/** @file What a run that was stopped hands to the next one, beside what its watches know. */
import type { RgbPicture } from "../video/picture.ts";
import type { CameraFault } from "./faults.ts";

/** A picture and when it was taken. */
interface Taken {
  readonly timeSec: number;
  readonly picture: RgbPicture;
}

/** What a run hands to the next one. */
export interface RunState {
  readonly before: Taken | null;
  readonly lately: Taken | null;
  readonly open: readonly CameraFault[];
  readonly counts: Readonly<Partial<Record<CameraFault, number>>>;
  /** When a live source was first looked at, ms since 1970: its times count from here. Null of a recording. */
  readonly startedMs: number | null;
}
