/** @file What a footage check found, in short: how many clips are good enough, and the worst of what is not. */
import { basename } from "node:path";
import type { Check, CheckedClip, CheckedReading } from "../../footage/checkFile.ts";
import { VERDICTS } from "../../footage/judge.ts";

/** See the file comment. */
export interface CheckSummary {
  readonly good: number;
  readonly usable: number;
  readonly poor: number;
  readonly unreadable: number;
  /** Of the sentences below. */
  readonly language: Check["language"];
  /** The worst first, at most `MOST_FINDINGS`. */
  readonly findings: readonly (Pick<CheckedReading, "verdict" | "said" | "todo"> & { readonly clip: string })[];
}

const MOST_FINDINGS = 6;

const order = ({ verdict }: Pick<CheckedReading, "verdict">): number => VERDICTS.indexOf(verdict);

/** @returns what a report says of a check */
export function checkSummary({ clips, language }: Check): CheckSummary {
  const count = (verdict: Check["clips"][number]["verdict"]): number =>
    clips.filter((clip) => clip.verdict === verdict).length;
  const readings = clips.flatMap((clip) => (clip.verdict === "unreadable" ? [] : readingsOf(clip)));
  return {
    good: count("good"),
    usable: count("usable"),
    poor: count("poor"),
    unreadable: count("unreadable"),
    language,
    findings: readings.sort((a, b) => order(a) - order(b)).slice(0, MOST_FINDINGS),
  };
}

function readingsOf({ path, readings }: CheckedClip) {
  return readings
    .filter(({ verdict }) => verdict !== "good")
    .map(({ verdict, said, todo }) => ({ clip: basename(path), verdict, said, todo }));
}
