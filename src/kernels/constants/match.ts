/**
 * @file The contract between the matching kernel and `src/kernels/matcher`: the words of the parameter block, the
 * records it points to, the tiles. Read by both compilers, so only constants that AssemblyScript and TypeScript
 * understand in the same way: whole numbers without a type.
 */

/** Address of the parameter block: 4-byte words, unsigned unless stated otherwise. */
export const PARAMS = 1024;

/** The next strip of rows that a worker may take; the workers increment it. */
export const NEXT_STRIP = 0;
export const HEIGHT = 1;
export const WIDTH = 2;
export const ROW_BLOCKS = 3;
export const STAGES = 4;
/** Address of the channel counts after which candidates are dropped, `STAGES` words. */
export const STAGE_ENDS = 5;
export const CHANNELS = 6;
export const LABELS = 7;
export const SCRATCH = 8;
export const SCRATCH_BYTES = 9;
export const QUERY = 10;
export const QUERY_RESIDUALS = 11;
export const OUT = 12;
export const TOP_K = 13;
/** f32. */
export const INVERSE_TEMPERATURE = 14;
/** Address of the frames to search, `ENTRY_BYTES` each. */
export const ENTRIES = 15;
export const ENTRY_COUNT = 16;
export const INPUT = 17;
export const BASIS = 18;
export const NORMALISE = 19;
export const PRUNED = 20;
export const POOLED = 21;
export const FLOW = 22;
/** Address of the held frames, `LOCATION_BYTES` each. */
export const LOCATIONS = 23;
export const LOCATION_FROM = 24;
export const LOCATION_TO = 25;
export const SEARCH_REACH = 26;
/** f32. */
export const BELIEF = 27;
export const TIME = 28;
export const QUERY_REGIONS = 29;
export const SETTLING = 30;

/** Address of the stage ends. */
export const STAGE_TABLE = 2048;

/** Lanes of a vector: neighbouring cells in a block. */
export const LANES = 4;
/** Columns of a tile of queries. */
export const TILE_W = 3;
/** Rows of a tile of queries. */
export const TILE_H = 2;

/** Rotated channels of a coarse feature, 16-bit integers. */
export const COARSE_CHANNELS = 32;
export const COARSE_BYTES = 64;

/** Replaces a label: for a cell with shares of several, for a tile that has to be searched. */
export const NO_SINGLE_LABEL = 255;

/** A frame to search: bytes of its record, and the offsets of its words. */
export const ENTRY_BYTES = 64;
export const ENTRY_FEATURES = 0;
export const ENTRY_RESIDUALS = 4;
export const ENTRY_LABELS = 8;
/** Address of the window's half widths, a word for each vertical distance from 0. */
export const ENTRY_HALF_WIDTHS = 12;
/** Largest vertical distance in the window. */
export const ENTRY_REACH = 16;
export const ENTRY_COPIES = 20;
/** Address of the tiles' offsets, i16 dx, dy each. */
export const ENTRY_OFFSETS = 24;
/** Address of the keys' region bits; 0 = no restriction. */
export const ENTRY_REGIONS = 28;
/** Address of the keys' only labels, one byte each. */
export const ENTRY_SINGLES = 32;

/** A held frame in which tiles are located. */
export const LOCATION_BYTES = 16;
export const LOCATION_COARSE = 0;
/** Address of the table of offsets to fill. */
export const LOCATION_TABLE = 4;
/** Address of the previous frame's table; 0 = none. */
export const LOCATION_PREVIOUS = 8;
/** 1 = searched everywhere in the frame. */
export const LOCATION_EVERYWHERE = 12;
