/**
 * @file The ranges that an encoder's activations have in a clip, for its form in 8-bit integers: from the first picture, with a look
 * at a later one now and then, so that a stream whose light changes over hours is not clipped for long.
 */
import { internal } from "../core/errors.ts";
import type { Compile, CompiledGraph, Tensor } from "../tensor/graph/index.ts";
import type { EncoderStart, PictureSize, Reached } from "./features.ts";
import { HEADROOM, type Ranges, rangesOf } from "./quantisedEncoder.ts";

/** A picture is looked at again after so many. */
const LOOK_AGAIN = 250;

type Extremes = Readonly<Record<string, Float32Array>>;

export interface ActivationRangesOptions {
  /** Outputs of `extremes` for pictures of this size. */
  readonly graph: (size: PictureSize) => Record<string, Tensor>;
  readonly compile: Compile;
  /** Pictures at the beginning of a clip that are looked at. */
  readonly first: number;
}

/** Watches the pictures of one clip after the other. */
export class ActivationRanges implements AsyncDisposable {
  private readonly options: ActivationRangesOptions;
  private program: { readonly key: string; readonly value: CompiledGraph<string> } | undefined;
  private found: Extremes | undefined;
  /** Pictures of the clip so far. */
  private count = 0;

  constructor(options: ActivationRangesOptions) {
    this.options = options;
  }

  /** The widest ranges of the clip's pictures that were looked at. */
  get ranges(): Ranges {
    if (this.found === undefined) throw internal("ranges of a clip without a picture");
    return rangesOf(this.found);
  }

  /** What was found so far. @throws when no picture was looked at */
  get reached(): Reached {
    if (this.found === undefined) throw internal("ranges of a clip without a picture");
    return Object.fromEntries(Object.entries(this.found).map(([name, values]) => [name, [...values]]));
  }

  /** A new clip begins, or goes on at a later place. @returns whether its ranges are known */
  restart({ count, reached }: EncoderStart = { count: 0, reached: null }): boolean {
    const known =
      reached && Object.entries(reached).map(([name, values]) => [name, Float32Array.from(values)] as const);
    this.found = known === null ? undefined : Object.fromEntries(known);
    this.count = known === null ? 0 : count;
    return known !== null;
  }

  /** To be called for every picture, with what its encoder is fed. @returns whether the ranges have changed */
  async look(feeds: Readonly<Record<string, Float32Array>>, size: PictureSize): Promise<boolean> {
    const due = this.count < this.options.first || this.count % LOOK_AGAIN === 0;
    this.count++;
    if (!due) return false;
    const seen: Extremes = await (await this.programFor(size)).run(feeds);
    const before = this.found;
    if (before !== undefined && Object.keys(seen).every((key) => seen[key][0] <= before[key][0] * (1 + HEADROOM)))
      return false;
    this.found = before === undefined ? seen : widest(before, seen);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program?.value.close();
    this.program = undefined;
  }

  private async programFor(size: PictureSize): Promise<CompiledGraph<string>> {
    const key = `${size.width}x${size.height}`;
    if (this.program?.key === key) return this.program.value;
    await this.program?.value.close();
    this.program = { key, value: await this.options.compile(this.options.graph(size)) };
    return this.program.value;
  }
}

function widest(a: Extremes, b: Extremes): Extremes {
  return Object.fromEntries(Object.keys(a).map((key) => [key, Float32Array.of(Math.max(a[key][0], b[key][0]))]));
}
