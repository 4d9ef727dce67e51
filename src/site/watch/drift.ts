/**
 * @file Whether new footage looks unlike what the model in use learned from. A stretch is strange if its nearest neighbour
 * in what was learned from lies farther than that of any of the learned ones among themselves: of n exchangeable stretches
 * one in n + 1 does by chance (the rank argument of conformal prediction: Vovk, Gammerman & Shafer 2005). No threshold is
 * fitted to anything.
 */
import { LOOK_KINDS, lookDistance, type LookKind, type StretchLook } from "./stretchLook.ts";

/** A look, and the recording that it is of. */
export interface KnownLook {
  readonly clip: string;
  readonly look: StretchLook;
}

/** What is new against what was learned from. */
export interface Drift {
  /** New stretches that were compared. */
  readonly of: number;
  /** How many of them are strange, by kind. */
  readonly strange: Readonly<Record<LookKind, number>>;
  /** More than half of them are, in one kind at least. */
  readonly seen: boolean;
  /** In words. */
  readonly said: string;
}

/** Fewer say nothing. */
const LEAST_KNOWN = 4;
const LEAST_NEW = 4;
/** With so many recordings a stretch is compared with those of other recordings: its own resembles it too much. */
const MANY_CLIPS = 3;

const WORDS: Readonly<Record<LookKind, string>> = { colour: "colours", motion: "motion", features: "features" };

/** Undefined where there is too little to compare. */
export function driftOf(learned: readonly KnownLook[], fresh: readonly KnownLook[]): Drift | undefined {
  if (learned.length < LEAST_KNOWN || fresh.length < LEAST_NEW) return undefined;
  const strange = Object.fromEntries(
    LOOK_KINDS.map((kind) => {
      const limit = usualDistance(learned, kind);
      return [kind, fresh.filter((one) => nearest(one, learned, kind) > limit).length];
    }),
  ) as Record<LookKind, number>;
  const worst = LOOK_KINDS.reduce((most, kind) => (strange[kind] > strange[most] ? kind : most));
  const seen = 2 * strange[worst] > fresh.length;
  const said = `${strange[worst]} of ${fresh.length} new stretches have ${WORDS[worst]} unlike anything it learned from`;
  return { of: fresh.length, strange, seen, said };
}

/** The largest distance of a learned stretch from its nearest neighbour among the others. */
function usualDistance(learned: readonly KnownLook[], kind: LookKind): number {
  const isMany = new Set(learned.map(({ clip }) => clip)).size >= MANY_CLIPS;
  const distances = learned.map((one) =>
    nearest(
      one,
      learned.filter((other) => (isMany ? other.clip !== one.clip : other !== one)),
      kind,
    ),
  );
  return Math.max(...distances);
}

function nearest({ look }: KnownLook, others: readonly KnownLook[], kind: LookKind): number {
  return Math.min(...others.map((other) => lookDistance(look, other.look, kind)));
}
