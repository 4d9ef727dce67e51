/**
 * @file Matching of one pass through a clip: a bounded memory of frames whose cells have labels, and each new frame's
 * cells copying the labels of those that they look like. What the labels mean (objects, points) is up to the caller.
 */
import { counted } from "../../core/counted.ts";
import type { Threads } from "../../core/machine.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import { type MatchEntry, Matcher, type MatchSettings, type SearchPosition } from "../../kernels/matcher.ts";
import type { PictureSize } from "../../method/features.ts";
import type { Frame } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { resizeLabels } from "../../video/resize.ts";
import { CarriedClusters } from "./carriedClusters.ts";
import type { CellGrid } from "./cellGrid.ts";
import { cellsPerPixel, type EncodedFrame, requireSize } from "../encodedFrames.ts";
import { GuidedDecoder } from "../masks/guidedDecoder.ts";
import { type DecodedLabels, decodeLabels, encodeLabels } from "../masks/labelCells.ts";
import type { MatcherKeeper, MatcherUse } from "./matcherKeeper.ts";
import { MemoryBank } from "./memoryBank.ts";
import type { Mode } from "../modes.ts";
import { divisorOf, type Protocol } from "../protocols.ts";

/** How a pass is matched. */
export interface FrameMatcherOptions extends Threads {
  /** As the mode uses it, see `underMode`. */
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Values that every cell carries. */
  readonly columns: number;
  /** For which of the keeper's matchers; default `frames`. */
  readonly use?: MatcherUse | undefined;
  /** What the features that are matched have beside the encoder's channels; undefined = nothing. */
  readonly appended?: AppendedChannels | undefined;
  /** Lends the matcher; undefined = this pass has one of its own. */
  readonly keeper?: MatcherKeeper | undefined;
}

/** Channels beside those of the encoder. */
export interface AppendedChannels {
  readonly count: number;
  /** The square of a feature's length with them, against 1 without. */
  readonly square: number;
}

/** Clusters as of one frame. */
export interface FrameClusters {
  /** Region of every cell, `[height, width]`. */
  readonly regions: Uint8Array;
  /** See `CarriedClusters`. */
  readonly centres: Float32Array;
}

/** What resuming after a frame needs of it, beside its features. */
export interface MatchedCells {
  /** `[height, width, columns]` float32. */
  readonly cells: Float32Array;
  /** Of the matcher; null for an exact search. */
  readonly position: SearchPosition | null;
  /** Null where candidates do not come from clusters. */
  readonly clusters: FrameClusters | null;
}

/** A frame that was matched before. */
export interface FrameAgain {
  /** Frames of the pass from the labelled one, 0. */
  readonly time: number;
  readonly encoded: EncodedFrame;
}

/**
 * The memory of one pass, and how far the pass is. Time counts the frames of the pass from the labelled one, 0.
 * Resuming needs the frames that are held in memory again, after `begin` with the labelled one.
 */
export class FrameMatcher implements ResumableWith<MatchedCells, FrameAgain> {
  readonly grid: CellGrid;
  readonly columns: number;
  private readonly protocol: Protocol;
  /** Width and height of the clip and of the encoder's input. */
  private readonly size: { readonly frame: PictureSize; readonly input: PictureSize };
  private readonly bank: MemoryBank;
  private readonly matcher: Matcher;
  private readonly isOwn: boolean;
  private readonly temperature: number;
  /** With the protocol's candidates from clusters. */
  private readonly clusters: CarriedClusters | undefined;
  /** By slot: regions of the frame that it holds. */
  private readonly regions: Uint8Array[] = [];
  /** Whether `quick` makes the masks. */
  private readonly isQuick: boolean;
  private quick: GuidedDecoder | undefined;
  private time = 0;

  private constructor(
    { protocol, mode, columns, keeper, appended }: FrameMatcherOptions,
    { frame, input, stride, features }: EncodedFrame,
    matcher: Matcher,
  ) {
    const { height, width, channels } = features;
    this.protocol = protocol;
    this.columns = columns;
    this.grid = { height, width, stride };
    this.size = { frame: sizeOf(frame), input: sizeOf(input) };
    this.bank = new MemoryBank(protocol);
    this.matcher = matcher;
    this.isOwn = keeper === undefined;
    // Unit length again: the same candidates as with a dot product of both parts at the protocol's temperature.
    this.temperature = divisorOf(protocol, channels) / (appended?.square ?? 1);
    this.isQuick = mode.quickMasks && protocol.upsampling === "guided";
    this.clusters = protocol.candidates === "clusters" ? new CarriedClusters(this.grid) : undefined;
  }

  /** Makes room for frames of this one's size. @throws UserError `tracking/memory` */
  static async open(options: FrameMatcherOptions, encoded: EncodedFrame): Promise<FrameMatcher> {
    const { protocol, mode, columns, threads, keeper, use = "frames", appended } = options;
    const { height, width, channels } = encoded.features;
    const shape = {
      height,
      width,
      channels: channels + (appended?.count ?? 0),
      labels: columns,
      slots: new MemoryBank(protocol).slots,
      normalise: protocol.similarity === "cosine",
      pruning: mode.pruning ?? undefined,
      threads,
    };
    const matcher = keeper === undefined ? await Matcher.open(shape) : await keeper.take(shape, use);
    return new FrameMatcher(options, encoded, matcher);
  }

  /** For the log: grid, threads and memory. */
  describe(channels: number): string {
    const { width, height } = this.grid;
    const megabytes = Math.round(this.matcher.bytes / 2 ** 20);
    return `${width}x${height} cells of ${channels} channels, ${counted(this.matcher.threads, "thread")}, ${megabytes} MB of memory frames`;
  }

  /** The labelled frame. @param cells its labels, `[height, width, columns]`. */
  async begin({ frame, features }: EncodedFrame, cells: Float32Array): Promise<void> {
    const slot = await this.place(0, features.data);
    if (this.clusters !== undefined) this.regions[slot] = this.clusters.regions(frame);
    this.matcher.labels(slot).set(cells);
  }

  /**
   * Finds the labels of the next frame.
   * @param recalling whether `recall` will be called for the frame: a pruned search then searches the whole labelled
   * frame.
   * @returns `[height, width, columns]`, a view that stays in the memory: what is written to it is what later frames
   * copy.
   * @throws UserError `tracking/frame-size`
   */
  async next({ frame, features }: EncodedFrame, recalling: boolean): Promise<Float32Array> {
    requireSize(frame, this.size.frame);
    const slot = await this.place(this.time + 1, features.data);
    const { entries, candidates } = this.candidates(slot, frame);
    await this.matcher.match(slot, entries, {
      ...this.votes,
      held: this.bank.others(this.protocol, this.time, recalling),
      candidates,
    });
    return this.matcher.labels(slot);
  }

  /**
   * The labels of the frame matched last, copied from the labelled frame alone, without a radius.
   * @returns `[height, width, columns]`; undefined where the protocol does not keep that frame.
   */
  async recall(): Promise<Float32Array | undefined> {
    if (!this.bank.keepsFirst) return undefined;
    const first = { slot: this.bank.find(0), copies: 1 };
    return this.matcher.matchAgain(this.bank.find(this.time), [first], this.votes);
  }

  /** Of the frame that was matched last, `[height, width, columns]`: the view that `next` returned. */
  get cells(): Float32Array {
    return this.matcher.labels(this.bank.find(this.time));
  }

  /** Of the frame that was matched last. */
  state(): MatchedCells {
    const slot = this.bank.find(this.time);
    const clusters = this.clusters && { regions: this.regions[slot], centres: this.clusters.state() };
    return {
      cells: this.cells.slice(),
      position: this.matcher.state(),
      clusters: clusters ?? null,
    };
  }

  async resume({ cells, position, clusters }: MatchedCells, { time, encoded }: FrameAgain): Promise<void> {
    const slot = await this.place(time, encoded.features.data);
    this.matcher.labels(slot).set(cells);
    this.matcher.resume(position);
    if (clusters === null) return;
    this.regions[slot] = clusters.regions;
    this.clusters?.resume(clusters.centres);
  }

  /** @returns `[height, width, ids]`, see `encodeLabels`. @param mask at the clip's size. */
  encode(mask: LabelMap, ids: readonly number[]): Float32Array {
    const { width, height } = this.size.input;
    const same = mask.width === width && mask.height === height;
    const scaled = same ? mask : resizeLabels(mask, width, height);
    return encodeLabels(scaled, ids, this.grid, this.protocol.labelEncoding);
  }

  /** @param cells `[height, width, ids]`. @param ids always the same. @returns the mask at the clip's size. */
  decode(cells: Float32Array, ids: readonly number[], frame: Frame): DecodedLabels {
    const size = { ...sizeOf(frame), cellsPerPixel: cellsPerPixel({ ...this.size, stride: this.grid.stride }) };
    if (this.isQuick) {
      this.quick ??= new GuidedDecoder(ids, this.grid, size);
      return this.quick.decode(cells, frame);
    }
    const guide = this.protocol.upsampling === "guided" ? frame : undefined;
    return decodeLabels(cells, ids, this.grid, size, guide);
  }

  async close(): Promise<void> {
    if (this.isOwn) await this.matcher.close();
  }

  /** What is done with the candidates' scores. */
  private get votes(): Pick<MatchSettings, "topK" | "temperature"> {
    return { topK: this.protocol.topK ?? undefined, temperature: this.temperature };
  }

  /** @returns the slot of the frame, which becomes the current one. */
  private async place(time: number, features: Float32Array): Promise<number> {
    this.time = time;
    const slot = this.bank.place(time);
    await this.matcher.insert(slot, features);
    return slot;
  }

  /** What is searched for the frame in `slot`: all of the memory, or with clusters the sampled regions of it. */
  private candidates(slot: number, frame: Frame): { entries: MatchEntry[]; candidates?: Uint32Array } {
    const entries = this.bank.entries(this.protocol, this.time);
    if (this.clusters === undefined) return { entries };
    this.regions[slot] = this.clusters.regions(frame);
    const memory = entries.map((entry) => this.regions[entry.slot]);
    return {
      entries: entries.map((entry, i) => ({ ...entry, regions: memory[i] })),
      candidates: this.clusters.candidates(this.regions[slot], memory),
    };
  }
}

/** Only the size: a picture kept here would be held for the whole clip. */
function sizeOf({ width, height }: PictureSize): PictureSize {
  return { width, height };
}
