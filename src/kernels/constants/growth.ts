/**
 * @file What region growth in the kernel `cluster` and `src/kernels/regionGrowth.ts` agree on: where the addresses of
 * its arrays stand in the parameter block (bytes). Read by both compilers, so only constants that AssemblyScript and
 * TypeScript understand alike: whole numbers without a type.
 */

/** u32 addresses. */
export const GROWTH_BYTES = 48;
/** f32 `[clusters, dims]`. */
export const GROWTH_CENTRES = 0;
/** f64 `[regions, dims]`, at most as many regions as cells: the sum and the mean of a region's cells. */
export const GROWTH_SUMS = 4;
export const GROWTH_MEANS = 8;
/** The heap of offers: a cell gets at most one from each of its four sides. */
export const GROWTH_HEAP = 12;
/** f32 `[cells, dims]`. */
export const GROWTH_DESCRIPTORS = 16;
/** i32 `[cells]`: the cluster of a cell, and its region. */
export const GROWTH_LABELS = 20;
export const GROWTH_REGION_OF = 24;
/** i32 `[regions]`: the cluster of a region, and its cells. */
export const GROWTH_REGION_LABELS = 28;
export const GROWTH_SIZES = 32;
/** i32 `[cells]`: cells of the part in hand. */
export const GROWTH_PART = 36;
/** u8 `[cells]`: 1 for a cell that was met. */
export const GROWTH_SEEN = 40;

/** An offer: f64 distance, i32 cell, i32 region. */
export const OFFER_BYTES = 16;
export const OFFERS_PER_CELL = 4;
