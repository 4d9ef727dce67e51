/**
 * @file The core of tracking: what is known of one frame is carried to the frames that follow it. Masks, points,
 * sessions and benchmarks all run this.
 *
 * Labels are propagated (MAST, CRW and their kin; after MER the encoder is better, this step is the same): the cells of
 * every frame copy the labels of the memory cells that they look like, y_i = Σ_j softmax_j(x_i · x_j / τ) y_j over the
 * top-k candidates j of all memory frames. Which frames, which candidates and how labels are carried is the protocol's
 * choice. Memory is bounded by the protocol, whatever the clip's length. A point is a label too: a heat map over the
 * cells.
 */
import { counted } from "../core/counted.ts";
import { internal, UserError } from "../core/errors.ts";
import { type Logger, silent } from "../core/log.ts";
import type { Threads } from "../core/machine.ts";
import type { ResumableWith } from "../core/resumable.ts";
import type { Reached } from "../method/features.ts";
import type { Frame } from "../video/frame.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { Point } from "../video/point.ts";
import { shownCells } from "./confidence/labelShape.ts";
import { GIVEN, type ObjectVerdict } from "./confidence/objectJudge.ts";
import { cellsPerPixel, type EncodedFrame } from "./encodedFrames.ts";
import { firstColumns, setFirstColumns } from "./matching/cellColumns.ts";
import type { FrameMatcher } from "./matching/frameMatcher.ts";
import {
  type JudgedFrameAgain,
  JudgedMatcher,
  type JudgedMatcherOptions,
  type JudgedState,
} from "./matching/judgedMatcher.ts";
import type { MatcherKeeper } from "./matching/matcherKeeper.ts";
import type { Mode } from "./modes.ts";
import { drawHeatMaps } from "./points/heatMaps.ts";
import { HeatMapReader, type ReadPoints } from "./points/heatMapReader.ts";
import { FRAMES_KEPT } from "./points/pointAgreement.ts";
import { PointMotion } from "./points/pointMotion.ts";
import type { FoundPoint } from "./points/pointFollower.ts";
import { givenPoint, inPixels, type PointQuery, type TrackedPointFrame } from "./points/trackedPoint.ts";
import { SmallTracker } from "./smallTracker.ts";
import { FrameMotions } from "./target/frameMotion.ts";
import { hasTargets, LESSON_EVERY, seesMotion } from "./target/targetModel.ts";
import { lastingFrames, type Protocol, recentDistances } from "./protocols.ts";

/** What is known of the frame that labels are carried from. */
export interface GivenLabels {
  /** At the clip's size, with no other objects than these. */
  readonly mask: LabelMap;
  /** Ids, ascending; the mask need not have pixels of them. */
  readonly objects: readonly number[];
  readonly points: readonly PointQuery[];
}

/** A way to carry labels. Frames are given in order. */
export interface Carrier<Carried> extends AsyncDisposable {
  /** The frame whose labels are known. */
  begin(encoded: EncodedFrame, labels: GivenLabels): Promise<Carried>;
  /** The following frame. @throws UserError `tracking/frame-size` */
  next(encoded: EncodedFrame): Promise<Carried>;
}

/** What is carried through which frames. */
export interface CarryOptions<Carried> {
  /** The labelled frame first. */
  readonly frames: AsyncIterable<EncodedFrame>;
  /** Stays open; the caller disposes of it. */
  readonly carrier: Carrier<Carried>;
  /** @param first the labelled frame. */
  readonly labelsOf: (first: Frame) => GivenLabels;
  /** For a resumed run: takes back a frame that was carried before the stop; false = the frame is a new one. */
  readonly retake?: ((encoded: EncodedFrame) => Promise<boolean>) | undefined;
  /** Aborting ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The labelled frame, then every new one, as the carrier reports them. */
export async function* carry<Carried>(options: CarryOptions<Carried>): AsyncGenerator<Carried, void, void> {
  const { frames, carrier, labelsOf, retake, signal } = options;
  let hasBegun = false;
  for await (const encoded of frames) {
    signal?.throwIfAborted();
    if (!hasBegun) yield await carrier.begin(encoded, labelsOf(encoded.frame));
    else if ((await retake?.(encoded)) !== true) yield await carrier.next(encoded);
    hasBegun = true;
  }
}

/** How labels are propagated. */
export interface LabelCarrierOptions extends Threads {
  /** As the mode uses it, see `underMode`. */
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Lends the matcher; undefined = this carrier has one of its own. */
  readonly keeper?: MatcherKeeper | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
}

/** A frame with the labels that were carried to it. */
export interface CarriedFrame<State = CarrierState> extends TrackedPointFrame {
  /** Frames since the labelled one, 0. */
  readonly time: number;
  /**
   * What resuming after this frame needs of it; `state.cells` are its labels as later frames copy them, `shownCells` makes
   * of them those of its mask.
   */
  readonly state: State;
  /**
   * The mask of this frame, at its own size, or of other cells in its place.
   * @param cells `[height, width, columns]`.
   */
  readonly decode: (cells?: Float32Array) => LabelMap;
  /**
   * Puts a known mask in place of what was found, before the next frame is asked for: later frames copy it. Not for the
   * labelled frame.
   * @param mask at the frame's size; labels that are not carried count as background.
   * @returns its cells, for `decode`.
   * @throws UserError `tracking/correct`
   */
  readonly correct: (mask: LabelMap) => Float32Array;
  /** Ids of the objects that are carried, ascending. */
  readonly objects: readonly number[];
  /** In the order of the objects. */
  readonly verdicts: readonly ObjectVerdict[];
  /** Cells. */
  readonly grid: { readonly width: number; readonly height: number };
  /** A place in cells, in pixels of the frame. */
  readonly toPixels: (place: Point) => Point;
}

/**
 * What resuming after a frame needs of it, beside its features: weights of background, objects and points in every
 * cell, and the rest.
 */
export interface CarrierState extends JudgedState {
  /** Of the small picture; null where there is none. */
  readonly small: JudgedState | null;
  /** Null without points. */
  readonly points: ReadPoints | null;
  /** See `FeatureMap`; null where the encoder does not say. */
  readonly reached: Reached | null;
}

/**
 * How far back the frames lie that resuming may need: for the memory, to see which points were visible, and for what
 * target models have learned.
 */
export function keptFrames(protocol: Protocol, hasPoints: boolean): number {
  const lessons = protocol.target === "none" ? 0 : LESSON_EVERY;
  return Math.max(1, lessons, ...recentDistances(protocol), hasPoints ? FRAMES_KEPT : 0);
}

/** Times after the first that resuming may need however long ago they are, ascending. */
export function lastingTimes(protocol: Protocol): number[] {
  // How the labelled frame moves is seen in the one after it.
  const motion = protocol.target === "motion" ? [1] : [];
  return [...new Set([...lastingFrames(protocol), ...motion])].filter((t) => t > 0).toSorted((a, b) => a - b);
}

/** Times after the first that resuming after `time` needs, ascending. */
export function keptTimes(protocol: Protocol, hasPoints: boolean, time: number): number[] {
  const kept = keptFrames(protocol, hasPoints);
  const recent = Array.from({ length: kept }, (_, i) => time - i).filter((t) => t > 0);
  const lasting = lastingTimes(protocol).filter((t) => t <= time);
  return [...new Set([...recent, ...lasting])].sort((a, b) => a - b);
}

/** The labelled frame, and what has been made of it. */
interface Begun {
  readonly labels: GivenLabels;
  /** Of the first columns: background and objects. Those of the points follow. */
  readonly ids: readonly number[];
  readonly judged: JudgedMatcher;
  /** See `beginSmall`. */
  readonly small: SmallTracker | undefined;
  /** Undefined without points. */
  readonly reader: HeatMapReader | undefined;
  /** Undefined without points, and where they are not followed so. */
  readonly motion: PointMotion | undefined;
  /** What target models see of motion; undefined where there are none that do. */
  readonly motions: FrameMotions | undefined;
}

/** What was found in a frame. */
type Found = Pick<CarriedFrame, "verdicts" | "cut" | "points"> & {
  /** The frame's mask, where it is known already. */
  readonly mask: LabelMap | undefined;
  /** `performance.now()` when the work on it began. */
  readonly begin: number;
};

/**
 * Label propagation. A fresh one is resumed by `begin` with the same labelled frame, then with each of the frames of
 * `keptTimes`.
 */
export class LabelCarrier implements Carrier<CarriedFrame>, ResumableWith<CarrierState, JudgedFrameAgain> {
  private readonly options: LabelCarrierOptions;
  private begun: Begun | undefined;
  private time = 0;
  private reached: Reached | null = null;

  constructor(options: LabelCarrierOptions) {
    this.options = options;
  }

  /** @throws UserError `tracking/memory` */
  async begin(encoded: EncodedFrame, labels: GivenLabels): Promise<CarriedFrame> {
    const begin = performance.now();
    this.begun = await beginWith(this.options, encoded, labels);
    this.announce(this.begun, encoded);
    const { mask, objects } = labels;
    const points = labels.points.map(givenPoint);
    return this.report(encoded, { mask, verdicts: objects.map(() => GIVEN), points, cut: false, begin });
  }

  async next(encoded: EncodedFrame): Promise<CarriedFrame> {
    const begin = performance.now();
    const { labels, judged, small, motions } = this.open;
    const moves = await motions?.next(encoded.frame);
    const advice = encoded.small && (await small?.next(encoded.small, moves));
    const { cells, verdicts, cut } = await judged.next(encoded, advice, moves);
    const found = await this.readPoints(encoded, cells, cut);
    this.time++;
    const mask = this.options.protocol.labels === "hard" ? this.harden(cells, verdicts, encoded.frame) : undefined;
    const toPixels = pixelsOf(encoded);
    const points = found.map(({ place, signals }, i) =>
      inPixels(labels.points[i].name, toPixels(place), signals, encoded.frame),
    );
    return this.report(encoded, { mask, verdicts, cut, points, begin });
  }

  /** Of the latest frame. */
  state(): CarrierState {
    const { judged, small, reader } = this.open;
    return {
      ...judged.state(),
      small: small?.state() ?? null,
      points: reader?.state() ?? null,
      reached: this.reached,
    };
  }

  async resume(state: CarrierState, again: JudgedFrameAgain): Promise<void> {
    const { judged, small, reader, motion, motions } = this.open;
    const { frame, features, small: picture } = again.encoded;
    const ofLabelled = await motions?.again(frame, again.time);
    await judged.resume(state, again, ofLabelled);
    if (state.small !== null && picture !== undefined)
      await small?.resume(state.small, { ...again, encoded: picture }, ofLabelled);
    if (state.points !== null) reader?.resume(state.points, { features, cut: state.watch.cut });
    motion?.skip(frame);
    this.time = again.time;
    this.reached = state.reached;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.begun?.small?.close();
    await this.begun?.motion?.[Symbol.asyncDispose]();
    await this.begun?.motions?.[Symbol.asyncDispose]();
    await this.begun?.judged.close();
    this.begun = undefined;
  }

  private get open(): Begun {
    if (this.begun === undefined) throw internal("a frame before the first one");
    return this.begun;
  }

  /** @param cells what lies far from where a point is expected is weakened in place. */
  private async readPoints(encoded: EncodedFrame, cells: Float32Array, cut: boolean): Promise<FoundPoint[]> {
    const { reader, motion } = this.open;
    if (reader === undefined) return [];
    const [toPixels, perPixel] = [pixelsOf(encoded), cellsPerPixel(encoded)];
    const carried = await motion?.next(encoded.frame, reader.state().places.map(toPixels));
    const expected = carried?.map((place) => place && inCells(place, perPixel));
    return reader.next(encoded.features, cells, { cut, expected });
  }

  private announce({ labels, judged }: Begun, { frame, features }: EncodedFrame): void {
    const { objects, points } = labels;
    const given = [counted(objects.length, "object"), counted(points.length, "point")];
    const what = given.filter((text) => !text.startsWith("0 ")).join(" and ");
    const { logger = silent } = this.options;
    logger.info(`tracking ${what} from frame ${frame.name} at ${judged.matcher.describe(features.channels)}`);
  }

  private report(encoded: EncodedFrame, { mask, begin, ...found }: Found): CarriedFrame {
    const { frame, features, read, encode } = encoded;
    const begun = this.open;
    this.reached = features.reached ?? null;
    const { time } = this;
    const state = this.state();
    const shown = (): Float32Array => shownCells(state.cells, begun.judged.matcher.columns, found.verdicts);
    return {
      ...found,
      frame,
      objects: begun.labels.objects,
      time,
      state,
      correct: (known) => this.correct(time, known),
      decode: (cells) => (cells === undefined ? mask : undefined) ?? maskOf(begun, cells ?? shown(), frame),
      grid: begun.judged.matcher.grid,
      toPixels: pixelsOf(encoded),
      seconds: { read, encode, match: (performance.now() - begin) / 1000 },
    };
  }

  /** See `CarriedFrame`. */
  private correct(time: number, mask: LabelMap): Float32Array {
    if (time === 0 || time !== this.time)
      throw new UserError("tracking/correct", {
        what: "this frame can no longer be corrected",
        got: time === 0 ? "the labelled frame" : `frame ${time} when frame ${this.time} was carried already`,
        todo: "call correct() of each frame before the next one is asked for",
      });
    const { ids, judged, small } = this.open;
    small?.correct(mask, ids);
    judged.correct(judged.matcher.encode(mask, ids));
    return judged.matcher.cells.slice();
  }

  /** Objects' cells become those of the mask that they make. @param cells of the latest frame. @returns that mask */
  private harden(cells: Float32Array, verdicts: readonly ObjectVerdict[], frame: Frame): LabelMap {
    const { ids, judged } = this.open;
    const mask = maskOf(this.open, shownCells(cells, judged.matcher.columns, verdicts), frame);
    judged.replace(judged.matcher.encode(mask, ids));
    return mask;
  }
}

async function beginWith(options: LabelCarrierOptions, encoded: EncodedFrame, labels: GivenLabels): Promise<Begun> {
  const ids = [0, ...labels.objects];
  const perPixel = cellsPerPixel(encoded);
  const places = labels.points.map((point) => inCells(point, perPixel));
  const settings = { ...options, columns: ids.length + places.length, labels: ids.length };
  const judged = await JudgedMatcher.begin(settings, encoded, (matcher) =>
    givenCells(matcher, labels.mask, ids, places),
  );
  try {
    const { visibility, pointMotion } = options.protocol;
    const nearby = visibility === "judged";
    const reader = places.length === 0 ? undefined : new HeatMapReader(encoded.features, places, nearby);
    const moves = reader !== undefined && nearby && pointMotion === "flow";
    const motion = moves ? new PointMotion(encoded.frame, judged.matcher.grid.height, options) : undefined;
    const motions = seesMotion(settings)
      ? new FrameMotions(encoded.frame, judged.matcher.grid.height, options)
      : undefined;
    // The last step, since what it opens is not closed here; motion opens nothing before it is used.
    const small = await beginSmall(settings, encoded, judged.matcher, labels.mask, ids);
    return { labels, ids, judged, small, reader, motion, motions };
  } catch (error) {
    await judged.close();
    throw error;
  }
}

/** Undefined where the frame comes without a small picture, or where that has nothing to say. */
async function beginSmall(
  settings: JudgedMatcherOptions,
  { small }: EncodedFrame,
  matcher: FrameMatcher,
  mask: LabelMap,
  ids: readonly number[],
): Promise<SmallTracker | undefined> {
  if (small === undefined || !hasTargets(settings)) return undefined;
  const weights = firstColumns(matcher.cells, settings.columns, ids.length);
  const own = { ...settings, columns: ids.length, use: "small" as const, logger: undefined };
  return SmallTracker.begin(own, small, { weights, grid: matcher.grid }, (of) => of.encode(mask, ids));
}

/** The mask that cells make. @param cells `[height, width, columns]`. */
function maskOf({ ids, judged: { matcher } }: Begun, cells: Float32Array, frame: Frame): LabelMap {
  return matcher.decode(firstColumns(cells, matcher.columns, ids.length), ids, frame).labels;
}

/** From pixels of the frame to cells. */
const inCells = (place: Point, perPixel: Point): Point => ({ x: place.x * perPixel.x, y: place.y * perPixel.y });

/** From cells to pixels of the frame. */
function pixelsOf(encoded: EncodedFrame): (place: Point) => Point {
  const { x, y } = cellsPerPixel(encoded);
  return (place) => ({ x: place.x / x, y: place.y / y });
}

/** `[height, width, columns]` of a mask and of points in cells. */
function givenCells(
  matcher: FrameMatcher,
  mask: LabelMap,
  ids: readonly number[],
  places: readonly Point[],
): Float32Array {
  const objects = matcher.encode(mask, ids);
  if (places.length === 0) return objects;
  const { columns, grid } = matcher;
  const maps = drawHeatMaps(places, grid);
  const out = new Float32Array(grid.height * grid.width * columns);
  setFirstColumns(out, columns, objects, ids.length);
  for (let cell = 0; cell * columns < out.length; cell++)
    out.set(maps.subarray(cell * places.length, (cell + 1) * places.length), cell * columns + ids.length);
  return out;
}
