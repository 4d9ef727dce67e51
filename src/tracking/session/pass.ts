/**
 * @file One pass: from a frame whose labels are known, on or back through the frames beside it. It can stop after any frame and go on
 * later with exactly the same results: the frames in its memory are encoded again, their cells are given back to it.
 */
import { internal } from "../../core/errors.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { FeatureExtractor } from "../../method/features.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import type { Point } from "../../video/point.ts";
import { reversedFrames } from "../../video/reversedFrames.ts";
import { changed } from "../../video/videoErrors.ts";
import { type EncodedFrame, encodedFrames } from "../encodedFrames.ts";
import { FrameMatcher } from "../frameMatcher.ts";
import type { DecodedLabels } from "../labelCells.ts";
import type { MatcherKeeper } from "../matcherKeeper.ts";
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
  /** The mask of this frame's cells, or of others in their place; entry 0 of the confidence is the background's. */
  readonly decode: (cells?: Float32Array) => DecodedLabels;
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
  const isFresh = (frame: Frame): boolean => stretches.some(({ first }) => first === timeOf(frame));
  let pass: Pass | undefined;
  let last = done;
  try {
    for await (const encoded of encodedFrames(framesOf(source, route, stretches), {
      encoder,
      protocol,
      mode,
      isFresh,
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
  private readonly matcher: FrameMatcher;
  private readonly reader: HeatMapReader | undefined;

  private constructor(protocol: Protocol, alive: Alive, matcher: FrameMatcher, reader: HeatMapReader | undefined) {
    this.protocol = protocol;
    this.alive = alive;
    this.ids = [0, ...alive.objects];
    this.matcher = matcher;
    this.reader = reader;
  }

  static async begin(
    { protocol, mode, encoder, threads, keeper, logger = silent }: PassSettings,
    alive: Alive,
    start: PassStart,
    encoded: EncodedFrame,
  ): Promise<Pass> {
    const columns = 1 + alive.objects.length + alive.points.length;
    const { stride } = encoder;
    const matcher = await FrameMatcher.open({ protocol, mode, stride, columns, threads, keeper }, encoded);
    const { x, y } = matcher.cellsPerPixel;
    const places = start.points.map((point) => ({ x: point.x * x, y: point.y * y }));
    const reader = places.length === 0 ? undefined : new HeatMapReader(encoded.features, places);
    const pass = new Pass(protocol, alive, matcher, reader);
    await matcher.begin(encoded, pass.joined(start.mask, places));
    const what = `${alive.objects.length} object(s)${places.length > 0 ? ` and ${places.length} point(s)` : ""}`;
    logger.info(`tracking ${what} from frame ${encoded.frame.name} at ${matcher.describe(encoded.features.channels)}`);
    return pass;
  }

  /** A frame that was done before. */
  async restore(time: number, { features }: EncodedFrame, saved: SavedCells | undefined): Promise<void> {
    if (saved === undefined) throw internal(`the cells of time ${time} are not there`);
    await this.matcher.restore(time, features.data, saved.cells);
    if (saved.points !== null) this.reader?.restore(features, saved.points);
    if (saved.position !== null) this.matcher.goOnFrom(saved.position);
  }

  async next(time: number, encoded: EncodedFrame): Promise<PassFrame> {
    const { frame, features, read, encode } = encoded;
    const begin = performance.now();
    const cells = await this.matcher.next(encoded);
    const found = this.reader?.next(features, cells) ?? [];
    if (this.protocol.labels === "hard") this.harden(cells, frame);
    const saved = { cells: cells.slice(), position: this.matcher.position, points: this.reader?.read ?? null };
    const { x, y } = this.matcher.cellsPerPixel;
    const toPixels = (place: Point): Point => ({ x: place.x / x, y: place.y / y });
    return {
      frame,
      time,
      saved,
      decode: (other = saved.cells) => this.matcher.decode(this.objectCells(other), this.ids, frame),
      points: found.map(({ place, confidence }, i) =>
        inPixels(this.alive.points[i], toPixels(place), confidence, frame),
      ),
      toPixels,
      grid: this.matcher.grid,
      seconds: { read, encode, match: (performance.now() - begin) / 1000 },
    };
  }

  close(): Promise<void> {
    return this.matcher.close();
  }

  /** `[height, width, columns]` of a mask and of points in cells. */
  private joined(mask: LabelMap, places: readonly Point[]): Float32Array {
    const objects = this.matcher.encode(mask, this.ids);
    if (places.length === 0) return objects;
    const { columns, grid } = this.matcher;
    const maps = drawHeatMaps(places, grid);
    const out = new Float32Array(grid.height * grid.width * columns);
    for (let cell = 0; cell < grid.height * grid.width; cell++) {
      out.set(objects.subarray(cell * this.ids.length, (cell + 1) * this.ids.length), cell * columns);
      out.set(maps.subarray(cell * places.length, (cell + 1) * places.length), cell * columns + this.ids.length);
    }
    return out;
  }

  /** `[height, width, ids]` */
  private objectCells(cells: Float32Array): Float32Array {
    return firstColumns(cells, this.matcher.columns, this.ids.length);
  }

  /** Objects' cells become those of the mask that they make. */
  private harden(cells: Float32Array, frame: Frame): void {
    const { columns } = this.matcher;
    const { labels } = this.matcher.decode(this.objectCells(cells), this.ids, frame);
    const objects = this.matcher.encode(labels, this.ids);
    for (let cell = 0; cell * columns < cells.length; cell++)
      cells.set(objects.subarray(cell * this.ids.length, (cell + 1) * this.ids.length), cell * columns);
  }
}

/** The first `count` of all columns. */
export function firstColumns(cells: Float32Array, columns: number, count: number): Float32Array {
  if (count === columns) return cells;
  const out = new Float32Array((cells.length / columns) * count);
  for (let cell = 0; cell * count < out.length; cell++)
    out.set(cells.subarray(cell * columns, cell * columns + count), cell * count);
  return out;
}
