/**
 * @file One pass: from a frame whose labels are known, on or back through the frames beside it. It can stop after any frame and go on
 * later with exactly the same results: the frames in its memory are encoded again, their cells are given back to it.
 */
import { internal } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { EncoderStart, FeatureExtractor } from "../../method/features.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { Point } from "../../video/point.ts";
import { reversedFrames } from "../../video/reversedFrames.ts";
import { changed } from "../../video/videoErrors.ts";
import { firstColumns, setFirstColumns } from "../matching/cellColumns.ts";
import type { ObjectVerdict } from "../confidence/objectJudge.ts";
import { type EncodedFrame, encodedFrames } from "../encodedFrames.ts";
import type { FrameMatcher } from "../matching/frameMatcher.ts";
import { JudgedMatcher } from "../matching/judgedMatcher.ts";
import type { DecodedLabels } from "../masks/labelCells.ts";
import type { MatcherKeeper } from "../matching/matcherKeeper.ts";
import { type Mode, underMode } from "../modes.ts";
import { drawHeatMaps } from "../points/heatMaps.ts";
import { HeatMapReader } from "../points/heatMapReader.ts";
import { FRAMES_KEPT } from "../points/pointAgreement.ts";
import { inPixels, type TrackedPoint } from "../points/trackPoints.ts";
import { lastingFrames, type Protocol, recentDistances } from "../protocols.ts";
import type { Alive, Step } from "./plan.ts";
import type { SavedCells } from "./savedCells.ts";

/** How all passes of a session are tracked. */
export interface PassSettings {
  readonly source: FrameSource;
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  readonly mode: Mode;
  /** Worker threads for matching; default the available cores. */
  readonly threads?: number | undefined;
  readonly keeper: MatcherKeeper;
  readonly logger?: Logger;
}

/** Where a pass goes and what it carries. */
export interface PassRoute {
  readonly from: number;
  readonly step: Step;
  /** Frames after `from`. */
  readonly count: number;
  readonly alive: Alive;
}

/** What is known of the frame that a pass begins with. */
export interface PassStart {
  /** With objects of `alive` only. */
  readonly mask: LabelMap;
  /** In the order of `alive.points`, pixels. */
  readonly points: readonly Point[];
}

/** Where an earlier part of the pass stopped. */
export interface PassResume {
  /** Frames after the first that are done, 1 or more. */
  readonly time: number;
  /** Of the frames that `keptTimes` names. */
  readonly saved: (time: number) => SavedCells;
}

/** A frame that was tracked. */
export interface PassFrame {
  readonly frame: Frame;
  /** Frames since the first. */
  readonly time: number;
  readonly saved: SavedCells;
  /** The mask of this frame's cells, or of others in their place. */
  readonly decode: (cells?: Float32Array) => DecodedLabels;
  /** In the order of `alive.objects`. */
  readonly verdicts: readonly ObjectVerdict[];
  /** The camera cuts between this frame and the one before it in the pass. */
  readonly cut: boolean;
  /** In the order of `alive.points`. */
  readonly points: readonly TrackedPoint[];
  /** A place in cells, in pixels of the frame. */
  readonly toPixels: (place: Point) => Point;
  /** Cells. */
  readonly grid: { readonly width: number; readonly height: number };
  /** See `TrackedFrame.seconds`. */
  readonly seconds: { readonly read: number; readonly encode: number; readonly match: number };
}

/** How far back the frames lie that a pass may need again: for its memory, and to see which points were visible. */
export function keptFrames(protocol: Protocol, alive: Alive): number {
  return Math.max(1, ...recentDistances(protocol), alive.points.length > 0 ? FRAMES_KEPT : 0);
}

/** Times after the first that a pass needs to go on after `time`, ascending. */
export function keptTimes(protocol: Protocol, alive: Alive, time: number): number[] {
  const kept = keptFrames(protocol, alive);
  const recent = Array.from({ length: kept }, (_, i) => time - i).filter((t) => t > 0);
  const lasting = lastingFrames(protocol).filter((t) => t > 0 && t <= time);
  return [...new Set([...recent, ...lasting])].sort((a, b) => a - b);
}

/** Frames that are looked back on to see what moves: encoded again, but not used. */
const LOOK_BACK = 2;

/**
 * The frames after the first (or after those that are done), one at a time.
 * @throws UserError `tracking/memory`, `tracking/frame-size`, `video/changed` when the clip ends too early
 */
export async function* runPass(
  settings: PassSettings,
  route: PassRoute,
  start: PassStart,
  resume?: PassResume,
): AsyncGenerator<PassFrame, void, void> {
  const { source, encoder, mode } = settings;
  const protocol = underMode(settings.protocol, mode);
  const timeOf = (frame: Frame): number => route.step * (frame.index - route.from);
  const done = resume?.time ?? 0;
  const restored = new Set(resume === undefined ? [] : keptTimes(protocol, route.alive, done));
  const stretches = stretchesOf([0, ...restored, ...(done < route.count ? [done + 1] : [])], route.count);
  const jump = (frame: Frame): EncoderStart | undefined => {
    const count = timeOf(frame);
    if (count === 0 || !stretches.some(({ first }) => first === count)) return undefined;
    const kept = [...restored].find((time) => time >= count);
    return { count, reached: (kept === undefined ? null : resume?.saved(kept).reached) ?? null };
  };
  let pass: Pass | undefined;
  let last = done;
  try {
    for await (const encoded of encodedFrames(framesOf(source, route, stretches), {
      encoder,
      protocol,
      mode,
      jump,
    })) {
      const time = timeOf(encoded.frame);
      if (time === 0) pass = await Pass.begin({ ...settings, protocol }, route.alive, start, encoded);
      else if (pass === undefined) throw internal("a pass without its first frame");
      else if (restored.has(time)) await pass.restore(time, encoded, resume?.saved(time));
      else if (time > done) yield await pass.next((last = time), encoded);
    }
  } finally {
    await pass?.close();
  }
  if (last < route.count) throw changed(source.path);
}

/** Frames of a pass that follow one another, times inclusive. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The times wanted, each with those looked back on before it, as stretches; the last goes on to the end. */
function stretchesOf(wanted: readonly number[], end: number): Stretch[] {
  const out: { first: number; last: number }[] = [];
  for (const time of wanted) {
    const first = Math.max(0, time - LOOK_BACK);
    const before = out.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = time;
    else out.push({ first, last: time });
  }
  const last = out.at(-1);
  if (last !== undefined && wanted.length > 1) last.last = end;
  return out;
}

/** Frames of a pass by their times, in its order. */
export async function* framesOf(
  source: FrameSource,
  { from, step }: Pick<PassRoute, "from" | "step">,
  stretches: readonly Stretch[],
): AsyncGenerator<Frame, void, void> {
  for (const { first, last } of stretches) {
    if (step === 1) yield* source.frames({ start: from + first, end: from + last + 1 });
    else yield* reversedFrames(source, { start: from - last, end: from - first + 1 });
  }
}

/** The matcher of a pass, with its columns told apart: background, objects, points. */
class Pass {
  private readonly protocol: Protocol;
  private readonly alive: Alive;
  private readonly ids: readonly number[];
  private readonly source: FrameSource;
  private readonly judged: JudgedMatcher;
  private readonly reader: HeatMapReader | undefined;

  private constructor(
    { protocol, source }: PassSettings,
    alive: Alive,
    judged: JudgedMatcher,
    reader: HeatMapReader | undefined,
  ) {
    this.protocol = protocol;
    this.source = source;
    this.alive = alive;
    this.ids = idsOf(alive);
    this.judged = judged;
    this.reader = reader;
  }

  static async begin(settings: PassSettings, alive: Alive, start: PassStart, encoded: EncodedFrame): Promise<Pass> {
    const { protocol, mode, encoder, threads, keeper, logger = silent } = settings;
    const ids = idsOf(alive);
    const columns = ids.length + alive.points.length;
    const { stride } = encoder;
    const options = { protocol, mode, stride, columns, labels: ids.length, threads, keeper, logger };
    let places: readonly Point[] = [];
    const judged = await JudgedMatcher.begin(options, encoded, (matcher) => {
      const { x, y } = matcher.cellsPerPixel;
      places = start.points.map((point) => ({ x: point.x * x, y: point.y * y }));
      return joined(matcher, start.mask, ids, places);
    });
    const reader =
      places.length === 0 ? undefined : new HeatMapReader(encoded.features, places, protocol.visibility === "judged");
    const what = `${alive.objects.length} object(s)${places.length > 0 ? ` and ${places.length} point(s)` : ""}`;
    const matching = judged.matcher.describe(encoded.features.channels);
    logger.info(`tracking ${what} from frame ${encoded.frame.name} at ${matching}`);
    return new Pass(settings, alive, judged, reader);
  }

  /** A frame that was done before. */
  async restore(time: number, encoded: EncodedFrame, saved: SavedCells | undefined): Promise<void> {
    if (saved === undefined) throw internal(`the cells of time ${time} are not there`);
    await this.judged.restore(time, encoded, saved, (index) => this.source.frame(index));
    if (saved.points !== null) this.reader?.restore(encoded.features, saved.points, saved.watch.cut);
  }

  async next(time: number, encoded: EncodedFrame): Promise<PassFrame> {
    const { frame, features, read, encode } = encoded;
    const begin = performance.now();
    const { matcher } = this.judged;
    const { cells, verdicts, cut } = await this.judged.next(encoded);
    const found = this.reader?.next(features, cells, cut) ?? [];
    if (this.protocol.labels === "hard") this.harden(cells, frame);
    const saved = { ...this.judged.save(), points: this.reader?.read ?? null, reached: features.reached ?? null };
    const { x, y } = matcher.cellsPerPixel;
    const toPixels = (place: Point): Point => ({ x: place.x / x, y: place.y / y });
    return {
      frame,
      time,
      saved,
      decode: (other = saved.cells) => matcher.decode(this.objectCells(other), this.ids, frame),
      verdicts,
      cut,
      points: found.map(({ place, signals }, i) => inPixels(this.alive.points[i], toPixels(place), signals, frame)),
      toPixels,
      grid: matcher.grid,
      seconds: { read, encode, match: (performance.now() - begin) / 1000 },
    };
  }

  close(): Promise<void> {
    return this.judged.close();
  }

  /** `[height, width, ids]` */
  private objectCells(cells: Float32Array): Float32Array {
    return firstColumns(cells, this.judged.matcher.columns, this.ids.length);
  }

  /** Objects' cells become those of the mask that they make. */
  private harden(cells: Float32Array, frame: Frame): void {
    const { matcher } = this.judged;
    const { labels } = matcher.decode(this.objectCells(cells), this.ids, frame);
    setFirstColumns(cells, matcher.columns, matcher.encode(labels, this.ids), this.ids.length);
  }
}

/** Of the columns. */
const idsOf = ({ objects }: Alive): number[] => [0, ...objects];

/** `[height, width, columns]` of a mask and of points in cells. */
function joined(matcher: FrameMatcher, mask: LabelMap, ids: readonly number[], places: readonly Point[]): Float32Array {
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
