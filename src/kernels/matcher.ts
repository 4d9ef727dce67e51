/**
 * @file Matching of a frame against memory frames: slots of features and labels in shared memory, searched by the WASM kernel
 * `assembly/match.ts` on worker threads. Exact (the same candidates as a full correlation, up to float32 rounding) or pruned (only
 * candidates around the place where each part of the frame is found again).
 */
import { availableParallelism } from "node:os";
import { internal, UserError } from "../core/errors.ts";
import { KernelPool } from "./kernelPool.ts";
import { energyRotation, type Rotation } from "./rotation.ts";

/** Shape of everything that a matcher holds. */
export interface MatcherOptions {
  /** Feature cells of a frame, vertically. */
  readonly height: number;
  /** Feature cells of a frame, horizontally. */
  readonly width: number;
  /** Feature channels C. */
  readonly channels: number;
  /** Values of a label vector L: background and objects. */
  readonly labels: number;
  /** Frames that can be held at once, the one being tracked included. */
  readonly slots: number;
  /** True: cosine similarity (features are L2-normalised at insertion); false: the plain dot product. */
  readonly normalise: boolean;
  /** Search only around the places where the frame's parts are expected; undefined = every candidate. */
  readonly pruning?: Pruning | undefined;
  /** Worker threads; default the available cores. */
  readonly threads?: number;
}

/** Which cells around a query's own place are candidates: a square, or a disc (a distance equal to `cells` counts if inclusive). */
export interface MatchWindow {
  readonly shape: "square" | "euclidean";
  /** Radius in cells; may be fractional for a disc. */
  readonly cells: number;
  readonly inclusive: boolean;
}

/** A pruned search: fast, and no longer exactly the full correlation's result. */
export interface Pruning {
  /** Radius of the square that is searched around the expected place, cells; whatever the entries' windows are. */
  readonly cells: number;
  /** How far around its own place a part of the frame is looked for anew, cells; what is followed may go further. */
  readonly reach: number;
  /** Share of the features' energy, 0..1: the weakest rotated channels beyond it are left out. */
  readonly energy: number;
  /** Share of the largest possible rest of a score that is believed in when candidates are dropped early, 0..1. */
  readonly belief: number;
  /**
   * Weight, 0..1, from which a label counts as the only one of its cell: a part of the frame whose candidates all have the
   * same only label takes it without a search, as most of a frame's do. Undefined: everything is searched.
   */
  readonly settle?: number;
}

/** A frame in the memory, whether it is searched now or later. */
export interface HeldSlot {
  readonly slot: number;
  /** Looked for in the whole frame, not only around where it was. */
  readonly everywhere: boolean;
}

/** One memory frame to be searched. */
export interface MatchEntry {
  readonly slot: number;
  /** Undefined: every cell of the frame is a candidate. */
  readonly window?: MatchWindow | undefined;
  /** How many times every candidate counts (a padded memory holds the first frame several times); at least 1. */
  readonly copies: number;
  /**
   * `[height, width]`: region of each cell, 0..31; a cell is a candidate of those queries whose `candidates` have the bit of its region.
   * Undefined: of all. The same for all entries of a slot.
   */
  readonly regions?: Uint8Array | undefined;
}

/** Where a pruned search stands between two frames: what it remembers beside the features and labels of its slots. */
export interface SearchPosition {
  readonly turn: 0 | 1;
  readonly time: number;
  /** For every slot that was searched last, where its tiles were found, as the kernel has it. */
  readonly tables: readonly { readonly slot: number; readonly offsets: Uint32Array }[];
}

/** What is done with the candidates' scores. */
export interface MatchSettings {
  /** How many candidates are kept for a query, 1 or more; undefined = all (softmax over the whole window). */
  readonly topK?: number | undefined;
  /** The scores are divided by it before the softmax; above 0. */
  readonly temperature: number;
  /**
   * For a pruned search: every slot that is searched now or will be, the frame before the query first. A frame is followed from
   * query to query, so it must not be left out in between.
   */
  readonly held?: readonly HeldSlot[];
  /**
   * `[height, width]`: bit r = cells in region r of an entry with regions are candidates. A query without any candidate in
   * all its windows is matched as if there were no regions. Needed when an entry has regions.
   */
  readonly candidates?: Uint32Array | undefined;
}

/** Words of the parameter block; in step with the constants of assembly/parts/parameters.ts. */
const PARAMS = 1024;
const HEADER_WORDS = [
  "nextStrip",
  "height",
  "width",
  "rowBlocks",
  "stages",
  "stageEnds",
  "channels",
  "labels",
  "scratch",
  "scratchBytes",
  "query",
  "queryResiduals",
  "out",
  "topK",
  "inverseTemperature",
  "entries",
  "entryCount",
  "input",
  "basis",
  "normalise",
  "pruned",
  "pooled",
  "flow",
  "locations",
  "locationFrom",
  "locationTo",
  "searchReach",
  "belief",
  "time",
  "queryRegions",
  "settling",
] as const;
type HeaderWord = (typeof HEADER_WORDS)[number];

const STAGE_AT = 2048;
const LANES = 4;
const PAGE = 65536;
/** Channel counts after which candidates are pruned; the last stage ends with the padded channels. */
const STAGE_ENDS = [16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
export const MAX_TOP_K = 512;
const MAX_ENTRIES = 512;
const ENTRY_BYTES = 64;
const LOCATION_BYTES = 16;
/** Cells of a tile, the unit of a pruned search, and bytes of a coarse feature; as in the kernel. */
const TILE_WIDTH = 3;
const TILE_HEIGHT = 2;
const COARSE_BYTES = 64;
/** Of a cell with shares of several labels; as in the kernel. */
const OPEN = 255;

/** Where everything lies; byte addresses. */
interface Layout {
  readonly rowBlocks: number;
  readonly stageEnds: readonly number[];
  readonly entries: number;
  readonly windows: number;
  readonly locations: number;
  readonly basis: number;
  readonly input: number;
  readonly slots: number;
  readonly featureBytes: number;
  readonly residualBytes: number;
  /**
   * Of a slot's label vectors; behind them and the coarse features come its region bits, a word for each cell in blocks, and the
   * only labels of its cells, a byte each.
   */
  readonly labelBytes: number;
  readonly coarseBytes: number;
  /** Offsets of one frame's tiles; a slot has two such tables. */
  readonly tableBytes: number;
  readonly regionBytes: number;
  readonly queryRegions: number;
  readonly slotBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly total: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

function plan(options: MatcherOptions, threads: number): Layout {
  const { height, width, channels, labels, slots } = options;
  const rowBlocks = Math.ceil(width / LANES);
  const padded = Math.ceil(channels / 16) * 16;
  const stageEnds = [...STAGE_ENDS.filter((end) => end < padded), padded];
  const cells = height * rowBlocks * LANES;
  const featureBytes = aligned(cells * padded * 4);
  const residualBytes = aligned(cells * stageEnds.length * 4);
  const labelBytes = aligned(height * width * labels * 4 + 16);
  const coarseBytes = options.pruning === undefined ? 0 : aligned(height * width * COARSE_BYTES);
  const tiles = Math.ceil(width / TILE_WIDTH) * Math.ceil(height / TILE_HEIGHT);
  const tableBytes = options.pruning === undefined ? 0 : aligned(tiles * 4);
  const regionBytes = aligned(cells * 4);
  const singleBytes = aligned(height * width + 16);
  const slotBytes =
    featureBytes + residualBytes + labelBytes + coarseBytes + 2 * tableBytes + regionBytes + singleBytes;
  const scratchBytes = aligned(
    Math.max(padded * 16, 4096 + stageEnds.length * 64 + width * 2 * (4 + 8 + MAX_TOP_K * 8 + labels * 4)),
  );
  const entries = PAGE;
  const locations = entries + MAX_ENTRIES * ENTRY_BYTES;
  const windows = locations + MAX_ENTRIES * LOCATION_BYTES;
  const basis = aligned(windows + MAX_ENTRIES * (height + 1) * 4);
  const input = aligned(basis + padded * channels * 4);
  const queryRegions = aligned(input + (channels * height * width + 16) * 4);
  const first = aligned(queryRegions + height * width * 4);
  const scratch = first + slots * slotBytes;
  return {
    rowBlocks,
    stageEnds,
    entries,
    windows,
    locations,
    basis,
    input,
    slots: first,
    featureBytes,
    residualBytes,
    labelBytes,
    coarseBytes,
    tableBytes,
    regionBytes,
    queryRegions,
    slotBytes,
    scratch,
    scratchBytes,
    total: scratch + threads * scratchBytes,
  };
}

/** Shared memory of the planned size, all of it at once, so that the addresses of typed arrays never move. */
function allocate(layout: Layout): WebAssembly.Memory {
  const pages = Math.ceil(layout.total / PAGE);
  const todo = "use fewer memory frames, a smaller input size (--short-side) or an encoder with fewer channels";
  const what = `the memory of the tracker would take ${Math.ceil(layout.total / 2 ** 20)} MB`;
  if (pages > 65536) throw new UserError("tracking/memory", { what, expected: "at most 4096 MB", todo });
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new UserError("tracking/memory", { what: `${what}, more than this machine gives`, todo }, error);
  }
}

/** How many of the leading channels hold this share of the energy, in whole stages. */
function stagesFor(energy: Float64Array, share: number, stageEnds: readonly number[]): number {
  let sum = 0;
  const needed = energy.findIndex((value) => (sum += value) >= share) + 1;
  const stage = stageEnds.findIndex((end) => end >= needed);
  return needed === 0 || stage < 0 ? stageEnds.length : stage + 1;
}

/** Features and labels of a bounded number of frames, and the search among them. */
export class Matcher implements AsyncDisposable {
  private readonly options: MatcherOptions;
  private readonly layout: Layout;
  private readonly memory: WebAssembly.Memory;
  private readonly pool: KernelPool;
  private rotated = false;
  /** Which of each slot's two offset tables is being filled. */
  private turn: 0 | 1 = 0;
  /** The slot of the latest `match`; undefined when another was filled since. */
  private queried: number | undefined;
  /** Searches so far. */
  private time = 0;
  /** Slots whose cells' only labels are those of their label vectors. */
  private readonly singles = new Set<number>();
  /** Slots whose other table holds offsets of the frame before. */
  private located: ReadonlySet<number> = new Set();

  private constructor(options: MatcherOptions, layout: Layout, memory: WebAssembly.Memory, pool: KernelPool) {
    this.options = options;
    this.layout = layout;
    this.memory = memory;
    this.pool = pool;
  }

  /**
   * Reserves the memory and starts the workers.
   * @throws UserError `tracking/memory` when the frames do not fit into memory.
   */
  static async open(options: MatcherOptions): Promise<Matcher> {
    const threads = options.threads ?? availableParallelism();
    const layout = plan(options, threads);
    const memory = allocate(layout);
    const pool = await KernelPool.open({ kernel: "match", memory, threads });
    const matcher = new Matcher(options, layout, memory, pool);
    matcher.writeShape();
    return matcher;
  }

  /** Bytes of shared memory held. */
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  get threads(): number {
    return this.pool.threads;
  }

  /** Features of a frame into a slot. @param features `[channels, height, width]` float32, not normalised. */
  async insert(slot: number, features: Float32Array): Promise<void> {
    const { height, width, channels, normalise } = this.options;
    if (features.length !== channels * height * width) {
      throw internal(`features of ${features.length} values, expected ${channels} x ${height} x ${width}`);
    }
    if (!this.rotated) this.writeRotation(energyRotation(features, channels, height * width, normalise));
    this.rotated = true;
    this.floats(this.layout.input, features.length).set(features);
    this.setQuery(slot);
    this.queried = undefined;
    await this.run("prepare");
    if (this.options.pruning === undefined) return;
    this.located = new Set([...this.located].filter((other) => other !== slot));
    await this.run("pool");
  }

  /** The label vectors of a slot, `[height, width, labels]`: a view to read or to fill, good until the slot is used again. */
  labels(slot: number): Float32Array {
    const { height, width, labels } = this.options;
    this.singles.delete(slot);
    return this.floats(this.labelAddress(slot), height * width * labels);
  }

  /** Finds every cell of `slot` in the entries and writes the weighted means of their label vectors as the slot's labels. */
  async match(slot: number, entries: readonly MatchEntry[], settings: MatchSettings): Promise<void> {
    this.setQuery(slot);
    this.queried = slot;
    if (this.options.pruning !== undefined) await this.locate(settings.held ?? []);
    await this.search(slot, entries, settings);
  }

  /**
   * The query of the latest `match` once more, in other entries among the frames that it held.
   * @returns `[height, width, labels]`; the slot keeps what `match` has found.
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

  private async search(slot: number, entries: readonly MatchEntry[], settings: MatchSettings): Promise<void> {
    const { topK, temperature, candidates } = settings;
    if (entries.length === 0 || entries.length > MAX_ENTRIES)
      throw internal(`${entries.length} memory frames to search`);
    if (topK !== undefined && !(topK >= 1 && topK <= MAX_TOP_K)) throw internal(`top-k of ${topK}`);
    if (candidates === undefined && entries.some(({ regions }) => regions !== undefined))
      throw internal("memory frames with regions, but no candidates");
    entries.forEach((entry, i) => this.writeEntry(i, entry));
    if (candidates !== undefined) this.words(this.layout.queryRegions, candidates.length).set(candidates);
    if (this.settle !== undefined) this.writeSingles(entries, this.settle);
    this.set("entryCount", entries.length);
    this.set("topK", topK ?? 0);
    this.setFloat("inverseTemperature", 1 / temperature);
    await this.run("match");
    this.singles.delete(slot);
  }

  private get settle(): number | undefined {
    return this.options.pruning?.settle;
  }

  /** The only label of every cell of the slots whose label vectors have changed. */
  private writeSingles(entries: readonly MatchEntry[], least: number): void {
    const { height, width, labels } = this.options;
    for (const { slot } of entries) {
      if (this.singles.has(slot)) continue;
      this.singles.add(slot);
      const weights = this.floats(this.labelAddress(slot), height * width * labels);
      const out = new Uint8Array(this.memory.buffer, this.singleAddress(slot), height * width).fill(OPEN);
      for (let cell = 0; cell < out.length; cell++) out[cell] = onlyLabel(weights, cell * labels, labels, least);
    }
  }

  /** Finds the query's tiles in all held frames: first in the frame before, from there on in the others. */
  private async locate(held: readonly HeldSlot[]): Promise<void> {
    if (held.length === 0 || held.length > MAX_ENTRIES) throw internal(`${held.length} held frames`);
    this.turn = this.turn === 0 ? 1 : 0;
    this.set("time", this.time++);
    held.forEach((one, i) => this.writeLocation(i, one, held));
    this.set("flow", 0);
    this.set("locationFrom", 0);
    this.set("locationTo", 1);
    await this.run("locate");
    this.set("flow", this.tableAddress(held[0].slot, this.turn));
    this.set("locationFrom", 1);
    this.set("locationTo", held.length);
    if (held.length > 1) await this.run("locate");
    this.located = new Set(held.map(({ slot }) => slot));
  }

  private writeLocation(index: number, { slot, everywhere }: HeldSlot, held: readonly HeldSlot[]): void {
    const before = this.turn === 0 ? 1 : 0;
    // What moved on from the last frame but one may go on so; the older frames are followed from where they were found.
    const known = index === 0 ? held[1]?.slot : slot;
    const previous = known !== undefined && this.located.has(known) ? this.tableAddress(known, before) : 0;
    const words = [this.coarseAddress(slot), this.tableAddress(slot, this.turn), previous, everywhere ? 1 : 0];
    this.words(this.layout.locations + index * LOCATION_BYTES, words.length).set(words);
  }

  /** As new: the next frame inserted is the first one. */
  reset(): void {
    this.singles.clear();
    this.rotated = false;
    this.turn = 0;
    this.time = 0;
    this.located = new Set();
  }

  /** Undefined for an exact search, which remembers nothing. */
  get position(): SearchPosition | undefined {
    if (this.options.pruning === undefined) return undefined;
    const tables = [...this.located].map((slot) => ({ slot, offsets: this.offsets(slot).slice() }));
    return { turn: this.turn, time: this.time, tables };
  }

  /** Goes on from the position of another matcher of the same shape, whose held frames were inserted into this one. */
  goOnFrom({ turn, time, tables }: SearchPosition): void {
    this.turn = turn;
    this.time = time;
    for (const { slot, offsets } of tables) this.offsets(slot).set(offsets);
    this.located = new Set(tables.map(({ slot }) => slot));
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async run(job: "prepare" | "pool" | "locate" | "match"): Promise<void> {
    this.set("nextStrip", 0);
    await this.pool.run(job);
  }

  private writeShape(): void {
    const { height, width, channels, labels, normalise, pruning } = this.options;
    const { rowBlocks, stageEnds, scratch, scratchBytes, entries, locations, input, basis, queryRegions } = this.layout;
    const words = {
      height,
      width,
      channels,
      labels,
      rowBlocks,
      scratch,
      scratchBytes,
      entries,
      locations,
      input,
      basis,
      queryRegions,
    };
    for (const [name, value] of Object.entries(words)) this.set(name as HeaderWord, value);
    this.set("normalise", normalise ? 1 : 0);
    this.set("pruned", pruning === undefined ? 0 : 1);
    this.set("settling", this.settle === undefined ? 0 : 1);
    this.set("searchReach", pruning?.reach ?? 0);
    this.setFloat("belief", pruning?.belief ?? 1);
    this.set("stages", stageEnds.length);
    this.set("stageEnds", STAGE_AT);
    this.words(STAGE_AT, stageEnds.length).set(stageEnds);
  }

  /** The rotation as the kernel reads it: `[padded channels / 8][channels][8]`, rows beyond the channels are zero. */
  private writeRotation({ rows, energy }: Rotation): void {
    const { channels, pruning } = this.options;
    if (pruning !== undefined) this.set("stages", stagesFor(energy, pruning.energy, this.layout.stageEnds));
    const padded = this.layout.stageEnds.at(-1) ?? channels;
    const out = this.floats(this.layout.basis, padded * channels).fill(0);
    for (let d = 0; d < channels; d++) {
      const group = (d >> 3) * channels * 8 + (d & 7);
      for (let c = 0; c < channels; c++) out[group + c * 8] = rows[d * channels + c];
    }
  }

  private setQuery(slot: number): void {
    if (!(slot >= 0 && slot < this.options.slots)) throw internal(`slot ${slot} of ${this.options.slots}`);
    this.set("query", this.slotAddress(slot));
    this.set("queryResiduals", this.slotAddress(slot) + this.layout.featureBytes);
    this.set("out", this.labelAddress(slot));
    this.set("pooled", this.coarseAddress(slot));
  }

  private writeEntry(index: number, { slot, window, copies, regions }: MatchEntry): void {
    const { height, width } = this.options;
    const table = this.layout.windows + index * (height + 1) * 4;
    const { pruning } = this.options;
    const moved: MatchWindow | undefined = pruning && { shape: "square", cells: pruning.cells, inclusive: true };
    const widths = halfWidths(moved ?? window, height, width);
    this.words(table, widths.length).set(widths);
    const features = this.slotAddress(slot);
    const regionBits = regions === undefined ? 0 : this.writeRegions(slot, regions);
    const entry = [features, features + this.layout.featureBytes, this.labelAddress(slot)];
    const offsets = this.tableAddress(slot, this.turn);
    const words = [...entry, table, widths.length - 1, copies, offsets, regionBits, this.singleAddress(slot)];
    this.words(this.layout.entries + index * ENTRY_BYTES, words.length).set(words);
  }

  /** The bits of a slot's regions, four neighbours in x together as the features are; returns their address. */
  private writeRegions(slot: number, regions: Uint8Array): number {
    const { height, width } = this.options;
    const address = this.tableAddress(slot, 1) + this.layout.tableBytes;
    const row = this.layout.rowBlocks * LANES;
    const bits = this.words(address, height * row);
    for (let cell = 0; cell < height * width; cell++)
      bits[Math.floor(cell / width) * row + (cell % width)] = 1 << regions[cell];
    return address;
  }

  /** Where the tiles of the latest query were found in a slot. */
  private offsets(slot: number): Uint32Array {
    const { height, width } = this.options;
    const tiles = Math.ceil(width / TILE_WIDTH) * Math.ceil(height / TILE_HEIGHT);
    return this.words(this.tableAddress(slot, this.turn), tiles);
  }

  private slotAddress(slot: number): number {
    return this.layout.slots + slot * this.layout.slotBytes;
  }

  private labelAddress(slot: number): number {
    return this.slotAddress(slot) + this.layout.featureBytes + this.layout.residualBytes;
  }

  private coarseAddress(slot: number): number {
    return this.labelAddress(slot) + this.layout.labelBytes;
  }

  private tableAddress(slot: number, turn: 0 | 1): number {
    return this.coarseAddress(slot) + this.layout.coarseBytes + turn * this.layout.tableBytes;
  }

  private singleAddress(slot: number): number {
    return this.tableAddress(slot, 1) + this.layout.tableBytes + this.layout.regionBytes;
  }

  private set(name: HeaderWord, value: number): void {
    this.words(PARAMS + HEADER_WORDS.indexOf(name) * 4, 1)[0] = value;
  }

  private setFloat(name: HeaderWord, value: number): void {
    this.floats(PARAMS + HEADER_WORDS.indexOf(name) * 4, 1)[0] = value;
  }

  private words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  private floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }
}

/** For every vertical distance up to the window's reach, how far it goes to either side, in cells. */
export function halfWidths(window: MatchWindow | undefined, height: number, width: number): number[] {
  if (window === undefined) return Array.from({ length: height }, () => width);
  const { shape, cells, inclusive } = window;
  const out: number[] = [];
  for (let dy = 0; dy < height; dy++) {
    const dx = shape === "square" ? squareReach(dy, cells, inclusive) : discReach(dy, cells, inclusive);
    if (dx < 0) break;
    out.push(Math.min(dx, width));
  }
  return out;
}

/** The largest whole number below `limit`, or up to it if inclusive; -1 if there is none from 0 on. */
function largest(limit: number, inclusive: boolean): number {
  return Math.max(-1, inclusive ? Math.floor(limit) : Math.ceil(limit) - 1);
}

function squareReach(dy: number, cells: number, inclusive: boolean): number {
  const reach = largest(cells, inclusive);
  return dy <= reach ? reach : -1;
}

function discReach(dy: number, cells: number, inclusive: boolean): number {
  const within = (dx: number): boolean =>
    inclusive ? dx * dx + dy * dy <= cells * cells : dx * dx + dy * dy < cells * cells;
  let dx = Math.floor(Math.sqrt(Math.max(0, cells * cells - dy * dy))) + 1;
  while (dx >= 0 && !within(dx)) dx--;
  return dx;
}

/** The label that has a cell to itself: at least so much weight, and no other more than what is left of 1; else `OPEN`. */
function onlyLabel(weights: Float32Array, at: number, labels: number, least: number): number {
  let only = OPEN;
  for (let label = 0; label < labels; label++) {
    const weight = weights[at + label];
    if (weight <= 1 - least) continue;
    if (only !== OPEN || weight < least) return OPEN;
    only = label;
  }
  return only;
}
