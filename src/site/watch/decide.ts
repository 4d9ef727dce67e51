/** @file When a watched site learns, what from, and what is left of the new footage afterwards. */
import { Random } from "../../core/random.ts";
import { MOST_STRETCHES, STRETCH_FRAMES, type Stretch } from "../adapt/material.ts";
import { seedOf } from "../plan/passages.ts";
import type { SiteFolder } from "../siteFolder.ts";
import { type Drift, driftOf } from "./drift.ts";
import { itemsOf, type KeepRule, type Kept, NOTHING_KEPT, offer } from "./replay.ts";
import { jointDistance } from "./stretchLook.ts";
import { asStretch, type WatchedStretch, type WatchFile } from "./watchFile.ts";

/** Stretches that are kept at most: of the new footage, of the older one for replay, and of that to judge by. */
const SIZES = { fresh: 48, judge: 24, buffer: 64, later: 4 } as const;
/** So many new stretches are enough to learn from and to judge by; where drift is seen, fewer are learned from. */
const ENOUGH = { learn: 12, drifted: 6, judge: 6 } as const;
/** Of what is learned from. */
const REPLAY_SHARE = 0.5;
/** Newer stretches that a model that was accepted is judged on once more. */
export const PROOF = 6;

/** Whether to learn now, and why or why not. */
export interface Decision {
  readonly due: boolean;
  readonly why: string;
  readonly drift: Drift | undefined;
}

/** Whether there is reason to learn. @param fallen what is said of a confidence that fell; undefined: none did */
export function decide({ fresh, learned }: WatchFile, fallen: string | undefined): Decision {
  const learn = itemsOf(fresh.learn);
  const drift = driftOf(learned, [...learn, ...fresh.judge]);
  const signs = [...(drift?.seen === true ? [drift.said] : []), ...(fallen === undefined ? [] : [fallen])];
  const needed = signs.length > 0 ? ENOUGH.drifted : ENOUGH.learn;
  const counts = `${learn.length} new stretches to learn from and ${fresh.judge.length} to judge by`;
  const isEnough = learn.length >= needed && fresh.judge.length >= ENOUGH.judge;
  const drifted = signs.length === 0 ? "" : `drift is seen: ${signs.join("; ")}`;
  if (isEnough) return { due: true, why: drifted === "" ? `enough is new: ${counts}` : `${drifted}; ${counts}`, drift };
  const wanted = `${counts}; ${needed} and ${ENOUGH.judge} are needed`;
  const calm = drift === undefined ? "too little to see drift" : `no drift is seen: ${drift.said}`;
  return { due: false, why: `${wanted}; ${drifted === "" ? calm : drifted}`, drift };
}

/** What an adaptation takes. */
export interface WatchMaterial {
  readonly learn: readonly WatchedStretch[];
  readonly replay: readonly WatchedStretch[];
  readonly aside: readonly WatchedStretch[];
  readonly older: readonly WatchedStretch[];
}

/** The new footage, as much of the older one, and what to judge by: the latest of it. @param nth of the adaptation */
export function materialOf({ fresh, buffer, older }: WatchFile, seed: number, nth: number): WatchMaterial {
  const learn = itemsOf(fresh.learn);
  const random = new Random(seedOf(seed, `replay ${nth}`));
  const drawn = itemsOf(buffer)
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
  return {
    learn,
    replay: drawn.slice(0, Math.round((learn.length * REPLAY_SHARE) / (1 - REPLAY_SHARE))),
    aside: fresh.judge.slice(-MOST_STRETCHES),
    older: [...older.fixed, ...itemsOf(older.later)],
  };
}

/** Stretches as they are judged by. */
export function judgedStretches(folder: SiteFolder, stretches: readonly WatchedStretch[]): Stretch[] {
  return stretches.map((one) => asStretch(folder, one, STRETCH_FRAMES));
}

/** With stretches that have come. */
export function withFresh(file: WatchFile, stretches: readonly WatchedStretch[], seed: number): WatchFile {
  const learn = offerAll(
    file.fresh.learn,
    stretches.filter(({ role }) => role === "learn"),
    SIZES.fresh,
    seed,
  );
  const judge = [...file.fresh.judge, ...stretches.filter(({ role }) => role === "judge")].slice(-SIZES.judge);
  return { ...file, fresh: { learn: mutable(learn), judge } };
}

/** With what the site had when watching began. */
export function withFirst(file: WatchFile, stretches: readonly WatchedStretch[], seed: number): WatchFile {
  const learn = stretches.filter(({ role }) => role === "learn");
  return {
    ...file,
    buffer: mutable(offerAll(file.buffer, learn, SIZES.buffer, seed)),
    older: { ...file.older, fixed: stretches.filter(({ role }) => role === "judge") },
    learned: learn.map(({ clip, look }) => ({ clip, look })),
  };
}

/** After an adaptation: what was new is old, and what was learned is known if the model is used. */
export function afterAdapting(
  file: WatchFile,
  { accepted, model, before }: { readonly accepted: boolean; readonly model: number; readonly before: number },
  seed: number,
): WatchFile {
  const used = new Set(file.adapting?.used);
  const replayed = new Set(file.adapting?.replayed);
  const isUsed = ({ key }: WatchedStretch): boolean => used.has(key);
  const fresh = itemsOf(file.fresh.learn);
  const learn = fresh.filter(isUsed);
  const replay = itemsOf(file.buffer).filter(({ key }) => replayed.has(key));
  const rest = fresh.filter((one) => !isUsed(one));
  const judged = file.fresh.judge.filter(isUsed);
  const later = mutable(offerAll(file.older.later, judged, SIZES.later, seed));
  return {
    ...file,
    fresh: {
      learn: mutable(offerAll(NOTHING_KEPT, rest, SIZES.fresh, seed)),
      judge: file.fresh.judge.filter((one) => !isUsed(one)),
    },
    buffer: mutable(offerAll(file.buffer, learn, SIZES.buffer, seed)),
    older: { ...file.older, later },
    ...(accepted && {
      learned: [...learn, ...replay].map(({ clip, look }) => ({ clip, look })),
      probation: { model, before },
    }),
    adapting: null,
  };
}

/** All stretches that a file names. */
export function stretchesIn({ fresh, buffer, older }: WatchFile): WatchedStretch[] {
  return [...itemsOf(fresh.learn), ...fresh.judge, ...itemsOf(buffer), ...older.fixed, ...itemsOf(older.later)];
}

function offerAll(
  kept: Kept<WatchedStretch>,
  stretches: readonly WatchedStretch[],
  size: number,
  seed: number,
): Kept<WatchedStretch> {
  const looks = [...itemsOf(kept), ...stretches].map(({ look }) => look);
  if (looks.length < 2) return stretches.reduce((set, one) => offer(set, one, { size, seed, distance: () => 0 }), kept);
  const between = jointDistance(looks);
  const rule: KeepRule<WatchedStretch> = { size, seed, distance: (a, b) => between(a.look, b.look) };
  return stretches.reduce((set, one) => offer(set, one, rule), kept);
}

/** The file's lists are not readonly. */
function mutable({ reservoir, diverse, offered }: Kept<WatchedStretch>): WatchFile["buffer"] {
  return { reservoir: [...reservoir], diverse: [...diverse], offered };
}
