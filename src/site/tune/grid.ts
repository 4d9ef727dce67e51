/** @file The settings of tracking that a site may be tuned to: keys of a track task over its usual ones. */
import type { SitePreset } from "../siteFile.ts";

/** A choice of settings. */
export interface TuneChoice {
  /** Says what is changed. */
  readonly name: string;
  /** What its colour stands for in the picture. */
  readonly group: string;
  readonly tracker: SitePreset["tracker"];
}

/** The site's settings as they are. */
export const USUAL: TuneChoice = { name: "usual", group: "usual", tracker: {} };

/** Shorter sides of the encoder's input, px. */
const SIDES = [240, 360, 480, 720] as const;

/** What is changed of the protocol: its defaults were chosen on everyday footage (docs/tracking.md). */
const PROTOCOL: readonly Omit<TuneChoice, "group">[] = [
  { name: "", tracker: {} },
  { name: "temperature 0.05", tracker: { temperature: 0.05 } },
  { name: "top 5", tracker: { topK: 5 } },
  { name: "top 20", tracker: { topK: 20 } },
  { name: "memory 3", tracker: { memory: [1, 2, 3] } },
  { name: "temperature 0.02", tracker: { temperature: 0.02 } },
  { name: "no target model", tracker: { target: "none" } },
  { name: "never hidden", tracker: { visibility: "always" } },
];

/**
 * All choices beside the usual one, those that are most likely to matter first: sizes and modes, then what is changed of
 * the protocol, then both together.
 * @param shortSide of the footage, px @param usual the site's own settings
 */
export function tuneChoices(shortSide: number, usual: Readonly<Record<string, unknown>>): TuneChoice[] {
  const sizes: Omit<TuneChoice, "group">[] = [
    { name: "", tracker: {} },
    { name: "live", tracker: { mode: "live" } },
    ...SIDES.filter((side) => side < shortSide).map((side) => ({ name: `${side} px`, tracker: { shortSide: side } })),
  ];
  const all = sizes.flatMap((size, i) =>
    PROTOCOL.map((protocol, j): { readonly order: number; readonly choice: TuneChoice } => ({
      order: j === 0 ? 0 : i === 0 ? 1 : 1 + i + j,
      choice: {
        name: [size.name, protocol.name].filter((part) => part !== "").join(", "),
        group: size.name === "" ? "usual" : size.name,
        tracker: { ...size.tracker, ...protocol.tracker },
      },
    })),
  );
  return all
    .filter(({ choice }) => Object.entries(choice.tracker).some(([key, value]) => usual[key] !== value))
    .toSorted((a, b) => a.order - b.order)
    .map(({ choice }) => choice);
}
