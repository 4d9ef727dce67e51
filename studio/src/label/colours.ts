/**
 * @file Colours of objects that people with any colour vision tell apart: Okabe and Ito, "Color Universal Design" (2008),
 * without black; then the same, darker.
 */

const OKABE_ITO = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"] as const;
const DARKER = ["#9c6b00", "#2f7fae", "#00644a", "#a89d1a", "#004a75", "#8f3f00", "#8f4a70"] as const;

/** The colour of an object that has none of its own. @param id 1..254 */
export function colourOf(id: number): string {
  const all = [...OKABE_ITO, ...DARKER];
  return all[(id - 1) % all.length];
}

/** Red, green, blue, 0..255. @param colour `#rrggbb` */
export function rgbOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
