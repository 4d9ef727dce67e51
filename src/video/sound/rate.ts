/** @file How finely sound is read. */

/** Samples a second. Half of it, 8 kHz, is the highest frequency that is heard. */
export const SOUND_RATE = 16_000;
