/**
 * @file Undo and redo of one frame's labels, without limit: an edit keeps the rectangle that it changed, before and after,
 * as run lengths.
 */
import type { Shapes } from "../api/types.ts";
import { isEmpty, type Map2d, type Rect } from "./labelMap.ts";

export const NO_SHAPES: Shapes = { points: [], boxes: [], ends: [], skeleton: [] };

/** What a frame's labels are: a map to draw into, and shapes. */
export interface FrameLabels {
  readonly map: Map2d;
  shapes: Shapes;
}

/** A change. */
export interface Edit {
  readonly rect: Rect;
  readonly pixels: Change<Runs>;
  readonly shapes: Change<Shapes>;
}

interface Change<T> {
  readonly before: T;
  readonly after: T;
}

/** Value and length, in turn. */
type Runs = Uint32Array;

/** Edits that were done, and those that were undone. */
export class History {
  private readonly done: Edit[] = [];
  private undone: Edit[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Keeps what was drawn. @returns whether anything differs */
  add(before: FrameLabels, after: FrameLabels, rect: Rect): boolean {
    const [pixels, shapes] = [
      { before: runsOf(before.map, rect), after: runsOf(after.map, rect) },
      { before: before.shapes, after: after.shapes },
    ];
    if (sameRuns(pixels) && JSON.stringify(shapes.before) === JSON.stringify(shapes.after)) return false;
    this.done.push({ rect, pixels, shapes });
    this.undone = [];
    return true;
  }

  /** @returns the rectangle that changed; undefined where nothing is left */
  undo(labels: FrameLabels): Rect | undefined {
    const edit = this.done.pop();
    if (edit === undefined) return undefined;
    this.undone.push(edit);
    return restore(labels, edit, "before");
  }

  redo(labels: FrameLabels): Rect | undefined {
    const edit = this.undone.pop();
    if (edit === undefined) return undefined;
    this.done.push(edit);
    return restore(labels, edit, "after");
  }
}

function restore(labels: FrameLabels, { rect, pixels, shapes }: Edit, side: keyof Change<unknown>): Rect {
  writeRuns(labels.map, rect, pixels[side]);
  labels.shapes = shapes[side];
  return rect;
}

function sameRuns({ before, after }: Change<Runs>): boolean {
  return before.length === after.length && before.every((value, i) => value === after[i]);
}

function runsOf({ data, width }: Map2d, rect: Rect): Runs {
  const runs: number[] = [];
  if (isEmpty(rect)) return Uint32Array.from(runs);
  let [value, length] = [data[rect.top * width + rect.left], 0];
  for (let y = rect.top; y < rect.bottom; y++) {
    for (let p = y * width + rect.left; p < y * width + rect.right; p++) {
      if (data[p] !== value) {
        runs.push(value, length);
        [value, length] = [data[p], 0];
      }
      length++;
    }
  }
  runs.push(value, length);
  return Uint32Array.from(runs);
}

function writeRuns({ data, width }: Map2d, rect: Rect, runs: Runs): void {
  const across = rect.right - rect.left;
  for (let r = 0, at = 0; r < runs.length; r += 2) {
    for (let end = at + runs[r + 1]; at < end;) {
      const x = at % across;
      const length = Math.min(end - at, across - x);
      const start = (rect.top + Math.floor(at / across)) * width + rect.left + x;
      data.fill(runs[r], start, start + length);
      at += length;
    }
  }
}
