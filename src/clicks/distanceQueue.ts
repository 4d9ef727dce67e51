/** @file Cells by how far they are: a binary heap. A cell may wait several times; the caller passes over settled ones. */

/** The nearest comes first. */
export class DistanceQueue {
  private readonly distances: number[] = [];
  private readonly cells: number[] = [];

  add(cell: number, distance: number): void {
    const { distances, cells } = this;
    let at = cells.length;
    for (let up = (at - 1) >> 1; at > 0 && distances[up] > distance; up = (at - 1) >> 1) {
      distances[at] = distances[up];
      cells[at] = cells[up];
      at = up;
    }
    distances[at] = distance;
    cells[at] = cell;
  }

  /** Takes the nearest out; -1 without any. */
  next(): number {
    const { distances, cells } = this;
    if (cells.length === 0) return -1;
    const nearest = cells[0];
    const [cell, distance] = [cells.pop() as number, distances.pop() as number];
    if (cells.length > 0) this.sink(cell, distance);
    return nearest;
  }

  private sink(cell: number, distance: number): void {
    const { distances, cells } = this;
    let at = 0;
    for (let down = 1; down < cells.length; down = 2 * at + 1) {
      if (down + 1 < cells.length && distances[down + 1] < distances[down]) down++;
      if (distances[down] >= distance) break;
      distances[at] = distances[down];
      cells[at] = cells[down];
      at = down;
    }
    distances[at] = distance;
    cells[at] = cell;
  }
}
