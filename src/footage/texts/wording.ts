/** @file Numbers and times in sentences. */

/** Fills in the numbers of a sentence; an unknown name stays. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(?<name>\w+)\}/gu, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "string" ? value : shortNumber(value);
  });
}

/** A number with as many digits as a reader wants: 38, 3.8, 0.38, 0.038. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 10 || size === 0 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

/** A time in a clip: 1:02:03.4, 2:03.4. */
export function clockTime(seconds: number): string {
  const tenths = Math.round(10 * Math.max(0, seconds));
  const [hours, minutes, rest] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const tail = rest.toFixed(1).padStart(4, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}
