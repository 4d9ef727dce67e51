/** @file Findings thinned to one entry for each stretch of a clip, the worst first. */
import type { Finding } from "./finding.ts";

/** A frame worth a look. */
export interface ReviewEntry {
  /** Index of the frame. */
  readonly frame: number;
  /** Seconds on the clip's own clock. */
  readonly timeSec: number;
  /** What was found here and in the frames around it, the worst first. */
  readonly findings: readonly Finding[];
  /** 0..1. */
  readonly weight: number;
}

/** Findings this near to a worse one belong to its entry, seconds: those of the same things, and of others. */
const STRETCH_SEC = { same: 0.6, others: 0.25 };
/** What each further finding adds to an entry's weight. */
const FURTHER = 0.03;

/** @param most entries. @returns those with the largest weight, in this order. */
export function entriesOf(findings: readonly Finding[], most: number): ReviewEntry[] {
  const left = findings.toSorted((a, b) => b.weight - a.weight || a.frame - b.frame);
  const entries: ReviewEntry[] = [];
  while (left.length > 0) {
    const [worst] = left;
    const { frame, timeSec, weight } = worst;
    const own = left.filter((one) => isNear(one, worst));
    left.splice(0, left.length, ...left.filter((one) => !isNear(one, worst)));
    const told = distinct(own);
    entries.push({ frame, timeSec, findings: told, weight: Math.min(1, weight + FURTHER * (told.length - 1)) });
  }
  return entries.toSorted((a, b) => b.weight - a.weight || a.frame - b.frame).slice(0, most);
}

/** Where the picture changes as a whole, all things are the same. */
function isNear(one: Finding, worst: Finding): boolean {
  const isSame = worst.things.length === 0 || one.things.some((thing) => worst.things.includes(thing));
  return Math.abs(one.timeSec - worst.timeSec) <= (isSame ? STRETCH_SEC.same : STRETCH_SEC.others);
}

/** The worst of each kind and its things; where a thing disappears into another, that it does is said once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const merged = new Set(findings.filter(({ kind }) => kind === "merge").flatMap(({ things }) => things));
  const told = new Set<string>();
  return findings.filter(({ kind, things }) => {
    const key = JSON.stringify([kind, ...things]);
    const isNew =
      !told.has(key) && !((kind === "gone" || kind === "touch") && things.every((thing) => merged.has(thing)));
    told.add(key);
    return isNew;
  });
}

/** Names of the things of an entry, those of the worst finding first; none = the whole picture. */
export function thingsOf({ findings }: ReviewEntry): string[] {
  return [...new Set(findings.flatMap(({ things }) => things))];
}
