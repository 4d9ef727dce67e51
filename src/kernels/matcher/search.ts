/**
 * @file One search in the form that the kernel reads: the frames with their windows and regions, and how scores are
 * used.
 */
import { internal } from "../../core/errors.ts";
import * as block from "../constants/match.ts";
import { MAX_ENTRIES, MAX_TOP_K } from "./layout.ts";
import type { HeldSlot, Locations } from "./locations.ts";
import type { MatcherMemory } from "./matcherMemory.ts";
import type { Slots } from "./slots.ts";
import { halfWidths, type MatchWindow } from "./window.ts";

/** One memory frame to be searched. */
export interface MatchEntry {
  readonly slot: number;
  /** Undefined: every cell of the frame is a candidate. */
  readonly window?: MatchWindow | undefined;
  /** How many times every candidate counts (a padded memory holds the first frame several times); at least 1. */
  readonly copies: number;
  /**
   * `[height, width]`: region of each cell, 0..31; a cell is a candidate of those queries whose `candidates` have the
   * bit of its region. Undefined: a candidate of all. The same for all entries of a slot.
   */
  readonly regions?: Uint8Array | undefined;
}

/** How the candidates' scores are used. */
export interface MatchSettings {
  /** How many candidates are kept for a query, 1 or more; undefined = all (softmax over the whole window). */
  readonly topK?: number | undefined;
  /** The scores are divided by it before the softmax; above 0. */
  readonly temperature: number;
  /**
   * For a pruned search: every slot that is searched now or will be, the frame before the query first. A frame is
   * followed from query to query, so none may be left out in between.
   */
  readonly held?: readonly HeldSlot[];
  /**
   * `[height, width]`: bit r = cells in region r of an entry with regions are candidates. A query without any candidate
   * in all its windows is matched as if there were no regions. Needed when an entry has regions.
   */
  readonly candidates?: Uint32Array | undefined;
}

/** Writes searches into the kernel's memory. */
export class Search {
  private readonly memory: MatcherMemory;
  private readonly slots: Slots;
  private readonly locations: Locations;

  constructor(memory: MatcherMemory, slots: Slots, locations: Locations) {
    this.memory = memory;
    this.slots = slots;
    this.locations = locations;
  }

  /** Everything that the job `match` reads apart from the query. */
  write(entries: readonly MatchEntry[], settings: MatchSettings): void {
    checkSearch(entries, settings);
    const { topK, temperature, candidates } = settings;
    const { layout, options } = this.memory;
    const settle = options.pruning?.settle;
    entries.forEach((entry, i) => this.writeEntry(i, entry));
    if (candidates !== undefined) this.memory.words(layout.queryRegions, candidates.length).set(candidates);
    if (settle !== undefined) for (const { slot } of entries) this.slots.writeSingles(slot, settle);
    this.memory.set(block.ENTRY_COUNT, entries.length);
    this.memory.set(block.TOP_K, topK ?? 0);
    this.memory.setFloat(block.INVERSE_TEMPERATURE, 1 / temperature);
  }

  private writeEntry(index: number, { slot, window, copies, regions }: MatchEntry): void {
    const { layout } = this.memory;
    const { features, residuals, labels, singles } = this.memory.slot(slot);
    const { address, reach } = this.writeWindow(index, window);
    const entry = this.memory.words(layout.entries + index * block.ENTRY_BYTES, block.ENTRY_BYTES / 4);
    entry[block.ENTRY_FEATURES / 4] = features;
    entry[block.ENTRY_RESIDUALS / 4] = residuals;
    entry[block.ENTRY_LABELS / 4] = labels;
    entry[block.ENTRY_HALF_WIDTHS / 4] = address;
    entry[block.ENTRY_REACH / 4] = reach;
    entry[block.ENTRY_COPIES / 4] = copies;
    entry[block.ENTRY_OFFSETS / 4] = this.locations.tableOf(slot);
    entry[block.ENTRY_REGIONS / 4] = regions === undefined ? 0 : this.slots.writeRegions(slot, regions);
    entry[block.ENTRY_SINGLES / 4] = singles;
  }

  /** A pruned search has the same square for all entries. */
  private writeWindow(index: number, window: MatchWindow | undefined): { address: number; reach: number } {
    const { height, width, pruning } = this.memory.options;
    const moved: MatchWindow | undefined = pruning && { shape: "square", cells: pruning.cells, inclusive: true };
    const widths = halfWidths(moved ?? window, height, width);
    const address = this.memory.layout.windows + index * (height + 1) * 4;
    this.memory.words(address, widths.length).set(widths);
    return { address, reach: widths.length - 1 };
  }
}

function checkSearch(entries: readonly MatchEntry[], { topK, candidates }: MatchSettings): void {
  if (entries.length === 0 || entries.length > MAX_ENTRIES) throw internal(`${entries.length} memory frames to search`);
  if (topK !== undefined && !(topK >= 1 && topK <= MAX_TOP_K)) throw internal(`top-k of ${topK}`);
  if (candidates === undefined && entries.some(({ regions }) => regions !== undefined))
    throw internal("memory frames with regions, but no candidates");
}
