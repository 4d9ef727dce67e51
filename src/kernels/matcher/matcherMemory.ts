/** @file A matcher's shared memory as typed arrays, and the parameter block that its kernel reads. */
import * as block from "../constants/match.ts";
import { type Layout, type MatcherOptions, slotAddresses, type SlotAddresses } from "./layout.ts";

/** The memory and its layout. */
export class MatcherMemory {
  readonly options: MatcherOptions;
  readonly layout: Layout;
  private readonly memory: WebAssembly.Memory;

  constructor(options: MatcherOptions, layout: Layout, memory: WebAssembly.Memory) {
    this.options = options;
    this.layout = layout;
    this.memory = memory;
    this.writeShape();
  }

  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** Addresses of a slot's parts. */
  slot(slot: number): SlotAddresses {
    return slotAddresses(this.layout, slot);
  }

  /** Writes a word of the parameter block (`constants/match.ts`). */
  set(word: number, value: number): void {
    this.words(block.PARAMS + word * 4, 1)[0] = value;
  }

  /** Writes a float of the parameter block. */
  setFloat(word: number, value: number): void {
    this.floats(block.PARAMS + word * 4, 1)[0] = value;
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, count);
  }

  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  private writeShape(): void {
    const { options, layout } = this;
    const { pruning } = options;
    this.set(block.HEIGHT, options.height);
    this.set(block.WIDTH, options.width);
    this.set(block.CHANNELS, options.channels);
    this.set(block.LABELS, options.labels);
    this.set(block.ROW_BLOCKS, layout.rowBlocks);
    this.set(block.SCRATCH, layout.scratch);
    this.set(block.SCRATCH_BYTES, layout.scratchBytes);
    this.set(block.ENTRIES, layout.entries);
    this.set(block.LOCATIONS, layout.locations);
    this.set(block.INPUT, layout.input);
    this.set(block.BASIS, layout.basis);
    this.set(block.QUERY_REGIONS, layout.queryRegions);
    this.set(block.NORMALISE, options.normalise ? 1 : 0);
    this.set(block.PRUNED, pruning === undefined ? 0 : 1);
    this.set(block.SETTLING, pruning?.settle === undefined ? 0 : 1);
    this.set(block.SEARCH_REACH, pruning?.reach ?? 0);
    this.setFloat(block.BELIEF, pruning?.belief ?? 1);
    this.set(block.STAGES, layout.stageEnds.length);
    this.set(block.STAGE_ENDS, block.STAGE_TABLE);
    this.words(block.STAGE_TABLE, layout.stageEnds.length).set(layout.stageEnds);
  }
}
