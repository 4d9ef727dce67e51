/**
 * @file Carries things that come and go: those labelled, and what comes in later and looks like them, or moves. Labelled
 * objects that are no examples are carried as always (carry.ts).
 */
import { connectedParts } from "../../core/connectedParts.ts";
import { internal, UserError } from "../../core/errors.ts";
import { silent } from "../../core/log.ts";
import type { ResumableWith } from "../../core/resumable.ts";
import { median } from "../../core/median.ts";
import type { FeatureExtractor, Reached } from "../../method/features.ts";
import { unitLength } from "../../method/unitLength.ts";
import { type LabelMap, onlyObjects } from "../../video/labelMap.ts";
import { resizeLabels } from "../../video/resize.ts";
import {
  type CarriedFrame,
  type Carrier,
  type CarrierState,
  type GivenLabels,
  LabelCarrier,
  type LabelCarrierOptions,
} from "../carry.ts";
import { CutWatch } from "../confidence/cutWatch.ts";
import { GIVEN, type ObjectVerdict } from "../confidence/objectJudge.ts";
import { cellsPerPixel, type EncodedFrame, requireSize } from "../encodedFrames.ts";
import { encodeLabels } from "../masks/labelCells.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import type { JudgedFrameAgain } from "../matching/judgedMatcher.ts";
import { type ArrivalOptions, examplesOf } from "./arrivalOptions.ts";
import { CellMotion } from "./cellMotion.ts";
import { exampleViews } from "./exampleViews.ts";
import { ClassLikeness } from "./likeness.ts";
import { ThingMasks } from "./thingMasks.ts";
import { type ThingFrame, type ThingTrack, ThingTracks, type ThingTracksState } from "./thingTracks.ts";

/** How things are carried. */
export interface ArrivalCarrierOptions extends LabelCarrierOptions {
  readonly arrivals: ArrivalOptions;
  /** The one that encodes the frames. */
  readonly encoder: FeatureExtractor;
}

/** What resuming after a frame needs of it, beside its features. */
export interface ArrivalState {
  readonly tracks: ThingTracksState;
  /** Index of the frame that the next one is compared with to detect a cut; null = none yet. */
  readonly compared: number | null;
  readonly cut: boolean;
  /** Of the labelled objects that are no examples; null without any. */
  readonly others: CarrierState | null;
  readonly reached: Reached | null;
}

/** Cells of an example. */
const LEAST_EXAMPLE = 4;
/** A moving region of which a known object has this share is that object's. */
const COVERED = 0.2;
/** Share of a cell from which on it is an example's. */
const HALF = 0.5;

interface Begun {
  readonly grid: CellGrid;
  readonly others: LabelCarrier | undefined;
  readonly likeness: ClassLikeness | undefined;
  readonly tracks: ThingTracks;
  readonly motion: CellMotion;
  readonly cuts: CutWatch;
  readonly masks: ThingMasks;
  readonly size: { readonly width: number; readonly height: number };
}

/** A fresh one is resumed by `begin` with the same labelled frame, then with the frames of `keptTimes`. */
export class ArrivalCarrier
  implements Carrier<CarriedFrame<ArrivalState>>, ResumableWith<ArrivalState, JudgedFrameAgain>
{
  private readonly options: ArrivalCarrierOptions;
  private begun: Begun | undefined;
  private time = 0;
  private reached: Reached | null = null;
  private cut = false;
  private hasWarned = false;

  constructor(options: ArrivalCarrierOptions) {
    this.options = options;
  }

  /** @throws UserError `arrivals/example`, `tracking/memory` */
  async begin(encoded: EncodedFrame, labels: GivenLabels): Promise<CarriedFrame<ArrivalState>> {
    const begin = performance.now();
    const { arrivals, logger, threads } = this.options;
    const { frame, features, stride } = encoded;
    const { width, height } = features;
    const grid = { width, height, stride };
    const examples = examplesOf(arrivals.source, labels.objects);
    const cellsOf = exampleCells(labels.mask, examples, encoded, grid);
    const usual = arrivals.source.kind === "like" ? requireExamples(cellsOf) : undefined;
    const kind = { ...arrivals, grid, usual, nextId: 1 + Math.max(0, ...labels.objects) };
    const rest = labels.objects.filter((id) => !examples.includes(id));
    const hasOthers = rest.length + labels.points.length > 0;
    this.begun = {
      grid,
      others: hasOthers ? new LabelCarrier(this.options) : undefined,
      likeness:
        usual === undefined ? undefined : await this.likeness(encoded, onlyObjects(labels.mask, examples), grid, usual),
      tracks: new ThingTracks(kind),
      motion: new CellMotion(frame, { threads }, usual === undefined),
      // The carrier of the other labels reports them too.
      cuts: new CutWatch(hasOthers ? undefined : logger),
      masks: new ThingMasks(grid, this.options.mode),
      size: { width: frame.width, height: frame.height },
    };
    const { others, tracks, cuts } = this.begun;
    cuts.before(frame);
    tracks.begin({ score: new Float32Array(width * height), moves: undefined, features: this.unit(encoded) }, cellsOf);
    const carried = await others?.begin(encoded, { ...labels, mask: onlyObjects(labels.mask, rest), objects: rest });
    const verdicts = labels.objects.map(() => GIVEN);
    return this.report(encoded, { objects: labels.objects, verdicts, carried, begin, decode: () => labels.mask });
  }

  async next(encoded: EncodedFrame): Promise<CarriedFrame<ArrivalState>> {
    const begin = performance.now();
    const { others, tracks, likeness, motion, cuts, masks, size } = this.open;
    const { frame } = encoded;
    requireSize(frame, size);
    const carried = await others?.next(encoded);
    this.cut = cuts.before(frame);
    if (this.cut) tracks.cut();
    const moves = await motion.next(encoded);
    const score = likeness?.see(encoded) ?? (await motion.moving(encoded));
    const taken = carried === undefined ? undefined : carried.decode();
    if (taken !== undefined) this.leaveOut(score, taken, encoded);
    tracks.next({ score, moves: this.cut ? undefined : moves, features: this.unit(encoded) });
    this.time++;
    this.warnOfEnd();
    const { things } = tracks;
    const decode = (): LabelMap => {
      const mask = masks.decode(encoded, score, withIds(things));
      if (taken !== undefined) for (const [p, id] of taken.data.entries()) if (id !== 0) mask.data[p] = id;
      return mask;
    };
    const both = [
      ...things.map((thing) => ({ id: thing.id ?? 0, verdict: verdictOf(thing, score) })),
      ...(carried?.objects ?? []).map((id, i) => ({ id, verdict: carried?.verdicts[i] ?? GIVEN })),
    ].sort((a, b) => a.id - b.id);
    const objects = both.map(({ id }) => id);
    return this.report(encoded, { objects, verdicts: both.map(({ verdict }) => verdict), carried, begin, decode });
  }

  /** Of the latest frame. */
  state(): ArrivalState {
    const { tracks, cuts, others } = this.open;
    return {
      tracks: tracks.state(),
      compared: cuts.state(),
      cut: this.cut,
      others: others?.state() ?? null,
      reached: this.reached,
    };
  }

  async resume(state: ArrivalState, again: JudgedFrameAgain): Promise<void> {
    const { tracks, cuts, others, motion } = this.open;
    const { frame } = again.encoded;
    if (state.others !== null) await others?.resume(state.others, again);
    tracks.resume(state.tracks);
    await cuts.resume(state.compared, async (index) => (index === frame.index ? frame : again.frameAt(index)));
    motion.skip(frame);
    this.cut = state.cut;
    this.time = again.time;
    this.reached = state.reached;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.begun?.motion[Symbol.asyncDispose]();
    await this.begun?.others?.[Symbol.asyncDispose]();
    this.begun = undefined;
  }

  private async likeness(encoded: EncodedFrame, mask: LabelMap, grid: CellGrid, usual: number): Promise<ClassLikeness> {
    const views = [{ ...encoded, mask }, ...(await exampleViews(this.options.encoder, encoded, mask))];
    const ids = [...new Set(mask.data)].filter((id) => id !== 0);
    const labelled = views.map((view) => ({
      frame: view.frame,
      features: view.features,
      weights: weightsOf(exampleCells(view.mask, ids, encoded, grid), grid),
    }));
    return new ClassLikeness(labelled, grid, usual);
  }

  private get open(): Begun {
    if (this.begun === undefined) throw internal("a frame before the first one");
    return this.begun;
  }

  /** Features of unit length. */
  private unit({ features }: EncodedFrame): ThingFrame["features"] {
    return this.open.likeness?.features ?? unitLength(features);
  }

  /** Where other objects are, nothing comes in. @param score changed in place. */
  private leaveOut(score: Float32Array, taken: LabelMap, encoded: EncodedFrame): void {
    const { grid, likeness } = this.open;
    const ids = [...new Set(taken.data)].filter((id) => id !== 0);
    const covered = new Set([...exampleCells(taken, ids, encoded, grid).values()].flat());
    if (likeness === undefined) leaveOutAround(score, covered, grid.width);
    for (const cell of covered) score[cell] = -1;
  }

  private warnOfEnd(): void {
    if (!this.open.tracks.isFull || this.hasWarned) return;
    this.hasWarned = true;
    (this.options.logger ?? silent).warn("masks hold 254 ids: what comes in from now on is not tracked");
  }

  private report(
    encoded: EncodedFrame,
    found: {
      readonly objects: readonly number[];
      readonly verdicts: readonly ObjectVerdict[];
      readonly carried: CarriedFrame | undefined;
      readonly begin: number;
      readonly decode: () => LabelMap;
    },
  ): CarriedFrame<ArrivalState> {
    const { frame, features, read, encode } = encoded;
    const { objects, verdicts, carried, begin, decode } = found;
    this.reached = features.reached ?? null;
    const { x, y } = cellsPerPixel(encoded);
    return {
      frame,
      objects,
      verdicts,
      points: carried?.points ?? [],
      cut: this.cut,
      time: this.time,
      state: this.state(),
      decode,
      correct: refuseCorrection,
      grid: this.open.grid,
      toPixels: (place) => ({ x: place.x / x, y: place.y / y }),
      seconds: { read, encode, match: (performance.now() - begin) / 1000 },
    };
  }
}

const withIds = (things: readonly ThingTrack[]): { id: number; cells: readonly number[] }[] =>
  things.flatMap(({ id, cells }) => (id === null ? [] : [{ id, cells }]));

/** How sure it is: how much its cells look like a thing. */
function verdictOf({ missing, cells }: ThingTrack, score: Float32Array): ObjectVerdict {
  if (missing > 0 || cells.length === 0) return { confidence: 0, visible: false, signals: undefined };
  const share = cells.reduce((sum, cell) => sum + (1 + Math.max(0, score[cell])) / 2, 0) / cells.length;
  return { confidence: share, visible: true, signals: undefined };
}

/** Cells of some objects by id. */
function exampleCells(
  mask: LabelMap,
  ids: readonly number[],
  { input }: Pick<EncodedFrame, "input">,
  grid: CellGrid,
): Map<number, number[]> {
  const out = new Map(ids.map((id): [number, number[]] => [id, []]));
  if (ids.length === 0) return out;
  const weights = encodeLabels(resizeLabels(mask, input.width, input.height), [0, ...ids], grid, "area");
  const columns = ids.length + 1;
  for (let cell = 0; cell * columns < weights.length; cell++)
    for (const [i, id] of ids.entries()) if (weights[cell * columns + 1 + i] >= HALF) out.get(id)?.push(cell);
  return out;
}

/** The usual number of cells. @throws UserError `arrivals/example` */
function requireExamples(cells: ReadonlyMap<number, readonly number[]>): number {
  const sizes = [...cells.values()].map(({ length }) => length);
  if (sizes.length > 0 && sizes.every((size) => size >= LEAST_EXAMPLE)) return median(sizes);
  const small = [...cells].find(([, { length }]) => length < LEAST_EXAMPLE);
  throw new UserError("arrivals/example", {
    what: "the labelled frame has no example that things which come in could be compared with",
    got: small === undefined ? "no object of this name in it" : `object ${small[0]} of ${small[1].length} cells`,
    expected: `one of at least ${LEAST_EXAMPLE} cells`,
    todo: "label a whole thing, or track at a larger size with --short-side",
  });
}

/** What moves around something that moves (its shadow, the ground beside it) is no other thing. */
function leaveOutAround(score: Float32Array, covered: ReadonlySet<number>, width: number): void {
  const moving = Uint8Array.from(score, (value) => Number(value > 0));
  for (const part of connectedParts(moving, width)) {
    const own = part.filter((cell) => covered.has(cell)).length;
    if (own >= COVERED * part.length) for (const cell of part) score[cell] = -1;
  }
}

/** `[cells, 2]`. */
function weightsOf(cells: ReadonlyMap<number, readonly number[]>, { width, height }: CellGrid): Float32Array {
  const out = Float32Array.from({ length: 2 * width * height }, (_, i) => 1 - (i % 2));
  for (const own of cells.values()) for (const cell of own) out.set([0, 1], 2 * cell);
  return out;
}

function refuseCorrection(): never {
  throw new UserError("tracking/correct", {
    what: "a frame cannot be corrected while things that come in are tracked",
    todo: "track without arrivals to correct frames",
  });
}
