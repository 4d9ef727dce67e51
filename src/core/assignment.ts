/**
 * @file The linear assignment problem: rows and columns paired so that the sum of their gains is largest. Shortest
 * augmenting paths (Jonker and Volgenant 1987, for rectangles: Crouse, "On implementing 2D rectangular assignment
 * algorithms", IEEE TAES 2016), exact in O(short² · long). Among equal sums it finds the one that SciPy's
 * `linear_sum_assignment` finds, so that scores that are defined by it agree where there are ties.
 */

/** Gains of all pairs, row by row; finite. */
export interface GainMatrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`. */
  readonly gains: ArrayLike<number>;
}

/** A row with its column. */
export type Pair = readonly [row: number, column: number];

/** The shorter side is paired completely; ascending by rows. */
export function assign({ rows, columns, gains }: GainMatrix): Pair[] {
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  const cost =
    rows <= columns
      ? (row: number, column: number): number => -gains[row * columns + column]
      : (column: number, row: number): number => -gains[row * columns + column];
  const partners = new Paths(short, long, cost).solve();
  const pairs = Array.from(partners, (partner, i): Pair => (rows <= columns ? [i, partner] : [partner, i]));
  return pairs.sort(([a], [b]) => a - b);
}

const NONE = -1;

/** The state of the search: duals of both sides, and who is paired with whom so far. */
class Paths {
  private readonly short: number;
  private readonly long: number;
  private readonly cost: (short: number, long: number) => number;
  private readonly shortDual: Float64Array;
  private readonly longDual: Float64Array;
  private readonly partnerOfShort: Int32Array;
  private readonly partnerOfLong: Int32Array;
  /** Of the current search: the cheapest way to each of the long side, and from where it comes. */
  private readonly distance: Float64Array;
  private readonly from: Int32Array;

  constructor(short: number, long: number, cost: (short: number, long: number) => number) {
    this.short = short;
    this.long = long;
    this.cost = cost;
    this.shortDual = new Float64Array(short);
    this.longDual = new Float64Array(long);
    this.partnerOfShort = new Int32Array(short).fill(NONE);
    this.partnerOfLong = new Int32Array(long).fill(NONE);
    this.distance = new Float64Array(long);
    this.from = new Int32Array(long);
  }

  /** The partner of each of the short side. */
  solve(): Int32Array {
    for (let start = 0; start < this.short; start++) this.augment(start, this.search(start));
    return this.partnerOfShort;
  }

  /** Dijkstra's search from one of the short side to the nearest free one of the long side; updates the duals. */
  private search(start: number): number {
    const { distance, from, long, partnerOfLong } = this;
    distance.fill(Infinity);
    // From the last one on: of equal costs, the first pairs win.
    const open = Array.from({ length: long }, (_, i) => long - 1 - i);
    const closed: number[] = [];
    for (let at = start, least = 0; ;) {
      let nearest = NONE;
      let lowest = Infinity;
      for (const [place, to] of open.entries()) {
        const length = least + this.cost(at, to) - this.shortDual[at] - this.longDual[to];
        if (length < distance[to]) {
          distance[to] = length;
          from[to] = at;
        }
        const isNearer = distance[to] < lowest || (distance[to] === lowest && partnerOfLong[to] === NONE);
        if (!isNearer) continue;
        lowest = distance[to];
        nearest = place;
      }
      least = lowest;
      const to = open[nearest];
      closed.push(to);
      if (partnerOfLong[to] === NONE) {
        this.updateDuals(start, closed, least);
        return to;
      }
      at = partnerOfLong[to];
      open[nearest] = open[open.length - 1];
      open.pop();
    }
  }

  private updateDuals(start: number, closed: readonly number[], least: number): void {
    this.shortDual[start] += least;
    for (const to of closed) {
      const partner = this.partnerOfLong[to];
      if (partner !== NONE) this.shortDual[partner] += least - this.distance[to];
      this.longDual[to] -= least - this.distance[to];
    }
  }

  /** Pairs along the way back from a free one. */
  private augment(start: number, free: number): void {
    for (let to = free; ;) {
      const short = this.from[to];
      const before = this.partnerOfShort[short];
      this.partnerOfLong[to] = short;
      this.partnerOfShort[short] = to;
      if (short === start) return;
      to = before;
    }
  }
}
