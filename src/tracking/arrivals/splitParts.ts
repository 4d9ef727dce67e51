/**
 * @file Things that touch are one connected part of a frame. Where it is known how large one thing is, the part is split
 * into as many as it has room for: k-means of its cells, from the two that lie farthest apart on.
 */
import { middleOf } from "./thingShape.ts";
import type { Point } from "../../video/point.ts";

/** A part of so many things' size is more than one. */
const MORE_THAN_ONE = 1.5;
const ROUNDS = 12;

/** @param cells of one connected part. @param usual cells of one thing. */
export function splitPart(cells: readonly number[], width: number, usual: number): (readonly number[])[] {
  const count = cells.length <= MORE_THAN_ONE * usual ? 1 : Math.round(cells.length / usual);
  if (count < 2) return [cells];
  let middles = spreadOut(cells, width, count);
  let groups: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    groups = grouped(cells, width, middles);
    middles = groups.map((group, i) => (group.length === 0 ? middles[i] : middleOf(group, width)));
  }
  return groups.filter((group) => group.length > 0);
}

/** Places far from one another: the cell farthest from the middle, then always the one farthest from those chosen. */
function spreadOut(cells: readonly number[], width: number, count: number): Point[] {
  const chosen: Point[] = [];
  let from: readonly Point[] = [middleOf(cells, width)];
  for (let i = 0; i < count; i++) {
    chosen.push(pointOf(farthest(cells, width, from), width));
    from = chosen;
  }
  return chosen;
}

function farthest(cells: readonly number[], width: number, from: readonly Point[]): number {
  let [best, most] = [cells[0], -1];
  for (const cell of cells) {
    const near = Math.min(...from.map((point) => distance(pointOf(cell, width), point)));
    if (near > most) [best, most] = [cell, near];
  }
  return best;
}

function grouped(cells: readonly number[], width: number, middles: readonly Point[]): number[][] {
  const groups = middles.map((): number[] => []);
  for (const cell of cells) {
    const far = middles.map((middle) => distance(pointOf(cell, width), middle));
    groups[far.indexOf(Math.min(...far))].push(cell);
  }
  return groups;
}

const pointOf = (cell: number, width: number): Point => ({ x: cell % width, y: Math.floor(cell / width) });

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
