/**
 * @file Things that come and go, frame by frame: what may be a thing becomes a track when it was there for some frames,
 * goes on where it is expected, is looked for while it cannot be seen, and ends. Ids are never used twice.
 *
 * All of it works on the cells of a frame: how much each cell looks like a thing, how its contents moved, and features.
 * 1. Every track is expected where the flow carried it; a thing that cannot be seen moves on as before, or as the others
 *    do where it did so (parts on a belt).
 * 2. The cells that look like a thing are claimed by the tracks that are expected there, seen ones first.
 * 3. What no track claims and is connected may be a thing. Tracks that are missing and what is new are paired by features
 *    and place (Hungarian assignment): a thing that comes back keeps its id.
 * 4. The rest are candidates; they get ids when they were seen often enough.
 */
import { assign } from "../../core/assignment.ts";
import { connectedParts } from "../../core/connectedParts.ts";
import { median } from "../../core/median.ts";
import type { Resumable } from "../../core/resumable.ts";
import type { FeatureMap, PictureSize } from "../../method/features.ts";
import type { Point } from "../../video/point.ts";
import { grown } from "../target/grown.ts";
import { splitPart } from "./splitParts.ts";
import { cellsAt, middleOf, nearEdge, shapeAt, type ThingShape } from "./thingShape.ts";

/** How the contents of a frame's cells moved since the frame before, cells; NaN where that is not known. */
export interface CellMoves {
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/** A frame. */
export interface ThingFrame {
  /** `[cells]`: above 0 where it looks like a thing, −1..1. */
  readonly score: Float32Array;
  readonly moves: CellMoves | undefined;
  /** Of unit length. */
  readonly features: FeatureMap;
}

/** When tracks begin and end. */
export interface LifeTimes {
  /** Frames in which a candidate has to be seen, until it gets an id. */
  readonly births: number;
  /** Frames without it after which a thing that left the picture has ended. */
  readonly deaths: number;
  /** Frames for which a thing that cannot be seen, but did not leave, keeps its id. */
  readonly away: number;
}

/** What is known of the things. */
export interface ThingKind extends LifeTimes {
  readonly grid: PictureSize;
  /** Cells that one thing has; undefined where things may have any size. */
  readonly usual: number | undefined;
  /** The first id for what comes. */
  readonly nextId: number;
}

/** A track, or what may become one. */
export interface ThingTrack {
  /** Null for a candidate. */
  readonly id: number | null;
  /** Where its middle is, cells. */
  readonly place: Point;
  /** Cells a frame. */
  readonly pace: Point;
  /** Whether it moves as others do. */
  readonly together: boolean;
  readonly shape: ThingShape;
  /** The most cells that it had lately. */
  readonly size: number;
  /** Mean of its cells, of unit length. */
  readonly look: Float32Array;
  /** Frames in which it was seen. */
  readonly seen: number;
  /** Frames since it was seen last, 0: now. */
  readonly missing: number;
  /** Its cells in the latest frame. */
  readonly cells: readonly number[];
}

/** All that passes from frame to frame. */
export interface ThingTracksState {
  readonly tracks: readonly ThingTrack[];
  readonly nextId: number;
}

/** Masks hold ids up to this one. */
export const MOST_IDS = 254;

/** What has less than this share of the usual cells is no candidate; */
const LEAST_CANDIDATE = 0.12;
/** and these are needed for an id: at the edge, where most of it may still be outside, and elsewhere. */
const LEAST_AT_EDGE = 0.25;
const LEAST_WITHIN = 0.5;
/** A thing is at the edge from so few cells away on. */
const EDGE = 1;
/** Cells a frame by which what leaves nears the edge. */
const LEAVING = 0.3;
/** Without a usual size: cells of a candidate, and of a thing. */
const LEAST_CELLS = [4, 8] as const;
/** Mean score of a candidate's cells for an id. */
const LEAST_SCORE = 0.15;
/** A track that claims less than this share of its size is not seen. */
const LEAST_SEEN = 0.1;
/** A form is taken over anew where it has at least this share of its size. */
const WHOLE = 0.9;
/** What comes in over the edge grows to this share of the usual size at most. */
const MOST_GROWTH = 1.3;
/** With this share of its size a thing is seen mostly. */
const MOSTLY = 0.7;
/** Middles of two parts of one thing are no farther apart, in square roots of the usual size. */
const JOIN = 1.3;
/** How fast the known size fades, for what really becomes smaller. */
const SIZE_KEPT = 0.997;
const LOOK_KEPT = 0.9;
/** Scores of cells that a thing keeps, and of those that it grows into or that are new, are higher. */
const STAYS = -0.4;
const COMES = 0.2;
/** What comes is so many cells away from what is there: the rims of things look a little like them. */
const RIM = 1;
/** Cells that a thing may grow in a frame. */
const GROWTH = 2;
/** Frames without a candidate after which it is forgotten. */
const PATIENCE = 2;
/** With less of its form in the picture a thing has left. */
const LEFT = 0.15;
/** Paces of things that move together differ by less than this share of the larger one. */
const ALIKE_PACE = 0.25;
/** How far from where it is expected a thing may come back: shares of its extent, and of the way it went meanwhile. */
const GATE = 1.2;
const GATE_OF_WAY = 0.5;
/** Cosine of the features below which it is another thing. */
const LEAST_LIKENESS = 0.5;
/** Two parts that together have less than this share of the usual size, close to one another, are one thing. */
const ONE_THING = 1.3;

/** The tracks of one clip. */
export class ThingTracks implements Resumable<ThingTracksState> {
  private readonly kind: ThingKind;
  private tracks: readonly ThingTrack[] = [];
  private nextId: number;

  constructor(kind: ThingKind) {
    this.kind = kind;
    this.nextId = kind.nextId;
  }

  /** Things with ids that have not ended, by id. */
  get things(): ThingTrack[] {
    return this.tracks.filter(({ id }) => id !== null).sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  }

  /** Tracks and candidates. */
  get all(): readonly ThingTrack[] {
    return this.tracks;
  }

  /** Whether masks have no more values for what comes. */
  get isFull(): boolean {
    return this.nextId > MOST_IDS;
  }

  state(): ThingTracksState {
    return { tracks: this.tracks, nextId: this.nextId };
  }

  resume({ tracks, nextId }: ThingTracksState): void {
    this.tracks = tracks;
    this.nextId = nextId;
  }

  /** Takes over things that are known. @param given their cells in the frame. */
  begin(frame: ThingFrame, given: ReadonlyMap<number, readonly number[]>): void {
    const known = [...given].filter(([, cells]) => cells.length > 0);
    this.tracks = known.map(([id, cells]) => ({ ...this.newTrack(frame, cells), id }));
  }

  /** The camera cut: nothing goes on. */
  cut(): void {
    this.tracks = [];
  }

  next(frame: ThingFrame): void {
    const expected = this.expected(frame);
    const claims = this.claims(frame, expected);
    const updated = expected.map((track, i) => this.updated(track, claims.byTrack[i], frame));
    const parts = this.parts(frame, claims.owner);
    const { tracks, rest } = this.foundAgain(updated, parts, frame);
    const fresh = rest.map((cells) => this.newTrack(frame, cells));
    this.tracks = this.promoted(this.joined([...tracks, ...fresh]), frame).filter((track) => !this.isOver(track));
  }

  private newTrack(frame: ThingFrame, cells: readonly number[]): ThingTrack {
    const { width } = this.kind.grid;
    const place = middleOf(cells, width);
    return {
      id: null,
      place,
      pace: paceOf(frame.moves, cells) ?? { x: 0, y: 0 },
      together: false,
      shape: shapeAt(cells, place, width),
      size: cells.length,
      look: lookOf(frame.features, cells),
      seen: 1,
      missing: 0,
      cells,
    };
  }

  /** Every track where the frame should have it. */
  private expected({ moves, score }: ThingFrame): ThingTrack[] {
    const { grid } = this.kind;
    const guessed = this.tracks.map((track) => {
      const cells = cellsAt(track.shape, movedBy(track.place, track.pace), grid).filter((cell) => score[cell] > 0);
      const enough = cells.length > 2 * LEAST_SEEN * track.shape.across.length;
      return enough && track.missing <= 1 ? paceOf(moves, cells) : undefined;
    });
    const sure = guessed.filter((_, i) => this.tracks[i].id !== null && isWhole(this.tracks[i]));
    const common = commonPace(sure);
    return this.tracks.map((track, i) => {
      const guess = guessed[i];
      // Beside what hides a part of it the flow may be that of what hides it.
      const isSure = isWhole(track) || !track.together;
      const pace = (isSure ? guess : (common ?? guess)) ?? track.pace;
      const together = guess !== undefined && isSure ? common !== undefined && isAlike(guess, common) : track.together;
      return { ...track, pace, together, place: movedBy(track.place, pace) };
    });
  }

  /** Which track has which of the cells that look like a thing: seen tracks first, of several the nearest. */
  private claims({ score, features }: ThingFrame, tracks: readonly ThingTrack[]) {
    const { grid } = this.kind;
    const owner = new Int32Array(score.length).fill(-1);
    const rank = new Float64Array(score.length).fill(Infinity);
    for (const [i, track] of tracks.entries()) {
      const inside = cellsAt(track.shape, track.place, grid);
      const reach = 1 + Math.sqrt(track.size);
      const isSeen = track.missing <= 1;
      const level = isSeen ? 0 : 2;
      const claim = (cell: number, more: number): void => {
        const far = Math.hypot((cell % grid.width) - track.place.x, Math.floor(cell / grid.width) - track.place.y);
        const value = level + more + Math.min(0.99, far / reach / 2);
        if (score[cell] <= (more === 0 ? STAYS : COMES) || value >= rank[cell]) return;
        [owner[cell], rank[cell]] = [i, value];
      };
      for (const cell of inside) claim(cell, 0);
      if (isSeen) for (const cell of this.around(track, inside)) claim(cell, 1);
    }
    const byTrack = tracks.map((): number[] => []);
    for (const [cell, i] of owner.entries()) if (i >= 0) byTrack[i].push(cell);
    for (const [i, track] of tracks.entries()) {
      this.limit(track, byTrack[i], owner);
      const isOther = track.missing > 0 && dot(track.look, lookOf(features, byTrack[i])) < LEAST_LIKENESS;
      if (isOther) for (const cell of byTrack[i].splice(0)) owner[cell] = -1;
    }
    return { owner, byTrack };
  }

  /** Cells next to a form that it may grow into: over the edge as far as it moves, elsewhere a little. */
  private around(track: ThingTrack, inside: readonly number[]): number[] {
    const { grid } = this.kind;
    const way = Math.ceil(Math.hypot(track.pace.x, track.pace.y));
    const by = nearEdge(inside, grid, way + 1) ? Math.max(GROWTH, way + 1) : GROWTH;
    const marked = new Uint8Array(grid.width * grid.height);
    for (const cell of inside) marked[cell] = 1;
    return [...grown(marked, grid, by).entries()].flatMap(([cell, is]) =>
      is === 1 && marked[cell] === 0 ? [cell] : [],
    );
  }

  /** What comes in over the edge has no more cells than a thing has: the farthest ones may be the next one's. */
  private limit({ place, size }: ThingTrack, cells: number[], owner: Int32Array): void {
    const { usual, grid } = this.kind;
    if (usual === undefined) return;
    const most = Math.round(Math.max(MOST_GROWTH * usual, size));
    if (cells.length <= most) return;
    const far = (cell: number): number =>
      Math.hypot((cell % grid.width) - place.x, Math.floor(cell / grid.width) - place.y);
    cells.sort((a, b) => far(a) - far(b) || a - b);
    for (const cell of cells.splice(most)) owner[cell] = -1;
  }

  private updated(track: ThingTrack, cells: readonly number[], frame: ThingFrame): ThingTrack {
    const { grid } = this.kind;
    if (cells.length < Math.max(1, LEAST_SEEN * track.size)) return { ...track, cells: [], missing: track.missing + 1 };
    const size = Math.max(cells.length, SIZE_KEPT * track.size);
    const inside = cellsAt(track.shape, track.place, grid).length;
    const isAll = cells.length >= WHOLE * size && inside === track.shape.across.length;
    const seen = { ...track, cells, size, seen: track.seen + 1, missing: 0 };
    if (!isAll) return seen;
    const place = middleOf(cells, grid.width);
    const look = mixed(track.look, lookOf(frame.features, cells), track.seen === 1 ? 0 : LOOK_KEPT);
    return { ...seen, place, shape: shapeAt(cells, place, grid.width), look };
  }

  /** Connected cells that look like a thing and that no track claims. */
  private parts({ score }: ThingFrame, owner: Int32Array): (readonly number[])[] {
    const { usual, grid } = this.kind;
    const claimed = grown(
      Uint8Array.from(owner, (one) => Number(one >= 0)),
      grid,
      RIM,
    );
    const marked = Uint8Array.from(score, (value, cell) => Number(value > COMES && claimed[cell] === 0));
    const least = usual === undefined ? LEAST_CELLS[0] : LEAST_CANDIDATE * usual;
    const parts = connectedParts(marked, grid.width).filter((part) => part.length >= least);
    return usual === undefined ? parts : parts.flatMap((part) => splitPart(part, grid.width, usual));
  }

  /** Tracks that are missing and parts that nobody claimed, paired. */
  private foundAgain(tracks: readonly ThingTrack[], parts: readonly (readonly number[])[], frame: ThingFrame) {
    const missing = tracks.flatMap((track, i) => (track.missing > 0 ? [i] : []));
    const looks = parts.map((part) => lookOf(frame.features, part));
    const gains = missing.flatMap((i) => parts.map((part, j) => this.gain(tracks[i], part, looks[j])));
    const pairs = assign({ rows: missing.length, columns: parts.length, gains }).filter(
      ([row, column]) => gains[row * parts.length + column] > 0,
    );
    const partOf = new Map(pairs.map(([row, column]) => [missing[row], column]));
    const taken = new Set(partOf.values());
    return {
      tracks: tracks.map((track, i) => {
        const part = partOf.get(i);
        return part === undefined ? track : this.resumed(track, parts[part], frame);
      }),
      rest: parts.filter((_, j) => !taken.has(j)),
    };
  }

  /** How well a part continues a track that is missing; 0 = not at all. */
  private gain(track: ThingTrack, part: readonly number[], look: Float32Array): number {
    const { width } = this.kind.grid;
    const likeness = dot(track.look, look);
    const { x, y } = middleOf(part, width);
    const far = Math.hypot(x - track.place.x, y - track.place.y);
    const way = track.missing * Math.hypot(track.pace.x, track.pace.y);
    const gate = GATE * Math.sqrt(track.size) + GATE_OF_WAY * way;
    return likeness < LEAST_LIKENESS || far >= gate ? 0 : likeness * (1 - far / gate);
  }

  private resumed(track: ThingTrack, cells: readonly number[], frame: ThingFrame): ThingTrack {
    const fresh = this.newTrack(frame, cells);
    const isAll = cells.length >= WHOLE * track.size;
    // A part of it only says where it is.
    const own = isAll ? fresh : { ...fresh, shape: track.shape, place: track.place, size: track.size };
    return { ...own, id: track.id, seen: track.seen + 1, look: track.look, together: track.together };
  }

  /** A candidate that makes one thing together with what is beside it becomes a part of that. */
  private joined(tracks: readonly ThingTrack[]): ThingTrack[] {
    const { usual, grid } = this.kind;
    if (usual === undefined) return [...tracks];
    const out = [...tracks];
    for (let i = out.length - 1; i >= 0; i--) {
      const one = out[i];
      if (one.id !== null || one.missing > 0) continue;
      const beside = this.around(one, one.cells);
      const near = new Set([...beside, ...one.cells]);
      const j = out.findIndex((other, k) => {
        const fits = k !== i && other.missing === 0 && (other.id !== null || k < i);
        const room = (isWhole(other) ? other.size : other.cells.length) + one.cells.length <= ONE_THING * usual;
        const far = Math.hypot(one.place.x - other.place.x, one.place.y - other.place.y);
        return fits && room && far < JOIN * Math.sqrt(usual) && other.cells.some((cell) => near.has(cell));
      });
      if (j < 0) continue;
      const cells = [...out[j].cells, ...one.cells];
      const place = middleOf(cells, grid.width);
      out[j] = { ...out[j], cells, place, shape: shapeAt(cells, place, grid.width), size: cells.length };
      out.splice(i, 1);
    }
    return out;
  }

  /** Candidates that were seen often enough get ids, in order of their places. */
  private promoted(tracks: readonly ThingTrack[], { score }: ThingFrame): ThingTrack[] {
    const { births, usual, grid } = this.kind;
    return tracks.map((track) => {
      const { id, seen, missing, cells } = track;
      const share = nearEdge(cells, grid, EDGE) ? LEAST_AT_EDGE : LEAST_WITHIN;
      if (id === null && isLeaving(track, grid)) return track;
      const least = usual === undefined ? LEAST_CELLS[1] : share * usual;
      const isReady = id === null && missing === 0 && seen >= births && cells.length >= least && !this.isFull;
      if (!isReady || cells.reduce((sum, cell) => sum + score[cell], 0) < LEAST_SCORE * cells.length) return track;
      return { ...track, id: this.nextId++ };
    });
  }

  private isOver({ id, missing, place, shape }: ThingTrack): boolean {
    const { deaths, away, grid } = this.kind;
    if (id === null) return missing > PATIENCE;
    const hasLeft = cellsAt(shape, place, grid).length < LEFT * shape.across.length;
    return missing >= (hasLeft ? deaths : Math.max(deaths, away));
  }
}

/** Whether it nears an edge that it is close to: what leaves did not just come in. */
function isLeaving({ place, pace, cells }: ThingTrack, grid: PictureSize): boolean {
  const toEdge = ({ x, y }: Point): number => Math.min(x, y, grid.width - 1 - x, grid.height - 1 - y);
  return nearEdge(cells, grid, EDGE) && toEdge(movedBy(place, pace)) < toEdge(place) - LEAVING;
}

/** Whether most of it was seen in the latest frame. */
const isWhole = ({ cells, size }: ThingTrack): boolean => cells.length >= MOSTLY * size;

const movedBy = (place: Point, by: Point): Point => ({ x: place.x + by.x, y: place.y + by.y });

/** The median way of some cells' contents since the frame before; undefined where too little is known. */
export function paceOf(moves: CellMoves | undefined, cells: readonly number[]): Point | undefined {
  if (moves === undefined) return undefined;
  const known = cells.filter((cell) => !Number.isNaN(moves.dx[cell]));
  if (known.length < 1 || 4 * known.length < cells.length) return undefined;
  return { x: median(known.map((cell) => moves.dx[cell])), y: median(known.map((cell) => moves.dy[cell])) };
}

/** The median pace of several things; undefined without any. */
function commonPace(paces: readonly (Point | undefined)[]): Point | undefined {
  const known = paces.filter((pace) => pace !== undefined);
  if (known.length === 0) return undefined;
  return { x: median(known.map(({ x }) => x)), y: median(known.map(({ y }) => y)) };
}

function isAlike(a: Point, b: Point): boolean {
  const larger = Math.max(Math.hypot(a.x, a.y), Math.hypot(b.x, b.y));
  return Math.hypot(a.x - b.x, a.y - b.y) <= Math.max(0.25, ALIKE_PACE * larger);
}

/** The mean feature of some cells, of unit length. */
function lookOf({ channels, width, height, data }: FeatureMap, cells: readonly number[]): Float32Array {
  const out = new Float32Array(channels);
  for (let c = 0, plane = 0; c < channels; c++, plane += width * height)
    for (const cell of cells) out[c] += data[plane + cell];
  return unit(out);
}

function mixed(before: Float32Array, now: Float32Array, kept: number): Float32Array {
  return unit(before.map((value, c) => kept * value + (1 - kept) * now[c]));
}

function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values)) || 1;
  return values.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
