/** @file RGB pictures for the tests of motion, rendered from continuous patterns. */
import { noisePattern, type Pattern } from "../../bench/flowScenes.ts";
import { Random } from "../../src/core/random.ts";
import type { RgbPicture } from "../../src/video/picture.ts";

/** A square that moves by itself. */
export interface Mover {
  /** Place of its centre in the first frame. */
  readonly x: number;
  readonly y: number;
  /** Side, pixels. */
  readonly size: number;
  /** Pixels a frame. */
  readonly velocity: readonly [number, number];
}

export interface Footage {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Motion of the background, pixels a frame. */
  readonly pan?: readonly [number, number];
  readonly mover?: Mover;
  /** Standard deviation of the sensor's noise, grey levels. */
  readonly noise?: number;
  /** Gain and offset of the light in frame t. */
  readonly light?: (t: number) => readonly [number, number];
  readonly background?: (t: number) => Pattern;
}

const ground = noisePattern(11);
const surface = noisePattern(12, 24);

export function makeFootage(options: Footage): RgbPicture[] {
  const random = new Random(5);
  return Array.from({ length: options.frames }, (_, t) => frameOf(options, t, random));
}

function frameOf(options: Footage, t: number, random: Random): RgbPicture {
  const { width, height, pan = [0, 0], noise = 0, light = () => [1, 0], background = () => ground } = options;
  const [gain, offset] = light(t);
  const pattern = background(t);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let p = 0; p < width * height; p++) {
    const [x, y] = [(p % width) + 0.5, Math.floor(p / width) + 0.5];
    const own = options.mover && inMover(options.mover, t, x, y);
    const grey = own === undefined ? pattern(x - pan[0] * t, y - pan[1] * t) : surface(...own);
    for (let c = 0; c < 3; c++) data[3 * p + c] = gain * grey + offset + noise * random.normal() + 4 * c;
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** The place on the mover's surface; undefined outside. */
function inMover(
  { x: cx, y: cy, size, velocity }: Mover,
  t: number,
  x: number,
  y: number,
): [number, number] | undefined {
  const own: [number, number] = [x - cx - velocity[0] * t, y - cy - velocity[1] * t];
  return Math.max(Math.abs(own[0]), Math.abs(own[1])) <= size / 2 ? own : undefined;
}

/** Mean strength inside the mover of frame t (shrunk by a cell) and outside it (grown by `margin` pixels). */
export function insideAndOutside(
  map: { readonly width: number; readonly height: number; readonly strength: Float32Array },
  footage: Footage,
  t: number,
  margin: number,
): { inside: number; outside: number } {
  const mover = footage.mover as Mover;
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  const cell = [footage.width / map.width, footage.height / map.height];
  map.strength.forEach((value, c) => {
    const x = ((c % map.width) + 0.5) * cell[0] - mover.x - mover.velocity[0] * t;
    const y = (Math.floor(c / map.width) + 0.5) * cell[1] - mover.y - mover.velocity[1] * t;
    const distance = Math.max(Math.abs(x), Math.abs(y)) - mover.size / 2;
    const zone = distance < -1 ? 0 : distance > margin ? 1 : 2;
    if (zone === 2) return;
    sums[zone] += value;
    counts[zone]++;
  });
  return { inside: sums[0] / counts[0], outside: sums[1] / counts[1] };
}
