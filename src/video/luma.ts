/** @file How light a colour is. */

/** Luma (Rec. 601) of a colour, in the unit of its parts. */
export function lumaOfColour(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * Luma of a pixel, 0..255, unrounded.
 * @param data RGB bytes. @param at where the pixel's red stands.
 */
export function lumaAt(data: Uint8Array | Uint8ClampedArray, at: number): number {
  return lumaOfColour(data[at], data[at + 1], data[at + 2]);
}
