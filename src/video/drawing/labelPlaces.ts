/**
 * @file Where names go in an overlay: near what they name, clear of one another and of the dots, and in the same
 * place from frame to frame as long as it is free, so that nothing flickers.
 */
import type { Box } from "../box.ts";
import type { Point } from "../point.ts";

/** A name to place. */
export interface PlacedName {
  /** Key under which the place is remembered. */
  readonly key: string;
  /** What it names, pixels: a box, or the square around a dot. */
  readonly target: Box;
  /** No name may cover a dot; a large box may carry its name inside. */
  readonly isDot: boolean;
  /** Size of the name with its plate, whole pixels. */
  readonly width: number;
  readonly height: number;
}

/** With more names than this, only the places right beside the targets are tried. */
const MANY = 60;

/** Distances from the target to try, in heights of a name. */
const DISTANCES = [0, 1, 2, 3, 4.5, 6];

/**
 * Sides to try, as steps from the target's centre: above, right, left, below, the corners, and last (boxes only) the
 * centre.
 */
const SIDES: readonly (readonly [number, number])[] = [
  [0, -1],
  [1, 0],
  [-1, 0],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
  [0, 0],
];
const MIDDLE = SIDES.length - 1;

/** Remembers each name's place. */
export class LabelPlaces {
  private readonly last = new Map<string, number>();

  /**
   * Places names within a frame; targets are kept free.
   * @returns upper left corners in the order of the names, whole pixels; null where there is no room.
   */
  place(names: readonly PlacedName[], frame: { readonly width: number; readonly height: number }): (Point | null)[] {
    const taken: Box[] = names.filter(({ isDot }) => isDot).map(({ target }) => target);
    const count = SIDES.length * (names.length > MANY ? 1 : DISTANCES.length);
    const middle = meanMiddle(names);
    return names.map((name) => {
      const free = (choice: number): Box | undefined => {
        const box = candidate(name, choice, frame);
        return box !== undefined && taken.every((other) => !overlap(box, other)) ? box : undefined;
      };
      const order = [this.last.get(name.key) ?? 0, ...choices(name, middle, count)];
      const choice = order.find((one) => free(one) !== undefined);
      if (choice === undefined) {
        this.last.delete(name.key);
        return null;
      }
      this.last.set(name.key, choice);
      const [x, y, width, height] = candidate(name, choice, frame) as Box;
      taken.push([x, y, width, height]);
      return { x, y };
    });
  }
}

function meanMiddle(names: readonly PlacedName[]): Point {
  const middles = names.map(({ target }) => middleOf(target));
  const mean = (of: (point: Point) => number): number =>
    middles.reduce((sum, point) => sum + of(point), 0) / Math.max(1, middles.length);
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}

const middleOf = ([x, y, width, height]: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

/** Order of sides for a box: above it, then its centre, then the others. */
const BOX_SIDES = [0, MIDDLE, ...SIDES.keys()];

/** Near before far; for dots, first the sides that face away from the other names. */
function choices({ target, isDot }: PlacedName, middle: Point, count: number): number[] {
  const { x, y } = middleOf(target);
  const [ox, oy] = [Math.sign(x - middle.x), Math.sign(y - middle.y)];
  const outward = (side: number): number => 2 * SIDES[side][0] * ox + SIDES[side][1] * oy;
  const sides = isDot ? [...SIDES.keys()].sort((a, b) => outward(b) - outward(a)) : BOX_SIDES;
  const rings = Array.from({ length: Math.ceil(count / SIDES.length) }, (_, i) => i * SIDES.length);
  return rings.flatMap((ring) => sides.map((side) => ring + side));
}

/** Pixels between a target and its name. */
const MARGIN = 1;

/** The box of a choice; undefined outside the frame, and for the centre of a target not much larger than the name. */
function candidate(
  { target: [x, y, targetWidth, targetHeight], isDot, width, height }: PlacedName,
  choice: number,
  frame: { readonly width: number; readonly height: number },
): Box | undefined {
  const side = choice % SIDES.length;
  if (side === MIDDLE && (isDot || targetWidth < 2 * width || targetHeight < 4 * height)) return undefined;
  const [dx, dy] = SIDES[side];
  const away = MARGIN + Math.round(DISTANCES[Math.floor(choice / SIDES.length)] * height);
  const along = (step: number, from: number, length: number, own: number): number =>
    step === 0 ? from + length / 2 - own / 2 : step > 0 ? from + length + away : from - away - own;
  const left = Math.round(along(dx, x, targetWidth, width));
  const top = Math.round(along(dy, y, targetHeight, height));
  if (left < 0 || top < 0 || left + width > frame.width || top + height > frame.height) return undefined;
  return [left, top, width, height];
}

function overlap([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  return ax < bx + bw && bx < ax + aw && ay < by + bh && by < ay + ah;
}
