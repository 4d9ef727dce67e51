/** @file Settings as earlier versions kept them, in today's words. */
import type { Protocol } from "../protocols.ts";

/** What decides about settings that earlier versions did not know. */
export interface TodaysSettings {
  /** The mode's, which sessions without it used without knowing. */
  readonly smallRows: number | null;
  readonly pointMotion: Protocol["pointMotion"];
}

/**
 * Of sessions that were begun before there were target models: their labels were only copied; and before points were
 * followed by their motion: they were searched near where they were. Where there are no points, that does not matter.
 * @param settings as kept.
 */
export function inTodaysWords(
  settings: Readonly<Record<string, unknown>>,
  today: TodaysSettings,
  hasPoints: boolean,
): Record<string, unknown> {
  const { protocol, mode: kept } = settings;
  if (!isRecord(protocol)) return { ...settings };
  const pointMotion = hasPoints ? "none" : today.pointMotion;
  if ("target" in protocol) return { ...settings, protocol: { pointMotion, ...protocol } };
  const withRows = isRecord(kept) ? { ...kept, smallRows: today.smallRows } : kept;
  return { ...settings, protocol: { pointMotion, target: "none", ...protocol }, mode: withRows };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
