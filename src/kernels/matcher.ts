/**
 * @file Matching of a frame against memory frames: slots of features and labels in shared memory, searched by the WASM
 * kernel `assembly/match.ts` on worker threads. Exact (the same candidates as a full correlation, up to float32
 * rounding) or pruned (only candidates around the place where each part of the frame is located). The parts are in
 * `matcher/`.
 */
import { internal } from "../core/errors.ts";
import type { Resumable } from "../core/resumable.ts";
import { NEXT_STRIP } from "./constants/match.ts";
import { KernelPool, poolThreads } from "./kernelPool.ts";
import { allocate, type MatcherOptions, planLayout } from "./matcher/layout.ts";
import { Locations, type SearchPosition } from "./matcher/locations.ts";
import { MatcherMemory } from "./matcher/matcherMemory.ts";
import { type MatchEntry, type MatchSettings, Search } from "./matcher/search.ts";
import { Slots } from "./matcher/slots.ts";

export { MAX_TOP_K, type MatcherOptions, type Pruning } from "./matcher/layout.ts";
export type { HeldSlot, SearchPosition } from "./matcher/locations.ts";
export type { MatchEntry, MatchSettings } from "./matcher/search.ts";
export { halfWidths, type MatchWindow } from "./matcher/window.ts";

/** Features and labels of a bounded number of frames, and the search among them. */
export class Matcher implements AsyncDisposable, Resumable<SearchPosition | null> {
  private readonly memory: MatcherMemory;
  private readonly pool: KernelPool;
  private readonly slots: Slots;
  private readonly locations: Locations;
  private readonly searches: Search;
  /** The slot of the latest `match`; undefined if another was filled since. */
  private queried: number | undefined;

  private constructor(memory: MatcherMemory, pool: KernelPool) {
    this.memory = memory;
    this.pool = pool;
    this.slots = new Slots(memory);
    this.locations = new Locations(memory, (job) => this.run(job));
    this.searches = new Search(memory, this.slots, this.locations);
  }

  /**
   * Reserves the memory and starts the workers.
   * @throws UserError `tracking/memory` when the frames do not fit into memory.
   */
  static async open(options: MatcherOptions): Promise<Matcher> {
    const threads = poolThreads(options.threads);
    const layout = planLayout(options, threads);
    const memory = allocate(layout);
    const pool = await KernelPool.open({ kernel: "match", memory, threads });
    return new Matcher(new MatcherMemory(options, layout, memory), pool);
  }

  /** Bytes of shared memory held. */
  get bytes(): number {
    return this.memory.byteLength;
  }

  get threads(): number {
    return this.pool.threads;
  }

  /** Features of a frame into a slot. @param features `[channels, height, width]` float32, not normalised. */
  async insert(slot: number, features: Float32Array): Promise<void> {
    this.slots.write(features);
    this.slots.select(slot);
    this.queried = undefined;
    await this.run("prepare");
    if (!this.pruned) return;
    this.locations.replaced(slot);
    await this.run("pool");
  }

  /**
   * The label vectors of a slot, `[height, width, labels]`: a view to read or to fill, valid until the slot is used
   * again.
   */
  labels(slot: number): Float32Array {
    return this.slots.labels(slot);
  }

  /**
   * Finds every cell of `slot` in the entries and writes the weighted means of their label vectors as the slot's
   * labels.
   */
  async match(slot: number, entries: readonly MatchEntry[], settings: MatchSettings): Promise<void> {
    this.slots.select(slot);
    this.queried = slot;
    if (this.pruned) await this.locations.locate(settings.held ?? []);
    await this.search(slot, entries, settings);
  }

  /**
   * Matches the query of the latest `match` again, in other entries among the frames that it held.
   * @returns `[height, width, labels]`; the slot keeps the result of `match`.
   */
  async matchAgain(slot: number, entries: readonly MatchEntry[], settings: MatchSettings): Promise<Float32Array> {
    if (this.queried !== slot) throw internal(`slot ${slot} is not the one that was matched last`);
    const labels = this.labels(slot);
    const kept = labels.slice();
    await this.search(slot, entries, settings);
    const found = labels.slice();
    labels.set(kept);
    return found;
  }

  /** Resets to the initial state: the next frame inserted is the first one. */
  reset(): void {
    this.slots.reset();
    this.locations.reset();
  }

  /** Null for an exact search, which remembers nothing beside the features and labels of its slots. */
  state(): SearchPosition | null {
    return this.pruned ? this.locations.state() : null;
  }

  /** Takes the state of another matcher of the same shape, whose held frames have been inserted into this one. */
  resume(state: SearchPosition | null): void {
    if (state !== null) this.locations.resume(state);
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private get pruned(): boolean {
    return this.memory.options.pruning !== undefined;
  }

  private async search(slot: number, entries: readonly MatchEntry[], settings: MatchSettings): Promise<void> {
    this.searches.write(entries, settings);
    await this.run("match");
    this.slots.relabelled(slot);
  }

  private async run(job: "prepare" | "pool" | "locate" | "match"): Promise<void> {
    this.memory.set(NEXT_STRIP, 0);
    await this.pool.run(job);
  }
}
