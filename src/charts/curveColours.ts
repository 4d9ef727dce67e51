/** @file Colours that tell many curves on white apart: neighbours in the list differ in hue and in lightness. */

const COLOURS = [
  "#e02020",
  "#1668d8",
  "#14a044",
  "#f08000",
  "#9020c8",
  "#00a8b8",
  "#e838a8",
  "#7a5a00",
  "#5060ff",
  "#90b000",
  "#a02848",
  "#006850",
  "#d8a800",
  "#604890",
  "#ff7060",
  "#404040",
] as const;

/** Patterns of lines, one for each round through the colours. */
const DASHES = ["none", "7 3", "2 3"] as const;

/** How the curve with this index is drawn: a CSS colour and an SVG dash array; they repeat after 48. */
export function curveStyle(index: number): { readonly colour: string; readonly dash: string } {
  return {
    colour: COLOURS[index % COLOURS.length],
    dash: DASHES[Math.floor(index / COLOURS.length) % DASHES.length],
  };
}
