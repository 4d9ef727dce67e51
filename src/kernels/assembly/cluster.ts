/**
 * @file k-means: k-means++ seeding and Lloyd steps (compiled to dist/kernels/cluster.wasm), one thread.
 *
 * Points are planes `[dims][stride]` float32, stride = the number of points rounded up to four, so that a vector holds the
 * same dimension of four neighbouring points. Distances are squared and rounded to float32 after every operation, sums of
 * points are float64: the reference in test/reference/kMeans.ts does the same in the same order and gives the same bits.
 */

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
 * k-means++: each further centre is a point drawn with a probability proportional to its squared distance to the nearest
 * centre so far. `randoms` holds `clusters` numbers (float64) in [0, 1).
 * @returns the centres made; fewer than wanted when there are fewer different points.
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
 * Lloyd steps until no label changes, at most `maxSteps`. Labels are i32 `[stride]`; `nearest` f32 `[stride]`, `sums` f64
 * `[clusters][dims]` and `counts` i32 `[clusters]` are scratch. Afterwards every centre is the mean of its points and
 * `counts` says how many they are; 0 only where there are fewer different points than clusters.
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

/** Labels every point with its nearest centre (the lowest of equals); returns how many labels are others than before. */
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

/** An empty cluster takes the point farthest from its centre (the first of equals), unless every point lies on its centre. */
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
