/**
 * @file Region growth written plainly: regions are sets of cells, means are computed anew each time, and the next offer is found
 * by looking at all of them.
 */
type Vector = readonly number[];

export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Descriptor of each cell. */
  readonly cells: readonly Vector[];
  /** Cluster of each cell. */
  readonly labels: readonly number[];
  readonly centres: readonly Vector[];
}

interface Region {
  readonly label: number;
  cells: number[];
}

/** Label of every cell's region. */
export function growRegions(grid: Grid, { threshold, minCells }: { threshold: number; minCells: number }): number[] {
  const all = grid.labels.map((_, i) => i);
  const limit = threshold * threshold;
  const free = new Set(all);
  const regions: Region[] = [];
  const open = (label: number, cells: number[]): void => {
    regions.push({ label, cells });
    for (const cell of cells) free.delete(cell);
  };
  for (const part of parts(grid, new Set(all))) {
    const label = grid.labels[part[0]];
    const core = part.filter((cell) => squared(grid.cells[cell], grid.centres[label]) <= limit);
    if (part.length >= minCells && core.length > 0) open(label, core);
  }
  grow(grid, regions, free, limit);
  for (const part of parts(grid, free)) open(grid.labels[part[0]], part);
  merge(grid, regions, minCells);
  return all.map((cell) => (regions.find(({ cells }) => cells.includes(cell)) as Region).label);
}

function squared(a: Vector, b: Vector): number {
  return a.reduce((sum, value, d) => sum + (value - b[d]) ** 2, 0);
}

function meanOf(grid: Grid, { cells }: Region): number[] {
  return grid.cells[0].map((_, d) => cells.reduce((sum, cell) => sum + grid.cells[cell][d], 0) / cells.length);
}

function neighbours({ width, height }: Grid, cell: number): number[] {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  return [
    [x, y - 1],
    [x - 1, y],
    [x + 1, y],
    [x, y + 1],
  ]
    .filter(([nx, ny]) => nx >= 0 && ny >= 0 && nx < width && ny < height)
    .map(([nx, ny]) => ny * width + nx);
}

/** 4-connected sets of cells of one label among `free`, by their first cell. */
function parts(grid: Grid, free: ReadonlySet<number>): number[][] {
  const left = new Set(free);
  const found: number[][] = [];
  for (const start of [...free].sort((a, b) => a - b)) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const cell of part)
      for (const next of neighbours(grid, cell))
        if (grid.labels[next] === grid.labels[start] && left.delete(next)) part.push(next);
    found.push(part);
  }
  return found;
}

/** Offers are made when a cell is first met from a new member of a region; the best is taken while it still holds. */
function grow(grid: Grid, regions: Region[], free: Set<number>, limit: number): void {
  let offers: { distance: number; cell: number; region: number }[] = [];
  const distance = (cell: number, region: number): number => squared(grid.cells[cell], meanOf(grid, regions[region]));
  const offerAround = (member: number, region: number): void => {
    for (const cell of neighbours(grid, member))
      if (free.has(cell)) offers.push({ distance: distance(cell, region), cell, region });
  };
  regions.forEach(({ cells }, region) => cells.forEach((cell) => offerAround(cell, region)));
  for (;;) {
    offers = offers.filter((offer) => free.has(offer.cell) && offer.distance <= limit);
    if (offers.length === 0) return;
    const [best] = offers.sort((a, b) => a.distance - b.distance || a.cell - b.cell || a.region - b.region);
    offers.shift();
    if (distance(best.cell, best.region) > limit) continue;
    free.delete(best.cell);
    regions[best.region].cells.push(best.cell);
    offerAround(best.cell, best.region);
  }
}

/** The smallest region with a neighbour goes to its closest neighbour, until all are large enough. */
function merge(grid: Grid, regions: Region[], minCells: number): void {
  for (;;) {
    const alive = regions.filter(({ cells }) => cells.length > 0);
    if (alive.length < 2) return;
    const small = alive.filter(({ cells }) => cells.length < minCells).sort((a, b) => a.cells.length - b.cells.length);
    if (small.length === 0) return;
    const [least] = small;
    const around = new Set(least.cells.flatMap((cell) => neighbours(grid, cell)));
    const touching = alive.filter((region) => region !== least && region.cells.some((cell) => around.has(cell)));
    const own = meanOf(grid, least);
    const into = touching.reduce((best, region) =>
      squared(own, meanOf(grid, region)) < squared(own, meanOf(grid, best)) ? region : best,
    );
    into.cells = [...into.cells, ...least.cells];
    least.cells = [];
  }
}
