/** @file Spectra in bands that are equally wide to the ear. */
import { BIN_HZ, BINS, decibels } from "./spectra.ts";

/** From the lowest frequency that small microphones hear to the highest of the sound. */
const LOWEST_HZ = 60;
const HIGHEST_HZ = 8000;

/** How many bands. */
export const BANDS = 20;

/** Edges as bins, `[BANDS + 1]`, ascending, each band at least one bin wide. */
const EDGES = edges();

function edges(): number[] {
  const found: number[] = [];
  for (let band = 0; band <= BANDS; band++) {
    const hz = LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (band / BANDS);
    found.push(Math.max(Math.round(hz / BIN_HZ), (found.at(-1) ?? 0) + 1));
  }
  found[BANDS] = BINS;
  return found;
}

/** The lower edges of the bands and the upper one of the last, Hz. */
export const BAND_EDGES_HZ: readonly number[] = EDGES.map((bin) => bin * BIN_HZ);

/** The power in each band. @param power `[BINS]` @returns `[BANDS]` */
export function bandPower(power: Float64Array): Float64Array {
  return Float64Array.from({ length: BANDS }, (_, band) => {
    let sum = 0;
    for (let bin = EDGES[band]; bin < EDGES[band + 1]; bin++) sum += power[bin];
    return sum;
  });
}

/** `bandPower` in dB. */
export const bandLevels = (power: Float64Array): Float64Array => bandPower(power).map(decibels);
