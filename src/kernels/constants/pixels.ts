/**
 * @file The contract between the pixel kernels and their callers: byte offsets in the parameter blocks. Read by both
 * compilers, so only constants that AssemblyScript and TypeScript understand in the same way: whole numbers without a
 * type.
 */

/** `shrink`: u32 addresses and sizes. */
export const SHRINK_BYTES = 56;
export const SHRINK_PICTURE = 0;
export const SHRINK_OUT = 4;
/** Address of the row being made. */
export const SHRINK_MIXED = 8;
/** Address of the taps of rows, and the bytes of one. */
export const SHRINK_ROW_TAPS = 12;
export const SHRINK_ROW_TAP_BYTES = 16;
/** Address of the taps of columns, and the bytes of one. */
export const SHRINK_COLUMN_TAPS = 20;
export const SHRINK_COLUMN_TAP_BYTES = 24;
/** Address of the linear light of bytes, f32 `[256]`. */
export const SHRINK_LINEAR = 28;
/** Address of Lab's curve, f32. */
export const SHRINK_CURVE = 32;
/** Bytes of an input row. */
export const SHRINK_ROW_BYTES = 36;
export const SHRINK_COLUMNS = 40;
export const SHRINK_ROWS = 44;
/** Bytes of a row and of a plane of the result. */
export const SHRINK_OUT_ROW = 48;
export const SHRINK_OUT_PLANE = 52;
/** A tap: i32 first input, i32 count, then its weights. */
export const TAP_FIRST = 0;
export const TAP_COUNT = 4;
export const TAP_WEIGHTS = 8;

/** `decode`: u32 addresses and sizes, then floats. */
export const DECODE_BYTES = 96;
export const DECODE_PICTURE = 0;
export const DECODE_OUT = 4;
export const DECODE_WEIGHTS = 8;
/** Addresses of the spatial weights. */
export const DECODE_ACROSS = 12;
export const DECODE_DOWN = 16;
export const DECODE_COLOURS = 20;
export const DECODE_CERTAIN = 24;
export const DECODE_IDS = 28;
export const DECODE_SUMS = 32;
export const DECODE_COUNTS = 36;
export const DECODE_VOTES = 40;
/** Pixels. */
export const DECODE_WIDTH = 44;
export const DECODE_HEIGHT = 48;
/** Cells. */
export const DECODE_COLUMNS = 52;
export const DECODE_ROWS = 56;
export const DECODE_LABELS = 60;
/** f32. */
export const DECODE_INVERSE_RANGE = 64;
/** f32. */
export const DECODE_FLOOR = 68;
/** f32. */
export const DECODE_LEAD = 72;
/** f64, cells for each pixel. */
export const DECODE_CELL_WIDTH = 80;
/** f64. */
export const DECODE_CELL_HEIGHT = 88;
/** Cells around a pixel in each direction. */
export const DECODE_SIDE = 4;

/** A run of pixels of an axis between two cell centres: i32, and f32 the sum of weights. */
export const RUN_BYTES = 24;
export const RUN_FROM = 0;
export const RUN_TO = 4;
/** The two cells that it lies between. */
export const RUN_LOW = 8;
export const RUN_HIGH = 12;
/** The first of the four cells that it depends on. */
export const RUN_FIRST = 16;
export const RUN_WEIGHT = 20;
