/** @file The languages of the footage check. */
import type { CheckTexts } from "./checkTexts.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

/** By their BCP 47 tag. */
export const languages = { en, ja } as const satisfies Record<string, CheckTexts>;

export type Language = keyof typeof languages;
