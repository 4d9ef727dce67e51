/** @file Light or dark colours: those of the system until the person chooses. */
import { effect } from "@preact/signals";
import { kept, oneOf } from "./kept.ts";

const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = kept<Theme>(
  "theme",
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  oneOf(THEMES),
);
effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

/** A colour of the style sheet, for canvases. @param name without the dashes */
export function colourNamed(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
