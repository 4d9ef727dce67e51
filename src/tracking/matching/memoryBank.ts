/** @file Which slot of the matcher holds which frame: lasting frames have their own, recent ones share a ring. */
import { internal } from "../../core/errors.ts";
import type { HeldSlot, MatchEntry } from "../../kernels/matcher.ts";
import { lastingFrames, memoryFrames, recentDistances, type Protocol } from "../protocols.ts";

/** A bounded assignment of frames to slots. */
export class MemoryBank {
  private readonly lasting: readonly number[];
  private readonly ring: number;
  private readonly held: number[];

  constructor(protocol: Protocol) {
    this.lasting = lastingFrames(protocol);
    this.ring = Math.max(0, ...recentDistances(protocol)) + 1;
    this.held = Array.from({ length: this.slots }, () => -1);
  }

  /** How many frames are ever held at once, the one being tracked included. */
  get slots(): number {
    return this.lasting.length + this.ring;
  }

  /** The slot for a new frame; what it held before is forgotten. */
  place(frame: number): number {
    const slot = this.slotOf(frame);
    this.held[slot] = frame;
    return slot;
  }

  /** Whether the labelled frame is kept to the end. */
  get keepsFirst(): boolean {
    return this.lasting.includes(0);
  }

  /** The slot of a frame that is still held. */
  find(frame: number): number {
    const slot = this.slotOf(frame);
    if (this.held[slot] !== frame) throw internal(`frame ${frame} is no longer in the memory bank`);
    return slot;
  }

  /** The memory of frame `time` as the matcher searches it, see `memoryFrames`. */
  entries(protocol: Protocol, time: number): MatchEntry[] {
    return memoryFrames(protocol, time).map(({ frame, windowed, copies }) => ({
      slot: this.find(frame),
      window: windowed ? protocol.radius : undefined,
      copies,
    }));
  }

  /**
   * All slots beside that of frame `time`, the latest frame first, for a pruned search.
   * @param everywhere the labelled frame is searched over its whole area, whatever the protocol says.
   */
  others({ memory }: Protocol, time: number, everywhere = false): HeldSlot[] {
    const frames = this.held.filter((frame) => frame >= 0 && frame !== time).toSorted((a, b) => b - a);
    const wide = everywhere || memory.first === "unrestricted";
    return frames.map((frame) => ({ slot: this.find(frame), everywhere: wide && frame === 0 }));
  }

  private slotOf(frame: number): number {
    const lasting = this.lasting.indexOf(frame);
    return lasting >= 0 ? lasting : this.lasting.length + (frame % this.ring);
  }
}
