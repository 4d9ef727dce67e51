/**
 * @file Points by label propagation, as key points are tracked in CRW and its kin: each point's heat map is a label that the cells of the
 * following frames copy from the memory cells that they look like.
 */
import { internal } from "../../core/errors.ts";
import { Matcher, type Pruning } from "../../kernels/matcher.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { MemoryBank } from "../matching/memoryBank.ts";
import { divisorOf, type Protocol } from "../protocols.ts";
import { drawHeatMaps } from "./heatMaps.ts";
import { HeatMapReader } from "./heatMapReader.ts";
import type { FoundPoint, PointFollower } from "./pointFollower.ts";

/** What is matched, and with how many threads. */
export interface PointPropagationOptions {
  /** Its `labels`, `labelEncoding` and `shortSide` do not apply: heat maps are soft, and the input's size is chosen before. */
  readonly protocol: Protocol;
  /** As a mode has it; default null, every candidate is searched. */
  readonly pruning?: Pruning | null;
  /** Worker threads for matching; default the available cores. */
  readonly threads?: number;
}

/** Label propagation of heat maps. */
export class PointPropagation implements PointFollower {
  private readonly options: PointPropagationOptions;
  private readonly bank: MemoryBank;
  private matcher: Matcher | undefined;
  private reader: HeatMapReader | undefined;
  private time = 0;

  constructor(options: PointPropagationOptions) {
    this.options = options;
    this.bank = new MemoryBank(options.protocol);
  }

  async begin(features: FeatureMap, places: readonly Point[]): Promise<void> {
    const { protocol, pruning, threads } = this.options;
    const { width, height, channels } = features;
    this.matcher = await Matcher.open({
      width,
      height,
      channels,
      labels: places.length,
      slots: this.bank.slots,
      normalise: protocol.similarity === "cosine",
      pruning: pruning ?? undefined,
      ...(threads === undefined ? {} : { threads }),
    });
    const slot = this.bank.place(0);
    await this.matcher.insert(slot, features.data);
    this.matcher.labels(slot).set(drawHeatMaps(places, features));
    this.reader = new HeatMapReader(features, places, protocol.visibility === "judged");
  }

  async next(features: FeatureMap): Promise<FoundPoint[]> {
    const { matcher, reader } = this;
    if (matcher === undefined || reader === undefined) throw internal("a frame before the first one");
    const slot = this.bank.place(++this.time);
    await matcher.insert(slot, features.data);
    await this.match(matcher, slot, features.channels);
    return reader.next(features, matcher.labels(slot));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.matcher?.close();
  }

  private async match(matcher: Matcher, slot: number, channels: number): Promise<void> {
    const { protocol } = this.options;
    await matcher.match(slot, this.bank.entries(protocol, this.time), {
      topK: protocol.topK ?? undefined,
      temperature: divisorOf(protocol, channels),
      held: this.bank.others(protocol, this.time),
    });
  }
}
