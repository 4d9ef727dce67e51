/** @file Fills the words of a report with values, in one language. */
import { internal } from "../../core/errors.ts";
import type { Language } from "../../footage/texts/languages.ts";
import { metricOf } from "../targets.ts";
import { en, type ReportTexts, type TextKey } from "./texts/en.ts";
import { ja } from "./texts/ja.ts";

const TEXTS: Readonly<Record<Language, ReportTexts>> = { en, ja };

/** Values by the names in a text. */
export type Values = Readonly<Record<string, string | number>>;

/** The words of one language. */
export class Words {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  /** A text with its values; text, not HTML. */
  say(key: TextKey, values: Values = {}): string {
    return TEXTS[this.language][key].replaceAll(/\{(?<name>\w+)\}/gu, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw internal(`the text ${key} needs ${name}`);
      return typeof value === "number" ? this.count(value) : value;
    });
  }

  /** A metric's name in a sentence. */
  metric(name: string): string {
    const metric = metricOf(name);
    return metric?.kind === "pck"
      ? this.say("metricPck", { threshold: String(metric.threshold) })
      : this.say("metricIou");
  }

  /** A whole number with separators. */
  count(value: number): string {
    return new Intl.NumberFormat(this.language, { maximumFractionDigits: 2 }).format(value);
  }

  /** Seconds below two minutes, minutes below two hours, else hours. */
  time(hours: number): string {
    if (hours < 2 / 60) return this.say("seconds", { seconds: Math.round(3600 * hours) });
    if (hours < 2) return this.say("minutes", { minutes: Math.round(60 * hours) });
    const digits = hours < 20 ? 1 : 0;
    const format = new Intl.NumberFormat(this.language, { maximumFractionDigits: digits });
    return this.say("hours", { hours: format.format(hours) });
  }

  /** An interval, from two texts. */
  range(low: string, high: string): string {
    return this.say("range", { low, high });
  }

  /** A day, the same in all languages. */
  date(iso: string): string {
    return iso.slice(0, 10);
  }
}

/** A metric as it stands in tables. */
export function metricLabel(metric: string): string {
  return metric.replace("iou", "IoU").replace("pck", "PCK");
}

/** A score as it is shown; a dash where there is none. */
export function scoreText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** A share in per cent, without the sign. */
export function percent(share: number): string {
  return Number.isFinite(share) ? (100 * share).toFixed(share < 0.1 ? 1 : 0) : "–";
}
