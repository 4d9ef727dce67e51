/** @file Numbers and times as the pages of sites say them. */
import { clockText } from "../player/player.ts";

/** A day, the same in all languages. */
export const dayOf = (iso: string): string => iso.slice(0, 10);

/** Minutes and seconds, or hours. */
export const timeText = (seconds: number): string => clockText(Math.max(0, seconds)).replace(/\..*$/u, "");

/** A score; a dash where there is none. */
export const scoreText = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

/** Hundredths of a score, with their sign. */
export function pointsText(value: number): string {
  const text = Math.abs(100 * value).toFixed(1);
  return value < 0 ? `−${text}` : `+${text}`;
}
