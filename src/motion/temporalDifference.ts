/**
 * @file The motion estimator "difference": grey differences of three frames, aligned to the camera. It detects that
 * something moves, but not in which direction.
 *
 *     D(x) = min( |I_t(x) − Ĩ_{t−1}(x)|, |I_t(x) − Ĩ_{t−2}(x)| )
 *
 * Ĩ is the earlier frame warped by the camera motion and brought to the same lighting (gain and offset in least
 * squares). A place that an object has just left differs from one of the two frames only, so the minimum keeps the
 * object's present place. The camera motion comes from flow at half the working size.
 */
import type { RgbPicture } from "../video/picture.ts";
import { type CameraMotion, mapPoint } from "./cameraMotion.ts";
import { mapOfStrength, type MotionMap, zeroMap } from "./motionMap.ts";
import type { MotionMethod } from "./motionMethod.ts";
import { floorFactor, motionStrength } from "./motionStrength.ts";
import { cellFlow, cellGrid, type CellGrid, isConsecutive } from "./opticalFlow.ts";
import { cameraFor } from "./stillCamera.ts";

/** Working size of the flow that finds the camera motion, over that of the map. */
const ALIGNMENT = 0.5;
/** Lowest noise floor, grey levels. */
const LEAST_FLOOR = 4;
/** Cells that differ by less are the same, grey levels. */
const SAME = 2;

/** Grey means of the cells, `[height, width]` in 0..255. */
interface GreyCells extends CellGrid {
  readonly data: Float32Array;
}

export const temporalDifference: MotionMethod = {
  name: "difference",
  lookBack: 2,
  async map([oldest, previous, frame], { kernel, shortSide, camera }) {
    const grid = cellGrid(frame.width, frame.height, shortSide);
    const now = greyCells(frame, grid);
    const differences: Difference[] = [];
    let still = true;
    for (const earlier of [previous, oldest]) {
      const flow = await cellFlow(kernel, frame, earlier, shortSide * ALIGNMENT);
      if (!isConsecutive(flow)) return zeroMap(grid.width, grid.height, "cut");
      const chosen = await cameraFor(camera, kernel, flow);
      still &&= chosen.still;
      differences.push(difference(now, greyCells(earlier, grid), chosen.camera));
    }
    return mapOf(grid, differences[0], differences[1], floorFactor(still));
  },
};

/** |I − Ĩ| and where Ĩ is known. */
interface Difference {
  readonly values: Float32Array;
  readonly valid: Uint8Array;
}

function mapOf({ width, height }: CellGrid, a: Difference, b: Difference, factor: number): MotionMap {
  const least = a.values.map((value, c) => Math.min(value, b.values[c]));
  const valid = a.valid.map((value, c) => value & b.valid[c]);
  const { strength } = motionStrength(spread(least, valid, width), valid, width, { least: LEAST_FLOOR, factor });
  return mapOfStrength({ width, height, strength, flow: new Float32Array(2 * width * height) });
}

/**
 * Means over 3 × 3 cells: outlines differ, smooth interiors do not, so this fills an object's interior from its
 * outline.
 */
function spread(values: Float32Array, valid: Uint8Array, width: number): Float32Array {
  const height = values.length / width;
  return values.map((_, c) => {
    const [x, y] = [c % width, Math.floor(c / width)];
    let [sum, count] = [0, 0];
    for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
      for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
        sum += values[j * width + i];
        count += valid[j * width + i];
      }
    }
    return count > 0 ? sum / count : 0;
  });
}

/** Rec. 601 luma, mean over each cell. */
function greyCells(picture: RgbPicture, grid: CellGrid): GreyCells {
  const { width, height, cell } = grid;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const bottom = Math.min(picture.height, (y + 1) * cell);
    for (let x = 0; x < width; x++) {
      const right = Math.min(picture.width, (x + 1) * cell);
      let sum = 0;
      for (let j = y * cell; j < bottom; j++) {
        let p = (j * picture.width + x * cell) * 3;
        for (let i = x * cell; i < right; i++, p += 3) {
          sum += 299 * picture.data[p] + 587 * picture.data[p + 1] + 114 * picture.data[p + 2];
        }
      }
      data[y * width + x] = sum / (1000 * (bottom - y * cell) * (right - x * cell));
    }
  }
  return { ...grid, data };
}

function difference(now: GreyCells, earlier: GreyCells, camera: CameraMotion): Difference {
  const { width, height, cell } = now;
  const warped = new Float32Array(width * height);
  const valid = new Uint8Array(width * height);
  for (let c = 0; c < warped.length; c++) {
    const [x, y] = mapPoint(camera.map, ((c % width) + 0.5) * cell, (Math.floor(c / width) + 0.5) * cell);
    const [px, py] = [x / cell - 0.5, y / cell - 0.5];
    if (!(px >= -0.5 && py >= -0.5 && px <= width - 0.5 && py <= height - 0.5)) continue;
    warped[c] = sample(earlier, px, py);
    valid[c] = 1;
  }
  const { gain, offset } = lighting(now.data, warped, valid);
  const values = now.data.map((value, c) => (valid[c] === 1 ? Math.abs(value - gain * warped[c] - offset) : 0));
  return { values, valid };
}

/** Bilinear, clamped at the border. */
function sample({ width, height, data }: GreyCells, px: number, py: number): number {
  const [x, y] = [Math.max(0, px), Math.max(0, py)];
  const [x0, y0] = [Math.min(width - 1, Math.floor(x)), Math.min(height - 1, Math.floor(y))];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [fx, fy] = [x - x0, y - y0];
  const above = data[y0 * width + x0] * (1 - fx) + data[y0 * width + x1] * fx;
  return above * (1 - fy) + (data[y1 * width + x0] * (1 - fx) + data[y1 * width + x1] * fx) * fy;
}

/**
 * Gain and offset that take `earlier` to `now`: least squares, then again without cells that differ by more than two
 * deviations. When most of the picture moves, they are meaningless: the light counts as changed only if that explains
 * more cells than no change.
 */
function lighting(now: Float32Array, earlier: Float32Array, valid: Uint8Array): { gain: number; offset: number } {
  const explained = ({ gain, offset }: { gain: number; offset: number }): number =>
    now.reduce((n, value, c) => n + Number(valid[c] === 1 && Math.abs(value - gain * earlier[c] - offset) < SAME), 0);
  const none = { gain: 1, offset: 0 };
  const fitted = fittedLight(now, earlier, valid);
  return explained(fitted) > explained(none) ? fitted : none;
}

function fittedLight(now: Float32Array, earlier: Float32Array, valid: Uint8Array): { gain: number; offset: number } {
  let line = { gain: 1, offset: 0, deviation: Infinity };
  for (let round = 0; round < 3; round++) {
    const { gain, offset, deviation } = line;
    line = fitLine(now, earlier, (c) => {
      return valid[c] === 1 && Math.abs(now[c] - gain * earlier[c] - offset) <= 2 * deviation;
    });
  }
  return line;
}

function fitLine(
  now: Float32Array,
  earlier: Float32Array,
  counts: (c: number) => boolean,
): { gain: number; offset: number; deviation: number } {
  let [n, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
  for (let c = 0; c < now.length; c++) {
    if (!counts(c)) continue;
    n++;
    sx += earlier[c];
    sy += now[c];
    sxx += earlier[c] * earlier[c];
    sxy += earlier[c] * now[c];
    syy += now[c] * now[c];
  }
  if (n === 0) return { gain: 1, offset: 0, deviation: Infinity };
  const [varX, covariance, varY] = [sxx - (sx * sx) / n, sxy - (sx * sy) / n, syy - (sy * sy) / n];
  const gain = varX > n ? covariance / varX : 1;
  const deviation = Math.sqrt(Math.max(0, varY - 2 * gain * covariance + gain * gain * varX) / n);
  return { gain, offset: (sy - gain * sx) / n, deviation: Math.max(deviation, 1) };
}
