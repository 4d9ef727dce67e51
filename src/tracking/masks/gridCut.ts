/**
 * @file Minimum cut of a grid whose cells are tied to their eight neighbours: two search trees that grow, augment and
 * adopt (Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms", 2004). Capacities are
 * whole numbers, so the cut is exact and ends.
 */

/** Steps to the neighbours: direction d is opposite to 7 - d. */
export const NEIGHBOURS: readonly (readonly [dx: number, dy: number])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
];

const FREE = 0;
const SOURCE = 1;
const SINK = 2;
/** Parents that are no neighbour. */
const TERMINAL = 8;
const ORPHAN = 9;

/** A grid to cut; set the capacities, then call `cut` once. */
export class GridCut {
  private readonly width: number;
  private readonly height: number;
  /** Width of a row with a cell to spare on either side, so that every cell has eight neighbours. */
  private readonly stride: number;
  private readonly steps: Int32Array;
  /** What still fits through, `[cells, 8]`. */
  private readonly left: Int32Array;
  /** What still fits in from the source (above 0) or out to the sink (below 0). */
  private readonly terminal: Int32Array;
  private readonly tree: Uint8Array;
  private readonly parent: Uint8Array;
  /** Steps to the terminal, and when that was known. */
  private readonly distance: Int32Array;
  private readonly known: Int32Array;
  private now = 1;
  private readonly active: CellQueue;
  private readonly orphans: CellQueue;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.stride = width + 2;
    const cells = this.stride * (height + 2);
    this.steps = Int32Array.from(NEIGHBOURS, ([dx, dy]) => dy * this.stride + dx);
    this.left = new Int32Array(8 * cells);
    this.terminal = new Int32Array(cells);
    this.tree = new Uint8Array(cells);
    this.parent = new Uint8Array(cells);
    this.distance = new Int32Array(cells);
    this.known = new Int32Array(cells);
    this.active = new CellQueue(cells);
    this.orphans = new CellQueue(cells);
  }

  /**
   * Costs of the cell on either side; only their difference counts.
   * @param asSource cost if it ends with the source, whole, as is `asSink`; their difference below 2^30.
   */
  setCosts(x: number, y: number, asSource: number, asSink: number): void {
    this.terminal[this.cell(x, y)] = asSink - asSource;
  }

  /** @param cost of parting the cell from its neighbour in direction d, both within the grid; whole, 0..2^29. */
  setTie(x: number, y: number, d: number, cost: number): void {
    const cell = this.cell(x, y);
    this.left[8 * cell + d] = cost;
    this.left[8 * (cell + this.steps[d]) + 7 - d] = cost;
  }

  /** @returns `[height, width]`, 1 where a cell ends with the source; of several minimal cuts the one with fewest. */
  cut(): Uint8Array {
    this.plant();
    for (let cell = this.active.next(); cell >= 0; cell = this.active.next())
      while (this.tree[cell] !== FREE) {
        const d = this.grow(cell);
        if (d < 0) break;
        this.now++;
        if (this.tree[cell] === SOURCE) this.augment(cell, d);
        else this.augment(cell + this.steps[d], 7 - d);
        this.adopt();
      }
    return Uint8Array.from({ length: this.width * this.height }, (_, i) =>
      this.tree[this.cell(i % this.width, Math.floor(i / this.width))] === SOURCE ? 1 : 0,
    );
  }

  private cell(x: number, y: number): number {
    return (y + 1) * this.stride + x + 1;
  }

  private plant(): void {
    this.terminal.forEach((capacity, cell) => {
      if (capacity === 0) return;
      this.tree[cell] = capacity > 0 ? SOURCE : SINK;
      this.parent[cell] = TERMINAL;
      this.distance[cell] = 1;
      this.active.add(cell);
    });
  }

  /** What still fits from the cell to its neighbour, seen from the source: backwards in the sink's tree. */
  private outward(cell: number, d: number, tree: number): number {
    return tree === SOURCE ? this.left[8 * cell + d] : this.left[8 * (cell + this.steps[d]) + 7 - d];
  }

  /** Takes free neighbours into the cell's tree. @returns the direction in which the trees meet, or -1 */
  private grow(cell: number): number {
    const { tree, parent, distance, known, steps } = this;
    const own = tree[cell];
    for (let d = 0; d < 8; d++) {
      const other = cell + steps[d];
      if (this.outward(cell, d, own) === 0) continue;
      if (tree[other] === FREE) {
        tree[other] = own;
        this.hang(other, 7 - d, cell);
        this.active.add(other);
      } else if (tree[other] !== own) return d;
      else if (known[other] <= known[cell] && distance[other] > distance[cell] + 1 && parent[other] !== TERMINAL)
        this.hang(other, 7 - d, cell);
    }
    return -1;
  }

  private hang(cell: number, d: number, parent: number): void {
    this.parent[cell] = d;
    this.known[cell] = this.known[parent];
    this.distance[cell] = this.distance[parent] + 1;
  }

  /** Sends as much as fits along the path through a cell of the source's tree and its neighbour in the sink's. */
  private augment(cell: number, d: number): void {
    const { left, steps } = this;
    const other = cell + steps[d];
    const amount = Math.min(left[8 * cell + d], this.room(cell), this.room(other));
    left[8 * cell + d] -= amount;
    left[8 * other + 7 - d] += amount;
    this.send(cell, amount);
    this.send(other, amount);
  }

  /** What fits between a cell and its terminal. */
  private room(start: number): number {
    const { parent, steps, terminal } = this;
    const own = this.tree[start];
    let room = Infinity;
    let cell = start;
    for (let d = parent[cell]; d !== TERMINAL; d = parent[cell]) {
      const up = cell + steps[d];
      room = Math.min(room, this.outward(up, 7 - d, own));
      cell = up;
    }
    return Math.min(room, Math.abs(terminal[cell]));
  }

  private send(start: number, amount: number): void {
    const { parent, steps, terminal, left } = this;
    const own = this.tree[start];
    let cell = start;
    for (let d = parent[cell]; d !== TERMINAL; d = parent[cell]) {
      const up = cell + steps[d];
      const [from, to] = own === SOURCE ? [8 * up + 7 - d, 8 * cell + d] : [8 * cell + d, 8 * up + 7 - d];
      left[from] -= amount;
      left[to] += amount;
      if (left[from] === 0) this.orphan(cell);
      cell = up;
    }
    terminal[cell] += own === SOURCE ? -amount : amount;
    if (terminal[cell] === 0) this.orphan(cell);
  }

  private orphan(cell: number): void {
    this.parent[cell] = ORPHAN;
    this.orphans.add(cell);
  }

  /** Finds new parents for orphans, or sets them free. */
  private adopt(): void {
    const { parent, steps, known, distance } = this;
    for (let cell = this.orphans.next(); cell >= 0; cell = this.orphans.next()) {
      const own = this.tree[cell];
      let nearest = Infinity;
      let best = -1;
      for (let d = 0; d < 8; d++) {
        const other = cell + steps[d];
        if (this.tree[other] !== own || this.outward(other, 7 - d, own) === 0) continue;
        const far = this.origin(other);
        if (far >= nearest) continue;
        nearest = far;
        best = d;
      }
      if (best < 0) this.release(cell);
      else {
        parent[cell] = best;
        known[cell] = this.now;
        distance[cell] = nearest + 1;
      }
    }
  }

  /** Steps from a cell to its terminal, noted on the way; Infinity where it hangs on an orphan. */
  private origin(start: number): number {
    const { parent, steps, known, distance, now } = this;
    let total = 0;
    let cell = start;
    for (; known[cell] !== now && parent[cell] !== TERMINAL; cell += steps[parent[cell]]) {
      if (parent[cell] === ORPHAN) return Infinity;
      total++;
    }
    known[cell] = now;
    total += distance[cell];
    let left = total;
    for (let at = start; known[at] !== now; at += steps[parent[at]]) {
      known[at] = now;
      distance[at] = left--;
    }
    return total;
  }

  /** An orphan without a parent leaves its tree; what hung on it becomes an orphan. */
  private release(cell: number): void {
    const { tree, parent, steps } = this;
    const own = tree[cell];
    for (let d = 0; d < 8; d++) {
      const other = cell + steps[d];
      if (tree[other] !== own) continue;
      if (this.outward(other, 7 - d, own) > 0) this.active.add(other);
      if (parent[other] === 7 - d) this.orphan(other);
    }
    tree[cell] = FREE;
  }
}

/** Cells in the order they came, each at most once. */
class CellQueue {
  private readonly cells: Int32Array;
  private readonly waits: Uint8Array;
  private first = 0;
  private count = 0;

  constructor(cells: number) {
    this.cells = new Int32Array(cells);
    this.waits = new Uint8Array(cells);
  }

  add(cell: number): void {
    if (this.waits[cell] === 1) return;
    this.waits[cell] = 1;
    this.cells[(this.first + this.count++) % this.cells.length] = cell;
  }

  /** The cell that waits longest; -1 without any. */
  next(): number {
    if (this.count === 0) return -1;
    const cell = this.cells[this.first];
    this.first = (this.first + 1) % this.cells.length;
    this.count--;
    this.waits[cell] = 0;
    return cell;
  }
}
