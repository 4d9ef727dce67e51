/** @file The hours in which learning is allowed, by the clock of the wall. */
import { UserError } from "../../core/errors.ts";

/** Minutes after midnight, local time; one that ends before it begins passes midnight. */
export interface NightWindow {
  readonly begin: number;
  readonly end: number;
}

const WINDOW = /^(?<h1>[01]?\d|2[0-3]):(?<m1>[0-5]\d)-(?<h2>[01]?\d|2[0-3]):(?<m2>[0-5]\d)$/u;

/** @param text such as 22:00-05:00 @throws UserError `site/window` */
export function parseWindow(text: string): NightWindow {
  const found = WINDOW.exec(text.trim())?.groups;
  const [h1, m1, h2, m2] = ["h1", "m1", "h2", "m2"].map((name) => Number(found?.[name]));
  const window = { begin: 60 * h1 + m1, end: 60 * h2 + m2 };
  if (found !== undefined && window.begin !== window.end) return window;
  throw new UserError("site/window", {
    what: "the hours for learning",
    got: JSON.stringify(text),
    expected: "two different times of day, such as 22:00-05:00",
  });
}

/** Whether a moment lies within; the end does not. */
export function isWithin({ begin, end }: NightWindow, moment: Date): boolean {
  const now = 60 * moment.getHours() + moment.getMinutes();
  return begin < end ? now >= begin && now < end : now >= begin || now < end;
}
