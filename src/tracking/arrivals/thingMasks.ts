/** @file Tracked things as masks of a frame's size: where anything is follows the picture's edges, which thing it is the cells. */
import type { PictureSize } from "../../method/features.ts";
import type { Frame } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { cellsPerPixel, type EncodedFrame } from "../encodedFrames.ts";
import { GuidedDecoder } from "../masks/guidedDecoder.ts";
import { decodeLabels, type MaskSize } from "../masks/labelCells.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import type { Mode } from "../modes.ts";

/** A thing with its cells. */
export interface CellsOfThing {
  readonly id: number;
  readonly cells: readonly number[];
}

/** Pixels this many cells from a thing's cells may be its own. */
const BESIDE = 2;

/** Makes the masks of one clip. */
export class ThingMasks {
  private readonly grid: CellGrid;
  private readonly mode: Mode;
  private quick: GuidedDecoder | undefined;

  constructor(grid: CellGrid, mode: Mode) {
    this.grid = grid;
    this.mode = mode;
  }

  /** @param score `[cells]`, −1..1; cells of no thing count as background. */
  decode(
    encoded: Pick<EncodedFrame, "input" | "stride"> & { frame: Frame },
    score: Float32Array,
    things: readonly CellsOfThing[],
  ): LabelMap {
    const { frame } = encoded;
    const owner = ownersOf(things, this.grid);
    const weights = new Float32Array(2 * score.length);
    for (let cell = 0; cell < score.length; cell++) {
      const share =
        owner.own[cell] === 1 ? Math.max(0.5, (1 + score[cell]) / 2) : Math.min(0.5, (1 + score[cell]) / 2) * 0.5;
      weights[2 * cell] = 1 - share;
      weights[2 * cell + 1] = share;
    }
    const perPixel = cellsPerPixel(encoded);
    const size = { width: frame.width, height: frame.height, cellsPerPixel: perPixel };
    const mask = this.foreground(weights, size, frame);
    return { ...mask, data: mask.data.map((is, p) => (is === 0 ? 0 : owner.ids[cellAt(p, size, this.grid)])) };
  }

  private foreground(weights: Float32Array, size: MaskSize, frame: Frame): LabelMap {
    if (!this.mode.quickMasks) return decodeLabels(weights, [0, 1], this.grid, size, frame).labels;
    this.quick ??= new GuidedDecoder([0, 1], this.grid, size);
    return this.quick.decode(weights, frame).labels;
  }
}

function cellAt(pixel: number, { width, cellsPerPixel: { x, y } }: MaskSize, grid: PictureSize): number {
  const column = Math.min(grid.width - 1, Math.floor(((pixel % width) + 0.5) * x));
  return Math.min(grid.height - 1, Math.floor((Math.floor(pixel / width) + 0.5) * y)) * grid.width + column;
}

/** By cell: whether a thing has it, and the id of the thing that has it or the nearest one beside. */
function ownersOf(things: readonly CellsOfThing[], { width, height }: PictureSize) {
  const own = new Uint8Array(width * height);
  const ids = new Uint8Array(width * height);
  for (const { id, cells } of things)
    for (const cell of cells) {
      own[cell] = 1;
      ids[cell] = id;
    }
  for (let round = 0; round < BESIDE; round++) {
    const before = ids.slice();
    for (let cell = 0; cell < ids.length; cell++) {
      if (before[cell] !== 0) continue;
      const x = cell % width;
      ids[cell] =
        (x > 0 && before[cell - 1]) ||
        (x < width - 1 && before[cell + 1]) ||
        before[cell - width] ||
        before[cell + width] ||
        0;
    }
  }
  return { own, ids };
}
