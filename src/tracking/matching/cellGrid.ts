/** @file The grid of feature cells over a frame. */

/** The grid of feature cells over a frame. */
export interface CellGrid {
  /** Cells. */
  readonly height: number;
  /** Cells. */
  readonly width: number;
  /** Pixels of the encoder's input per cell. */
  readonly stride: number;
}
