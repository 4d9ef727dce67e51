/**
 * @file A set of fixed size that stands for everything that ever came. Half of it is a reservoir, in which whatever came
 * is as likely as anything else (Vitter 1985, algorithm R): what is usual. The other half keeps what is least alike: what
 * is rare. Both depend on the seed and the order of arrival alone.
 */
import { Random } from "../../core/random.ts";
import { seedOf } from "../plan/passages.ts";

/** The set. */
export interface Kept<Item> {
  readonly reservoir: readonly Item[];
  readonly diverse: readonly Item[];
  /** How many were ever offered. */
  readonly offered: number;
}

/** How a set is kept. */
export interface KeepRule<Item> {
  /** Of the whole set. */
  readonly size: number;
  readonly seed: number;
  /** How unlike two items are; 0: the same. */
  readonly distance: (a: Item, b: Item) => number;
}

/** The set in which there is nothing. */
export const NOTHING_KEPT = { reservoir: [], diverse: [], offered: 0 } as const;

/** All items of a set. */
export function itemsOf<Item>({ reservoir, diverse }: Kept<Item>): Item[] {
  return [...reservoir, ...diverse];
}

/** The set after an item was offered. What the reservoir does not keep may still be unlike the others. */
export function offer<Item>(kept: Kept<Item>, item: Item, rule: KeepRule<Item>): Kept<Item> {
  const room = Math.ceil(rule.size / 2);
  const offered = kept.offered + 1;
  if (kept.reservoir.length < room) return { ...kept, reservoir: [...kept.reservoir, item], offered };
  const place = new Random(seedOf(rule.seed, `arrival ${offered}`)).integer(offered);
  const out = place < room ? kept.reservoir[place] : item;
  const reservoir = place < room ? kept.reservoir.with(place, item) : kept.reservoir;
  return { reservoir, diverse: unlike([...kept.diverse, out], rule.size - room, rule.distance), offered };
}

/** The items without the more dispensable of the two that are most alike, where there is one too many. */
function unlike<Item>(items: readonly Item[], most: number, distance: KeepRule<Item>["distance"]): readonly Item[] {
  if (items.length <= most) return items;
  // To the others, nearest first.
  const near = items.map((a, i) => items.filter((_, j) => j !== i).map((b) => distance(a, b)));
  const sorted = near.map((own) => own.toSorted((a, b) => a - b));
  // Of the nearest pair both have the same first distance; the second one says which is more alike to the rest.
  const dispensable = sorted.reduce((best, own, i) => (isBefore(own, sorted[best]) ? i : best), 0);
  return items.toSpliced(dispensable, 1);
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at] < b[at];
}
