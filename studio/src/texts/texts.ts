/** @file The texts in the language of the person. */
import { effect } from "@preact/signals";
import { kept, oneOf } from "../parts/kept.ts";
import { en, type TextKey, type Texts } from "./en.ts";
import { ja } from "./ja.ts";

const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];
const texts: Readonly<Record<Language, Texts>> = { en, ja };

export const language = kept<Language>("language", navigator.language.startsWith("ja") ? "ja" : "en", oneOf(LANGUAGES));
effect(() => {
  document.documentElement.lang = language.value;
});

/** A text with what is put in; read in a component, it follows the language. */
export function t(key: TextKey, given: Readonly<Record<string, string | number>> = {}): string {
  return filled(texts[language.value][key], given);
}

function filled(text: string, given: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(?<name>\w+)\}/gu, (whole, name: string) => String(given[name] ?? whole));
}
