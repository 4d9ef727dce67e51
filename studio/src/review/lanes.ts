/**
 * @file What was found of each object in each frame, a few bytes each: a lane of the timeline. States are those of
 * docs/results.md, as far as a single frame tells.
 */
import type { FrameRecord } from "../api/types.ts";

/** Nothing known yet; seen and sure; seen but more likely wrong than right; not seen. */
export const UNKNOWN = 0;
export const SEEN = 1;
export const UNCERTAIN = 2;
export const HIDDEN = 3;

/** From this confidence on a visible thing is not uncertain: `SURE` of docs/results.md. */
export const SURE = 0.5;

/** An object, by its id, or a point, by its name. */
export interface Lane {
  readonly key: string;
  /** Undefined for points. */
  readonly id: number | undefined;
  readonly states: Uint8Array;
  /** 0..1; 0 where nothing is known. */
  readonly confidences: Float32Array;
}

/** Where a point is in a frame. */
export interface PlacedPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly visible: boolean;
  readonly confidence: number;
}

/** All lanes of a clip. */
export class Lanes {
  readonly frameCount: number;
  readonly cuts = new Set<number>();
  private readonly lanes = new Map<string, Lane>();
  private readonly points = new Map<number, readonly PlacedPoint[]>();

  constructor(frameCount: number) {
    this.frameCount = frameCount;
  }

  /** A later record of a frame replaces an earlier one. */
  add({ frame, objects, points, cut }: FrameRecord): void {
    if (frame >= this.frameCount) return;
    for (const lane of this.lanes.values()) lane.states[frame] = UNKNOWN;
    for (const { id, visible, confidence } of objects) this.set(String(id), id, frame, visible, confidence);
    for (const { name, visible, confidence } of points) this.set(name, undefined, frame, visible, confidence);
    if (points.length > 0)
      this.points.set(
        frame,
        points.map(({ name, x, y, visible, confidence }) => ({ name, x, y, visible, confidence })),
      );
    else this.points.delete(frame);
    if (cut === "before") this.cuts.add(frame);
    if (cut === "after" && frame + 1 < this.frameCount) this.cuts.add(frame + 1);
  }

  private set(key: string, id: number | undefined, frame: number, visible: boolean, confidence: number): void {
    const lane = this.lanes.get(key) ?? this.begin(key, id);
    lane.states[frame] = visible ? (confidence < SURE ? UNCERTAIN : SEEN) : HIDDEN;
    lane.confidences[frame] = confidence;
  }

  private begin(key: string, id: number | undefined): Lane {
    const lane = { key, id, states: new Uint8Array(this.frameCount), confidences: new Float32Array(this.frameCount) };
    this.lanes.set(key, lane);
    return lane;
  }

  /** Objects by their ids, then points in the order in which they came. */
  all(): Lane[] {
    return [...this.lanes.values()].sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity));
  }

  /** Ids of the objects that are uncertain in a frame. */
  uncertainAt(frame: number): Set<number> {
    const found = this.all().filter(({ states }) => states[frame] === UNCERTAIN);
    return new Set(found.flatMap(({ id }) => (id === undefined ? [] : [id])));
  }

  pointsAt(frame: number): readonly PlacedPoint[] {
    return this.points.get(frame) ?? [];
  }

  /** Whether objects were tracked in a frame; points have no mask. */
  hasMask(frame: number): boolean {
    return this.all().some(({ id, states }) => id !== undefined && states[frame] !== UNKNOWN);
  }

  /** First frames of doubtful stretches, ascending: something begins to be uncertain, or is not seen any more. */
  doubtful(): number[] {
    const found = new Set<number>();
    for (const { states } of this.all()) {
      for (let frame = 0; frame < this.frameCount; frame++) {
        const [before, now] = [frame === 0 ? UNKNOWN : states[frame - 1], states[frame]];
        if (now === UNCERTAIN && before !== UNCERTAIN) found.add(frame);
        if (now === HIDDEN && (before === SEEN || before === UNCERTAIN)) found.add(frame);
      }
    }
    return [...found].sort((a, b) => a - b);
  }
}

/** The first of some ascending numbers after a number, or the last before it. */
export function neighbour(numbers: readonly number[], from: number, step: 1 | -1): number | undefined {
  return step === 1 ? numbers.find((one) => one > from) : numbers.findLast((one) => one < from);
}
