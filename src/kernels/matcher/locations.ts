/**
 * @file Where a pruned search searches: the tables of offsets at which the query's tiles were found in the held frames.
 */
import { internal } from "../../core/errors.ts";
import type { Resumable } from "../../core/resumable.ts";
import * as block from "../constants/match.ts";
import { MAX_ENTRIES, tilesOf } from "./layout.ts";
import type { MatcherMemory } from "./matcherMemory.ts";

/** A frame in the memory, whether it is searched now or later. */
export interface HeldSlot {
  readonly slot: number;
  /** Searched in the whole frame, not only around its last place. */
  readonly everywhere: boolean;
}

/** The state of a pruned search between two frames: what it remembers besides the features and labels of its slots. */
export interface SearchPosition {
  readonly turn: 0 | 1;
  readonly time: number;
  /** For every slot of the last search, where its tiles were found, in the kernel's format. */
  readonly tables: readonly { readonly slot: number; readonly offsets: Uint32Array }[];
}

/** Every slot has two tables: one is filled for the current query, the other belongs to the previous query. */
export class Locations implements Resumable<SearchPosition> {
  private readonly memory: MatcherMemory;
  private readonly run: (job: "locate") => Promise<void>;
  /** Which of each slot's two tables is being filled. */
  private turn: 0 | 1 = 0;
  /** Searches so far. */
  private time = 0;
  /** Slots whose other table holds offsets of the previous frame. */
  private located: ReadonlySet<number> = new Set();

  /** @param run runs the kernel's job. */
  constructor(memory: MatcherMemory, run: (job: "locate") => Promise<void>) {
    this.memory = memory;
    this.run = run;
  }

  /** Resets to the initial state. */
  reset(): void {
    this.turn = 0;
    this.time = 0;
    this.located = new Set();
  }

  /** A slot gets another frame: its offsets are no longer valid. */
  replaced(slot: number): void {
    this.located = new Set([...this.located].filter((other) => other !== slot));
  }

  /** The table of the current query. */
  tableOf(slot: number): number {
    return this.memory.slot(slot).tables[this.turn];
  }

  /** Finds the query's tiles in all held frames: first in the previous frame, then in the others. */
  async locate(held: readonly HeldSlot[]): Promise<void> {
    if (held.length === 0 || held.length > MAX_ENTRIES) throw internal(`${held.length} held frames`);
    this.turn = this.turn === 0 ? 1 : 0;
    this.memory.set(block.TIME, this.time++);
    held.forEach((one, i) => this.write(i, one, held));
    this.memory.set(block.FLOW, 0);
    await this.locateFrames(0, 1);
    this.memory.set(block.FLOW, this.tableOf(held[0].slot));
    if (held.length > 1) await this.locateFrames(1, held.length);
    this.located = new Set(held.map(({ slot }) => slot));
  }

  state(): SearchPosition {
    const tables = [...this.located].map((slot) => ({ slot, offsets: this.offsets(slot).slice() }));
    return { turn: this.turn, time: this.time, tables };
  }

  /** The frames held then have been inserted again. */
  resume({ turn, time, tables }: SearchPosition): void {
    this.turn = turn;
    this.time = time;
    for (const { slot, offsets } of tables) this.offsets(slot).set(offsets);
    this.located = new Set(tables.map(({ slot }) => slot));
  }

  private async locateFrames(from: number, to: number): Promise<void> {
    this.memory.set(block.LOCATION_FROM, from);
    this.memory.set(block.LOCATION_TO, to);
    await this.run("locate");
  }

  private write(index: number, { slot, everywhere }: HeldSlot, held: readonly HeldSlot[]): void {
    // Motion from the last frame but one may continue; the older frames are followed from where tiles were found.
    const known = index === 0 ? held[1]?.slot : slot;
    const before = this.turn === 0 ? 1 : 0;
    const location = this.memory.words(
      this.memory.layout.locations + index * block.LOCATION_BYTES,
      block.LOCATION_BYTES / 4,
    );
    location[block.LOCATION_COARSE / 4] = this.memory.slot(slot).coarse;
    location[block.LOCATION_TABLE / 4] = this.tableOf(slot);
    location[block.LOCATION_PREVIOUS / 4] =
      known !== undefined && this.located.has(known) ? this.memory.slot(known).tables[before] : 0;
    location[block.LOCATION_EVERYWHERE / 4] = everywhere ? 1 : 0;
  }

  /** Where the tiles of the current query were found in a slot. */
  private offsets(slot: number): Uint32Array {
    return this.memory.words(this.tableOf(slot), tilesOf(this.memory.options));
  }
}
