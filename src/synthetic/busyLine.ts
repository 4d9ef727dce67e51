/**
 * @file A rendered line on which things keep coming: many parts in two lanes, alike and touching, that come in and leave
 * under a gantry, on a belt that stops now and then; with the exact truth.
 */
import { UserError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { NoiseField } from "./noise.ts";
import { checkOptions, type LabelledFrame, labelledFrame } from "./productionLine.ts";
import { Renderer } from "./renderer.ts";
import { makePart, makeSurroundings, type Outline, PART_KINDS, type PartKind } from "./scene.ts";
import type { Solid } from "./solids.ts";

/** Settings of `busyLine`. */
export interface BusyLineOptions {
  /** Pixels, at least 32. Default 480. */
  readonly width?: number;
  /** Pixels, at least 32. Default 272. */
  readonly height?: number;
  /** How many parts come, 1 to 254; default 50. */
  readonly parts?: number;
  /** Which kinds there are; default all. With one kind all parts look alike but for their texture. */
  readonly kinds?: readonly PartKind[];
  /** Share of the parts that touch the one before them in their lane, 0..1; default 0.15. */
  readonly touching?: number;
  /** How often the belt stops, for a second each time; default 2. */
  readonly stops?: number;
  /** Whether a gantry hides what passes beneath; default true. */
  readonly gantry?: boolean;
  /** Frames per second; default 24. */
  readonly fps?: number;
  /** Of the belt while it runs, cm/s; default 29. The picture shows about 60 cm. */
  readonly speedCmPerSec?: number;
  /** Determines everything random; default 1. */
  readonly seed?: number;
}

/** A part. */
export interface BusyPart {
  /** Its value in the labels; ids count from 1, in the order in which the parts come. */
  readonly id: number;
  readonly kind: PartKind;
  /** 0: the lane farther from the camera; 1: the nearer one. */
  readonly lane: 0 | 1;
  /** Whether it touches the part before it in its lane. */
  readonly touches: boolean;
  /** First and last frame in which any of it may be in the picture. */
  readonly frames: readonly [first: number, last: number];
}

/** A clip that has been planned, not rendered yet. */
export interface BusyLine {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** In order of their ids. */
  readonly parts: readonly BusyPart[];
  /** The parts where they lie before the belt moves. */
  readonly placed: readonly PlacedPart[];
  /** How far the belt has moved in each frame, cm: the clip's length. */
  readonly beltMoved: readonly number[];
  /** Renders the clip frame by frame; the same options always give the same bytes. */
  render(): Generator<LabelledFrame, void, void>;
}

/** Where the picture surely ends along the belt, with a part's reach, cm from its middle. */
const OUT_OF_SIGHT = 44;
/** The middle of the lanes, cm. */
const LANES = [4.6, -5.2] as const;
/** Between the middles of parts that do not touch, cm. */
const APART = [11.5, 20] as const;
/** A stop: braking and starting take as long as standing. */
const STOP_SEC = 1;
const BRAKE_SEC = 0.25;

/** A part in its place: along the belt (its middle is 0, what lies upstream is negative) and across, cm, turned. */
export interface PlacedPart extends Omit<BusyPart, "frames" | "id"> {
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
}

/**
 * Plans a clip that begins with an empty belt and ends when the last part has left.
 * @throws UserError `synthetic/options`
 */
export function busyLine(options: BusyLineOptions = {}): BusyLine {
  const { width = 480, height = 272, parts: count = 50, stops = 2, gantry = true, fps = 24, seed = 1 } = options;
  const { kinds = Object.keys(PART_KINDS) as PartKind[], touching = 0.15, speedCmPerSec = 29 } = options;
  checkOptions({ width, height, parts: count });
  requireRange("number of parts", count, [1, 254]);
  requireRange("share of touching parts", touching, [0, 1]);
  requireRange("speed of the belt", speedCmPerSec, [1, 200]);
  requireRange("number of frames per second", fps, [1, 240]);
  requireRange("number of stops", stops, [0, 100]);
  if (kinds.length === 0)
    throw new UserError("synthetic/options", {
      what: "the rendered line has no kinds of parts",
      expected: "at least one",
    });
  const random = new Random(seed);
  const planned = plannedParts({ count, kinds, touching }, random);
  const way = 2 * OUT_OF_SIGHT + Math.max(...planned.map(({ x }) => -OUT_OF_SIGHT - x));
  const beltMoved = beltWay(way, { perFrame: speedCmPerSec / fps, stops, fps }, random);
  const parts = planned.map(({ x: _x, y: _y, angle: _angle, ...part }, i) => ({
    id: i + 1,
    ...part,
    frames: framesInSight(planned[i].x, beltMoved),
  }));
  const render = (): Generator<LabelledFrame, void, void> =>
    rendered({ width, height, fps, gantry }, planned, { parts, beltMoved }, new Random(seed + 1));
  return { width, height, fps, parts, placed: planned, beltMoved, render };
}

function requireRange(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (value >= least && value <= most) return;
  throw new UserError("synthetic/options", {
    what: `the ${name} of the rendered line`,
    got: String(value),
    expected: `${least} to ${most}`,
  });
}

/** Parts in order of their arrival, upstream of the picture. */
function plannedParts(
  { count, kinds, touching }: { count: number; kinds: readonly PartKind[]; touching: number },
  random: Random,
): PlacedPart[] {
  const last: (PlacedPart | undefined)[] = [undefined, undefined];
  const all = Array.from({ length: count }, () => {
    const lane = random.chance(0.5) ? 0 : 1;
    const before = last[lane];
    const touches = before !== undefined && random.chance(touching);
    const kind = random.choose(kinds);
    const angle = random.uniform(-0.5, 0.5);
    const y = LANES[lane] + random.uniform(-0.4, 0.4);
    const gap = random.uniform(...APART);
    const start = (before?.x ?? -OUT_OF_SIGHT) - (before === undefined ? random.uniform(0, 12) : gap);
    const part = { kind, lane, touches, y, angle, x: start } as const;
    const placed = touches ? { ...part, x: beside(before, part) } : part;
    last[lane] = placed;
    return placed;
  });
  return all.toSorted((a, b) => b.x - a.x);
}

/** How exactly parts touch, cm. */
const CLOSENESS = 0.05;
const SAMPLE = 0.15;

/** Where a part upstream of another one touches it. */
function beside(before: PlacedPart, part: PlacedPart): number {
  let [near, far] = [0, PART_KINDS[before.kind].outline.radius + PART_KINDS[part.kind].outline.radius];
  while (far - near > CLOSENESS) {
    const middle = (near + far) / 2;
    if (overlap(before, { ...part, x: before.x - middle })) near = middle;
    else far = middle;
  }
  return before.x - far;
}

/** Whether two parts share any place. */
export function overlap(one: Placed, other: Placed): boolean {
  const reach = PART_KINDS[other.kind].outline.radius;
  for (let dx = -reach; dx <= reach; dx += SAMPLE)
    for (let dy = -reach; dy <= reach; dy += SAMPLE)
      if (covers(other, other.x + dx, other.y + dy) && covers(one, other.x + dx, other.y + dy)) return true;
  return false;
}

type Placed = Pick<PlacedPart, "kind" | "x" | "y" | "angle">;

function covers({ kind, x, y, angle }: Placed, atX: number, atY: number): boolean {
  const { shape }: Outline = PART_KINDS[kind].outline;
  const [dx, dy, cos, sin] = [atX - x, atY - y, Math.cos(angle), Math.sin(angle)];
  return shape(cos * dx + sin * dy, cos * dy - sin * dx) < 0;
}

/** How far the belt has moved in each frame until it has gone all the way. */
function beltWay(
  way: number,
  { perFrame, stops, fps }: { perFrame: number; stops: number; fps: number },
  random: Random,
): number[] {
  const running = Math.ceil(way / perFrame);
  const [stand, brake] = [Math.round(STOP_SEC * fps), Math.max(1, Math.round(BRAKE_SEC * fps))];
  // A stop for each piece of the clip, so that they do not meet.
  const begins = Array.from({ length: stops }, (_, i) =>
    Math.floor(((i + random.uniform(0.3, 0.7)) * running) / stops),
  );
  const speeds = Array.from({ length: running + stops * (stand + 2 * brake) }, () => perFrame);
  for (const [i, begin] of begins.entries()) {
    const from = begin + i * (stand + 2 * brake);
    for (let k = 0; k < stand + 2 * brake && from + k < speeds.length; k++) {
      const edge = Math.min(k + 1, stand + 2 * brake - k);
      speeds[from + k] = perFrame * Math.max(0, 1 - edge / brake);
    }
  }
  let moved = 0;
  const places = [0];
  for (const speed of speeds) if (moved < way) places.push((moved += speed));
  return places;
}

function framesInSight(x: number, beltMoved: readonly number[]): readonly [number, number] {
  const inSight = (moved: number): boolean => Math.abs(x + moved) <= OUT_OF_SIGHT;
  return [beltMoved.findIndex(inSight), beltMoved.findLastIndex(inSight)];
}

function* rendered(
  { width, height, fps, gantry }: { width: number; height: number; fps: number; gantry: boolean },
  planned: readonly PlacedPart[],
  { parts, beltMoved }: Pick<BusyLine, "parts" | "beltMoved">,
  random: Random,
): Generator<LabelledFrame, void, void> {
  let solids: readonly Solid[] = [];
  const renderer = new Renderer(width, height, random, (noise: NoiseField) => {
    solids = planned.map(({ kind }, i) => makePart(kind, i + 1, noise, random));
    const { belt, fixed } = makeSurroundings(noise);
    return { belt, fixed: gantry ? fixed : fixed.filter(({ bottom }) => bottom < 0) };
  });
  for (const [index, moved] of beltMoved.entries()) {
    const here = planned.flatMap(({ x, y, angle }, i) => {
      const [first, last] = parts[i].frames;
      if (index < first || index > last) return [];
      solids[i].place(x + moved, y, angle);
      return [solids[i]];
    });
    yield labelledFrame({ index, fps, width, height }, renderer.render(index, moved, here));
  }
}
