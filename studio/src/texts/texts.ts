/** @file The texts in the language of the person. */
import { effect } from "@preact/signals";
import { kept, oneOf } from "../parts/kept.ts";
import { en, type TextKey } from "./en.ts";
import { ja } from "./ja.ts";

const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

export const language = kept<Language>("language", navigator.language.startsWith("ja") ? "ja" : "en", oneOf(LANGUAGES));
effect(() => {
  document.documentElement.lang = language.value;
});

/** What is put into a text, by name. */
export type Given = Readonly<Record<string, string | number>>;

/** Texts with what is put in; read in a component, they follow the language. */
export function speaker<Key extends string>(texts: Readonly<Record<Language, Readonly<Record<Key, string>>>>) {
  return (key: Key, given: Given = {}): string => filled(texts[language.value][key], given);
}

/** A text of the pages that are there from the beginning. */
export const t = speaker<TextKey>({ en, ja });

function filled(text: string, given: Given): string {
  return text.replaceAll(/\{(?<name>\w+)\}/gu, (whole, name: string) => String(given[name] ?? whole));
}
