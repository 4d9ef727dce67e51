/**
 * @file Overlay pictures of a clip, frame by frame: masks in colour, trails, dots, names; what is uncertain looks so.
 * Remembers only the last second.
 */
import type { Bone } from "../annotations/skeleton.ts";
import type { TrackRecord } from "../annotations/trackRecord.ts";
import type { LabelMap } from "../video/labelMap.ts";
import { LabelPlaces } from "../video/drawing/labelPlaces.ts";
import { drawOverlay } from "../video/drawing/overlay.ts";
import type { RgbPicture } from "../video/picture.ts";
import {
  drawBones,
  type DrawnBone,
  type DrawnPoint,
  type DrawnTrack,
  drawTracks,
} from "../video/drawing/trackOverlay.ts";

/** Length of a trail, and how long the last box of a vanished mask is shown, seconds. */
export const TRAIL_SEC = 1;

interface Known {
  /** Of the last second, the oldest first. */
  readonly trail: (DrawnPoint & { readonly timeSec: number })[];
  /** Where the object was last seen. */
  box: TrackRecord["box"];
  seenSec: number;
}

/** Draws frames in order. */
export class OverlayPainter {
  private readonly known = new Map<string, Known>();
  private readonly places = new LabelPlaces();
  private readonly skeleton: readonly Bone[];

  /** @param skeleton lines between points that are both visible. */
  constructor(skeleton: readonly Bone[] = []) {
    this.skeleton = skeleton;
  }

  /** @param labels undefined for points. @returns `[H, W, 3]` uint8. */
  paint(picture: RgbPicture, labels: LabelMap | undefined, records: readonly TrackRecord[]): Uint8Array {
    const doubtful = new Set(records.filter(isUncertain).map(({ label }) => label));
    const data = labels === undefined ? picture.data.slice() : drawOverlay(picture, labels, { doubtful });
    const canvas = { width: picture.width, height: picture.height, data };
    drawBones(canvas, this.bones(records));
    const tracks = records.flatMap((record) => this.track(record) ?? []);
    drawTracks(canvas, tracks, this.places);
    return data;
  }

  private bones(records: readonly TrackRecord[]): DrawnBone[] {
    if (this.skeleton.length === 0) return [];
    const seen = new Map(records.filter(({ visible, area }) => visible && area === null).map((one) => [one.name, one]));
    return this.skeleton.flatMap((bone) => {
      const [from, to] = bone.map((name) => seen.get(name));
      if (!from?.place || !to?.place) return [];
      const ends = [from.place, to.place].map(([x, y]) => ({ x, y }));
      return [{ from: ends[0], to: ends[1], doubtful: isUncertain(from) || isUncertain(to) }];
    });
  }

  /** Undefined when there is nothing to draw. */
  private track(record: TrackRecord): DrawnTrack | undefined {
    const { name, label, timeSec, area } = record;
    const known = this.follow(record);
    const { trail } = known;
    const isPoint = area === null;
    if (trail.length === 0 || (!isPoint && timeSec - known.seenSec > TRAIL_SEC)) return undefined;
    const box = isPoint ? null : known.box;
    return { key: name, label, trail, box, doubtful: isUncertain(record), text: caption(record) };
  }

  private follow({ name, place, box, visible, timeSec }: TrackRecord): Known {
    const known = this.known.get(name) ?? { trail: [], box: null, seenSec: -Infinity };
    this.known.set(name, known);
    const { trail } = known;
    const last = trail.at(-1);
    if (place !== null) trail.push({ x: place[0], y: place[1], visible, timeSec });
    else if (last !== undefined) trail.push({ ...last, visible: false, timeSec });
    while (trail.length > 0 && trail[0].timeSec < timeSec - TRAIL_SEC) trail.shift();
    if (box !== null) known.box = box;
    if (visible) known.seenSec = timeSec;
    return known;
  }
}

const isUncertain = ({ state }: TrackRecord): boolean => state === "uncertain";

/** A point's name stands close to others: it has a number only where that is news. */
function caption({ name, state, confidence, area }: TrackRecord): string {
  if (state === "hidden" || state === "left") return `${name} ${state}`;
  return area === null && state !== "uncertain" ? name : `${name} ${Math.round(100 * confidence)}%`;
}
