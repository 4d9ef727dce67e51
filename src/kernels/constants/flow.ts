/**
 * @file The contract between the flow kernel and `src/kernels/opticalFlow.ts`: the words of the parameter block, the
 * table of levels. Read by both compilers, so only constants that AssemblyScript and TypeScript understand in the same
 * way: whole numbers without a type.
 */

/** Address of the parameter block, 4-byte words. */
export const PARAMS = 1024;
export const NEXT_STRIP = 0;
export const ARRIVED = 1;
export const GENERATION = 2;
export const THREADS = 3;
export const LEVELS = 4;
/** Address of the table of levels, finest first. */
export const TABLE = 5;
export const SCRATCH = 6;
export const SCRATCH_BYTES = 7;
export const DIRECTIONS = 8;
export const ITERATIONS = 9;
/** Addresses of both pictures. */
export const RGB = 10;
export const RGB_WIDTH = 12;
export const FACTOR = 13;
export const VALID = 14;
export const RESIDUALS = 15;
export const CELL = 16;
export const CELLS_WIDTH = 17;
export const CELLS_HEIGHT = 18;
export const EVIDENCE = 19;
/** Nine floats. */
export const MAP = 20;

/** Words of a level in the table. */
export const LEVEL_WORDS = 16;
export const L_WIDTH = 0;
export const L_HEIGHT = 1;
/** Bytes of an image row, padding included. */
export const L_STRIDE = 2;
/** Addresses of pixel (0, 0) of both pictures. */
export const L_IMAGE = 3;
/** Patches across and down. */
export const L_COLUMNS = 5;
export const L_ROWS = 6;
/** Displacements of the patches, (u, v) pairs, of both directions. */
export const L_PATCHES = 7;
/** Dense flow of both directions: u0, u1, v0, v1; a row has 4 * (columns + 1) floats. */
export const L_U = 9;
export const L_V = 11;

/** Replicated pixels around every image. */
export const PAD = 16;
