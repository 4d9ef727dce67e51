/** @file The layout of a matcher's shared memory; byte addresses. */
import { UserError } from "../../core/errors.ts";
import { COARSE_BYTES, ENTRY_BYTES, LANES, LOCATION_BYTES, TILE_H, TILE_W } from "../constants/match.ts";

/** The shapes of everything that a matcher holds. */
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
  /** Worker threads; default: the available cores. */
  readonly threads?: number | undefined;
}

/** A pruned search: fast, and no longer exactly the full correlation's result. */
export interface Pruning {
  /** Radius of the square that is searched around the expected place, cells; whatever the windows of the entries. */
  readonly cells: number;
  /**
   * How far around its own place a part of the frame is searched anew, cells; a part that is being followed may go
   * further.
   */
  readonly reach: number;
  /** Share of the features' energy, 0..1: the weakest rotated channels beyond it are left out. */
  readonly energy: number;
  /** Share of the largest possible remainder of a score that is assumed when candidates are dropped early, 0..1. */
  readonly belief: number;
  /**
   * Weight, 0..1, from which a label counts as the only one of its cell. A part of the frame whose candidates all have
   * the same only label takes it without a search; most parts do. Undefined: everything is searched.
   */
  readonly settle?: number;
}

/** The most candidates kept for a query. */
export const MAX_TOP_K = 512;
/** The most frames searched at once. */
export const MAX_ENTRIES = 512;

const PAGE = 65536;
/** Channel counts after which candidates are pruned; the last stage ends with the padded channels. */
const STAGE_ENDS = [16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024];

/** Bytes of the parts of a slot, which lie in this order. */
interface SlotSizes {
  readonly features: number;
  readonly residuals: number;
  readonly labels: number;
  readonly coarse: number;
  /** Offsets of one frame's tiles; a slot has two such tables. */
  readonly table: number;
  /** Region bits, a word for each cell in blocks. */
  readonly regions: number;
  /** Only labels, a byte for each cell. */
  readonly singles: number;
}

/** Addresses of everything. */
export interface Layout {
  /** Blocks of a row of cells. */
  readonly rowBlocks: number;
  readonly stageEnds: readonly number[];
  readonly entries: number;
  readonly locations: number;
  readonly windows: number;
  readonly basis: number;
  readonly input: number;
  readonly queryRegions: number;
  /** The first slot. */
  readonly slots: number;
  readonly slotSizes: SlotSizes;
  readonly slotBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Bytes in total. */
  readonly total: number;
}

/** Addresses of a slot's parts. */
export interface SlotAddresses {
  readonly features: number;
  readonly residuals: number;
  readonly labels: number;
  readonly coarse: number;
  readonly tables: readonly [number, number];
  readonly regions: number;
  readonly singles: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Tiles of a frame, the unit of a pruned search. */
export function tilesOf({ height, width }: Pick<MatcherOptions, "height" | "width">): number {
  return Math.ceil(width / TILE_W) * Math.ceil(height / TILE_H);
}

/** Places everything: the records of a search, the frame to insert, slots, scratch memory of the threads. */
export function planLayout(options: MatcherOptions, threads: number): Layout {
  const { height, width, channels, labels, slots } = options;
  const rowBlocks = Math.ceil(width / LANES);
  const padded = Math.ceil(channels / 16) * 16;
  const stageEnds = [...STAGE_ENDS.filter((end) => end < padded), padded];
  const slotSizes = planSlot(options, height * rowBlocks * LANES, padded, stageEnds.length);
  const slotBytes = bytesOf(slotSizes);
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
    locations,
    windows,
    basis,
    input,
    queryRegions,
    slots: first,
    slotSizes,
    slotBytes,
    scratch,
    scratchBytes,
    total: scratch + threads * scratchBytes,
  };
}

function bytesOf({ features, residuals, labels, coarse, table, regions, singles }: SlotSizes): number {
  return features + residuals + labels + coarse + 2 * table + regions + singles;
}

/** @param cells of a frame in blocks. @param padded channels. */
function planSlot(options: MatcherOptions, cells: number, padded: number, stages: number): SlotSizes {
  const { height, width, labels, pruning } = options;
  return {
    features: aligned(cells * padded * 4),
    residuals: aligned(cells * stages * 4),
    labels: aligned(height * width * labels * 4 + 16),
    coarse: pruning === undefined ? 0 : aligned(height * width * COARSE_BYTES),
    table: pruning === undefined ? 0 : aligned(tilesOf(options) * 4),
    regions: aligned(cells * 4),
    singles: aligned(height * width + 16),
  };
}

/** Addresses of a slot's parts. */
export function slotAddresses({ slots, slotBytes, slotSizes: sizes }: Layout, slot: number): SlotAddresses {
  const features = slots + slot * slotBytes;
  const residuals = features + sizes.features;
  const labels = residuals + sizes.residuals;
  const coarse = labels + sizes.labels;
  const table = coarse + sizes.coarse;
  const regions = table + 2 * sizes.table;
  return {
    features,
    residuals,
    labels,
    coarse,
    tables: [table, table + sizes.table],
    regions,
    singles: regions + sizes.regions,
  };
}

/**
 * Shared memory of the planned size, allocated at once, so that typed arrays never move.
 * @throws UserError `tracking/memory`
 */
export function allocate({ total }: Layout): WebAssembly.Memory {
  const pages = Math.ceil(total / PAGE);
  const todo = "use fewer memory frames, a smaller input size (--short-side) or an encoder with fewer channels";
  const what = `the memory of the tracker would take ${Math.ceil(total / 2 ** 20)} MB`;
  if (pages > 65536) throw new UserError("tracking/memory", { what, expected: "at most 4096 MB", todo });
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new UserError("tracking/memory", { what: `${what}, more than this machine provides`, todo }, error);
  }
}
