/**
 * @file Points by label propagation, as key points are tracked in CRW and its kin: each point's heat map is a label that the cells of the
 * following frames copy from the memory cells that they look like.
 */
import { internal } from "../../core/errors.ts";
import { Matcher } from "../../kernels/matcher.ts";
import type { FeatureMap } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { MemoryBank } from "../memoryBank.ts";
import { divisorOf, type Protocol } from "../protocols.ts";
import { CellFeatures } from "./cellFeatures.ts";
import { drawHeatMaps, readHeatMap } from "./heatMaps.ts";
import { PointAgreement } from "./pointAgreement.ts";
import type { FoundPoint, PointFollower } from "./pointFollower.ts";

/** What is matched, and with how many threads. */
export interface PointPropagationOptions {
  /** Its `labels`, `labelEncoding` and `shortSide` do not apply: heat maps are soft, and the input's size is chosen before. */
  readonly protocol: Protocol;
  /** Worker threads for matching; default the available cores. */
  readonly threads?: number;
}

/** Label propagation of heat maps. */
export class PointPropagation implements PointFollower {
  private readonly options: PointPropagationOptions;
  private readonly bank: MemoryBank;
  private matcher: Matcher | undefined;
  private agreement: PointAgreement | undefined;
  private places: readonly Point[] = [];
  private time = 0;

  constructor(options: PointPropagationOptions) {
    this.options = options;
    this.bank = new MemoryBank(options.protocol);
  }

  async begin(features: FeatureMap, places: readonly Point[]): Promise<void> {
    const { protocol, threads } = this.options;
    const { width, height, channels } = features;
    this.matcher = await Matcher.open({
      width,
      height,
      channels,
      labels: places.length,
      slots: this.bank.slots,
      normalise: protocol.similarity === "cosine",
      ...(threads === undefined ? {} : { threads }),
    });
    const slot = this.bank.place(0);
    await this.matcher.insert(slot, features.data);
    this.matcher.labels(slot).set(drawHeatMaps(places, features));
    this.places = places;
    this.agreement = new PointAgreement({ frame: new CellFeatures(features), places });
  }

  async next(features: FeatureMap): Promise<FoundPoint[]> {
    const { matcher, agreement } = this;
    if (matcher === undefined || agreement === undefined) throw internal("a frame before the first one");
    const slot = this.bank.place(++this.time);
    await matcher.insert(slot, features.data);
    await this.match(matcher, slot, features.channels);
    const maps = matcher.labels(slot);
    // Where nothing of a point's map was carried on, it stays where it was, without anything that speaks for it.
    const read = this.places.map((_, point) => readHeatMap(maps, features, this.places.length, point));
    this.places = read.map((place, point) => place ?? this.places[point]);
    const signals = agreement.next({ frame: new CellFeatures(features), places: this.places });
    return this.places.map((place, point) => ({ place, signals: read[point] === null ? null : signals[point] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.matcher?.close();
  }

  private async match(matcher: Matcher, slot: number, channels: number): Promise<void> {
    const { protocol } = this.options;
    await matcher.match(slot, this.bank.entries(protocol, this.time), {
      topK: protocol.topK ?? undefined,
      temperature: divisorOf(protocol, channels),
    });
  }
}
