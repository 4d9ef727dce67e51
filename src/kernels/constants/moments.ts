/** @file The contract between the kernel of linear models and its caller, read by both compilers. */

/** Cells whose products are summed at once, a multiple of four. */
export const PANEL = 128;
