/**
 * @file k-means: k-means++ seeding and Lloyd steps (compiled to dist/kernels/cluster.wasm), one thread.
 *
 * Points are planes `[dims][stride]` float32, stride = the number of points rounded up to four, so that a vector holds
 * the same dimension of four neighbouring points. Distances are squared and rounded to float32 after every operation,
 * sums of points are float64: the reference in test/reference/kMeans.ts computes the same in the same order and gives
 * the same bits.
 */
import {
  GROWTH_CENTRES, GROWTH_DESCRIPTORS, GROWTH_HEAP, GROWTH_LABELS, GROWTH_MEANS, GROWTH_PART, GROWTH_REGION_LABELS, GROWTH_REGION_OF,
  GROWTH_SEEN, GROWTH_SIZES, GROWTH_SUMS,
} from "../constants/growth";

/** Squared distances of points i .. i + 3 to a centre `[dims]`. */
@inline function distances4(at: usize, planeBytes: usize, centre: usize, dims: i32): v128 {
  let sum = f32x4.splat(0);
  let from = at;
  for (let d = 0; d < dims; d++) {
    const difference = f32x4.sub(v128.load(from), v128.load_splat<f32>(centre + (<usize>d << 2)));
    sum = f32x4.add(sum, f32x4.mul(difference, difference));
    from += planeBytes;
  }
  return sum;
}

function copyPoint(points: usize, index: i32, stride: i32, dims: i32, to: usize): void {
  for (let d = 0; d < dims; d++)
    store<f32>(to + (<usize>d << 2), load<f32>(points + (<usize>(d * stride + index) << 2)));
}

/**
 * k-means++: each further centre is a point drawn with a probability proportional to its squared distance to the
 * nearest centre so far. `randoms` holds `clusters` numbers (float64) in [0, 1).
 * @returns the number of centres made; fewer than `clusters` if there are fewer distinct points.
 */
export function seed(points: usize, count: i32, stride: i32, dims: i32, clusters: i32, randoms: usize, centres: usize, nearest: usize): i32 {
  copyPoint(points, <i32>(load<f64>(randoms) * <f64>count), stride, dims, centres);
  const planeBytes = <usize>stride << 2;
  for (let i = 0; i < stride; i++) store<f32>(nearest + (<usize>i << 2), Infinity);
  for (let made = 1; made < clusters; made++) {
    const last = centres + (<usize>((made - 1) * dims) << 2);
    for (let i = 0; i < stride; i += 4) {
      const at = <usize>i << 2;
      const distance = distances4(points + at, planeBytes, last, dims);
      v128.store(nearest + at, f32x4.min(v128.load(nearest + at), distance));
    }
    const drawn = draw(nearest, count, load<f64>(randoms + (<usize>made << 3)));
    if (drawn < 0) return made;
    copyPoint(points, drawn, stride, dims, centres + (<usize>(made * dims) << 2));
  }
  return clusters;
}

/** An index drawn with probability weight / total; -1 when all weights are 0. */
function draw(weights: usize, count: i32, random: f64): i32 {
  let total: f64 = 0;
  for (let i = 0; i < count; i++) total += <f64>load<f32>(weights + (<usize>i << 2));
  if (!(total > 0)) return -1;
  const wanted = random * total;
  let sum: f64 = 0;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const weight = load<f32>(weights + (<usize>i << 2));
    if (weight == 0) continue;
    last = i;
    sum += <f64>weight;
    if (sum > wanted) return i;
  }
  return last;
}

/**
 * Lloyd steps until no label changes, at most `maxSteps`. Labels are i32 `[stride]`; `nearest` f32 `[stride]`, `sums`
 * f64 `[clusters][dims]` and `counts` i32 `[clusters]` are scratch. Afterwards every centre is the mean of its points
 * and `counts` is their number; 0 only where there are fewer distinct points than clusters.
 * @returns the steps done.
 */
export function lloyd(
  points: usize, count: i32, stride: i32, dims: i32, clusters: i32, maxSteps: i32,
  centres: usize, labels: usize, nearest: usize, sums: usize, counts: usize,
): i32 {
  for (let i = 0; i < stride; i++) store<i32>(labels + (<usize>i << 2), -1);
  for (let step = 0; step < maxSteps; step++) {
    if (assign(points, stride, dims, clusters, centres, labels, nearest) == 0) return step;
    tally(labels, count, clusters, counts);
    for (let k = 0; k < clusters; k++) {
      if (load<i32>(counts + (<usize>k << 2)) == 0) refill(k, labels, nearest, count, counts);
    }
    moveCentres(points, count, stride, dims, clusters, centres, labels, sums, counts);
  }
  return maxSteps;
}

/** Labels every point with its nearest centre (the lowest of equals); returns how many labels changed. */
function assign(points: usize, stride: i32, dims: i32, clusters: i32, centres: usize, labels: usize, nearest: usize): i32 {
  const planeBytes = <usize>stride << 2;
  let changed = 0;
  for (let i = 0; i < stride; i += 4) {
    const at = <usize>i << 2;
    let best = f32x4.splat(Infinity);
    let label = i32x4.splat(0);
    for (let k = 0; k < clusters; k++) {
      const distance = distances4(points + at, planeBytes, centres + (<usize>(k * dims) << 2), dims);
      const closer = f32x4.lt(distance, best);
      best = v128.bitselect(distance, best, closer);
      label = v128.bitselect(i32x4.splat(k), label, closer);
    }
    changed += popcnt(i32x4.bitmask(i32x4.ne(label, v128.load(labels + at))));
    v128.store(labels + at, label);
    v128.store(nearest + at, best);
  }
  return changed;
}

function tally(labels: usize, count: i32, clusters: i32, counts: usize): void {
  memory.fill(counts, 0, <usize>clusters << 2);
  for (let i = 0; i < count; i++) {
    const at = counts + (<usize>load<i32>(labels + (<usize>i << 2)) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
}

/**
 * An empty cluster takes the point farthest from its centre (the first of equals), unless every point lies on its
 * centre.
 */
function refill(cluster: i32, labels: usize, nearest: usize, count: i32, counts: usize): void {
  let farthest = -1;
  let distance: f32 = 0;
  for (let i = 0; i < count; i++) {
    if (load<f32>(nearest + (<usize>i << 2)) <= distance) continue;
    if (load<i32>(counts + (<usize>load<i32>(labels + (<usize>i << 2)) << 2)) < 2) continue;
    distance = load<f32>(nearest + (<usize>i << 2));
    farthest = i;
  }
  if (farthest < 0) return;
  const giver = counts + (<usize>load<i32>(labels + (<usize>farthest << 2)) << 2);
  store<i32>(giver, load<i32>(giver) - 1);
  store<i32>(labels + (<usize>farthest << 2), cluster);
  store<f32>(nearest + (<usize>farthest << 2), 0);
  store<i32>(counts + (<usize>cluster << 2), 1);
}

function moveCentres(
  points: usize, count: i32, stride: i32, dims: i32, clusters: i32, centres: usize, labels: usize, sums: usize, counts: usize,
): void {
  memory.fill(sums, 0, <usize>(clusters * dims) << 3);
  for (let i = 0; i < count; i++) {
    const to = sums + (<usize>(load<i32>(labels + (<usize>i << 2)) * dims) << 3);
    for (let d = 0; d < dims; d++) {
      const at = to + (<usize>d << 3);
      store<f64>(at, load<f64>(at) + <f64>load<f32>(points + (<usize>(d * stride + i) << 2)));
    }
  }
  for (let k = 0; k < clusters; k++) {
    const members = load<i32>(counts + (<usize>k << 2));
    if (members == 0) continue;
    for (let d = 0; d < dims; d++) {
      const mean = load<f64>(sums + (<usize>(k * dims + d) << 3)) / <f64>members;
      store<f32>(centres + (<usize>(k * dims + d) << 2), <f32>mean);
    }
  }
}

// ----------------------------------------------------------------------------------------------------- region growth

// A frame's cells and the regions so far; see ../constants/growth.ts for what each array holds.
let dims: i32 = 0;
let width: i32 = 0;
let cells: i32 = 0;
let descriptors: usize = 0;
let cellLabels: usize = 0;
let regionOf: usize = 0;
let regionLabels: usize = 0;
let sizes: usize = 0;
let sums: usize = 0;
let means: usize = 0;
let seen: usize = 0;
let part: usize = 0;
let heap: usize = 0;
let heapSize: i32 = 0;
let regions: i32 = 0;
let limit: f64 = 0;

/**
 * Starts regions from the outlines, grows them and leaves the remaining cells in their outlines.
 * @param parameters address of the parameter block, see ../constants/growth.ts.
 * @returns the number of regions; `regionOf`, `regionLabels`, `sizes` and `sums` are filled.
 */
export function grow(
  cellDims: i32, gridWidth: i32, gridHeight: i32, squaredThreshold: f64, minCells: i32, parameters: usize,
): i32 {
  dims = cellDims;
  width = gridWidth;
  cells = gridWidth * gridHeight;
  limit = squaredThreshold;
  readAddresses(parameters);
  memory.fill(regionOf, 0xff, <usize>cells << 2);
  memory.fill(seen, 0, <usize>cells);
  regions = 0;
  heapSize = 0;
  startRegions(minCells, load<u32>(parameters, GROWTH_CENTRES));
  for (let cell = 0; cell < cells; cell++) {
    const region = load<i32>(regionOf + (<usize>cell << 2));
    if (region >= 0) offerAround(cell, region);
  }
  while (heapSize > 0) takeOffer();
  keepOutlines();
  return regions;
}

/** Where the arrays lie. */
function readAddresses(parameters: usize): void {
  sums = load<u32>(parameters, GROWTH_SUMS);
  means = load<u32>(parameters, GROWTH_MEANS);
  heap = load<u32>(parameters, GROWTH_HEAP);
  descriptors = load<u32>(parameters, GROWTH_DESCRIPTORS);
  cellLabels = load<u32>(parameters, GROWTH_LABELS);
  regionOf = load<u32>(parameters, GROWTH_REGION_OF);
  regionLabels = load<u32>(parameters, GROWTH_REGION_LABELS);
  sizes = load<u32>(parameters, GROWTH_SIZES);
  part = load<u32>(parameters, GROWTH_PART);
  seen = load<u32>(parameters, GROWTH_SEEN);
}

@inline function labelOf(cell: i32): i32 {
  return load<i32>(cellLabels + (<usize>cell << 2));
}

function openRegion(label: i32): i32 {
  store<i32>(regionLabels + (<usize>regions << 2), label);
  store<i32>(sizes + (<usize>regions << 2), 0);
  memory.fill(sums + (<usize>(regions * dims) << 3), 0, <usize>dims << 3);
  return regions++;
}

/** Adds a cell to a region and updates the region's mean. */
function join(cell: i32, region: i32): void {
  store<i32>(regionOf + (<usize>cell << 2), region);
  const size = load<i32>(sizes + (<usize>region << 2)) + 1;
  store<i32>(sizes + (<usize>region << 2), size);
  let value = descriptors + (<usize>(cell * dims) << 2);
  let sum = sums + (<usize>(region * dims) << 3);
  let mean = means + (<usize>(region * dims) << 3);
  for (let d = 0; d < dims; d++) {
    const total = load<f64>(sum) + <f64>load<f32>(value);
    store<f64>(sum, total);
    store<f64>(mean, total / <f64>size);
    value += 4;
    sum += 8;
    mean += 8;
  }
}

/** Squared distance of a cell to a region's mean. */
@inline function toMean(cell: i32, region: i32): f64 {
  let value = descriptors + (<usize>(cell * dims) << 2);
  let mean = means + (<usize>(region * dims) << 3);
  let total: f64 = 0;
  for (let d = 0; d < dims; d++) {
    const difference = <f64>load<f32>(value) - load<f64>(mean);
    total += difference * difference;
    value += 4;
    mean += 8;
  }
  return total;
}

/** Squared distance of a cell to its cluster's centre. */
function toCentre(cell: i32, centres: usize): f64 {
  let value = descriptors + (<usize>(cell * dims) << 2);
  let centre = centres + (<usize>(labelOf(cell) * dims) << 2);
  let total: f64 = 0;
  for (let d = 0; d < dims; d++) {
    const difference = <f64>load<f32>(value) - <f64>load<f32>(centre);
    total += difference * difference;
    value += 4;
    centre += 4;
  }
  return total;
}

function startRegions(minCells: i32, centres: usize): void {
  for (let start = 0; start < cells; start++) {
    if (load<u8>(seen + <usize>start)) continue;
    const count = component(start);
    if (count < minCells) continue;
    let region = -1;
    for (let i = 0; i < count; i++) {
      const cell = load<i32>(part + (<usize>i << 2));
      if (toCentre(cell, centres) > limit) continue;
      if (region < 0) region = openRegion(labelOf(start));
      join(cell, region);
    }
  }
}

/**
 * Fills `part` with the 4-connected cells of equal label around `start` that have not been visited; returns their
 * number.
 */
function component(start: i32): i32 {
  store<i32>(part, start);
  store<u8>(seen + <usize>start, 1);
  const label = labelOf(start);
  let count = 1;
  for (let i = 0; i < count; i++) {
    const cell = load<i32>(part + (<usize>i << 2));
    const x = cell % width;
    if (cell >= width) count = visit(cell - width, label, count);
    if (x > 0) count = visit(cell - 1, label, count);
    if (x < width - 1) count = visit(cell + 1, label, count);
    if (cell + width < cells) count = visit(cell + width, label, count);
  }
  return count;
}

@inline function visit(cell: i32, label: i32, count: i32): i32 {
  if (load<u8>(seen + <usize>cell) || labelOf(cell) != label) return count;
  store<u8>(seen + <usize>cell, 1);
  store<i32>(part + (<usize>count << 2), cell);
  return count + 1;
}

function keepOutlines(): void {
  for (let cell = 0; cell < cells; cell++) {
    store<u8>(seen + <usize>cell, load<i32>(regionOf + (<usize>cell << 2)) >= 0 ? 1 : 0);
  }
  for (let start = 0; start < cells; start++) {
    if (load<u8>(seen + <usize>start)) continue;
    const count = component(start);
    const region = openRegion(labelOf(start));
    for (let i = 0; i < count; i++) join(load<i32>(part + (<usize>i << 2)), region);
  }
}

// A binary heap of offers: float64 distance, i32 cell, i32 region. A cell is offered at most once from each side.

function offerAround(cell: i32, region: i32): void {
  const x = cell % width;
  if (cell >= width) offer(cell - width, region);
  if (x > 0) offer(cell - 1, region);
  if (x < width - 1) offer(cell + 1, region);
  if (cell + width < cells) offer(cell + width, region);
}

function offer(cell: i32, region: i32): void {
  if (load<i32>(regionOf + (<usize>cell << 2)) >= 0) return;
  const distance = toMean(cell, region);
  if (distance > limit) return;
  let at = heapSize++;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const from = heap + (<usize>above << 4);
    if (!before(distance, cell, region, from)) break;
    v128.store(heap + (<usize>at << 4), v128.load(from));
    at = above;
  }
  put(heap + (<usize>at << 4), distance, cell, region);
}

@inline function put(to: usize, distance: f64, cell: i32, region: i32): void {
  store<f64>(to, distance);
  store<i32>(to, cell, 8);
  store<i32>(to, region, 12);
}

/** Whether an offer comes before the one at an address: least distance, then lowest cell, then lowest region. */
@inline function before(distance: f64, cell: i32, region: i32, other: usize): bool {
  const otherDistance = load<f64>(other);
  if (distance != otherDistance) return distance < otherDistance;
  const otherCell = load<i32>(other, 8);
  return cell != otherCell ? cell < otherCell : region < load<i32>(other, 12);
}

/** Takes the best offer; the cell joins if it is still free and near enough (the mean has moved since). */
function takeOffer(): void {
  const cell = load<i32>(heap, 8);
  const region = load<i32>(heap, 12);
  removeTop();
  if (load<i32>(regionOf + (<usize>cell << 2)) >= 0 || toMean(cell, region) > limit) return;
  join(cell, region);
  offerAround(cell, region);
}

function removeTop(): void {
  heapSize--;
  const last = heap + (<usize>heapSize << 4);
  const distance = load<f64>(last);
  const cell = load<i32>(last, 8);
  const region = load<i32>(last, 12);
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heapSize) break;
    let from = heap + (<usize>below << 4);
    if (below + 1 < heapSize && before(load<f64>(from, 16), load<i32>(from, 24), load<i32>(from, 28), from)) {
      below++;
      from += 16;
    }
    if (before(distance, cell, region, from)) break;
    v128.store(heap + (<usize>at << 4), v128.load(from));
    at = below;
  }
  put(heap + (<usize>at << 4), distance, cell, region);
}
