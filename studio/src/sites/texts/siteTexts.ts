/** @file The texts of the pages of sites and training. */
import { speaker } from "../../texts/texts.ts";
import { en, type SiteTextKey } from "./en.ts";
import { ja } from "./ja.ts";

export const s = speaker<SiteTextKey>({ en, ja });
