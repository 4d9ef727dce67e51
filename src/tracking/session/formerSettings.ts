/** @file Settings as earlier versions kept them, in today's words. */

/**
 * Of sessions that were begun before there were target models: their labels were only copied.
 * @param settings as kept. @param mode today's, which such a session used without knowing.
 */
export function inTodaysWords(
  settings: Readonly<Record<string, unknown>>,
  mode: { readonly smallRows: number | null },
): Record<string, unknown> {
  const { protocol, mode: kept } = settings;
  const isOld = isRecord(protocol) && !("target" in protocol);
  if (!isOld) return { ...settings };
  const withRows = isRecord(kept) ? { ...kept, smallRows: mode.smallRows } : kept;
  return { ...settings, protocol: { ...protocol, target: "none" }, mode: withRows };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
