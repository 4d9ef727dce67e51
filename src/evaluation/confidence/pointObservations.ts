/** @file A tracker's own verdict on its points next to the truth. */
import type { PointSignals } from "../../tracking/points/pointAgreement.ts";
import { trackPoints } from "../../tracking/points/trackPoints.ts";
import type { PastedFrame } from "../../synthetic/pastedClip.ts";
import { frameList } from "../../video/frameList.ts";
import type { TrackingSetup } from "./objectObservations.ts";

/** One point in one frame. */
export interface PointObservation {
  /** Null without evidence for the place. */
  readonly signals: PointSignals | null;
  /** Distance from the truth, in parts of the picture's shorter side; null where the point is hidden. */
  readonly distance: number | null;
}

/** Follows the points of a clip with exact truth by label propagation. */
export async function observePoints(
  { encoder, protocol, threads }: TrackingSetup,
  clip: readonly PastedFrame[],
  signal?: AbortSignal,
): Promise<PointObservation[]> {
  const [{ points: given, frame }] = clip;
  const points = given.map(({ x, y }, i) => ({ name: String(i), x, y }));
  if (points.length === 0) return [];
  const source = frameList(
    clip.map((one) => one.frame),
    "a clip of patches",
  );
  const setup = { encoder, protocol, threads, inputSize: null };
  const tracks = trackPoints({ ...setup, source, points, signal });
  const short = Math.min(frame.width, frame.height);
  const out: PointObservation[] = [];
  let time = 0;
  for await (const { points: found } of tracks) {
    const truth = clip[time].points;
    if (time++ === 0) continue;
    for (const [i, { x, y, signals = null }] of found.entries()) {
      const distance = truth[i].visible ? Math.hypot(x - truth[i].x, y - truth[i].y) / short : null;
      out.push({ signals, distance });
    }
  }
  return out;
}
