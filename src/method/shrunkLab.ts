/**
 * @file The encoder's input for mode `live`: a frame shrunk and turned into Lab in one pass by the WASM kernel
 * `kernels/assembly/parts/shrink.ts`, what `rgbToLab(resizeRgb(…))` takes ten times as long for.
 */
import * as block from "../kernels/constants/pixels.ts";
import { kernelInstance, planMemory } from "../kernels/kernelInstance.ts";
import { labCurve, linearOfByte } from "../video/lab.ts";
import type { RgbPicture } from "../video/picture.ts";
import { type Taps, triangleTaps } from "../video/resize.ts";
import type { PictureSize } from "./features.ts";

/** Room behind arrays that the kernel reads and writes in vectors. */
const SLACK = 64;

/** Shrinks frames of one size to one size. */
export class LabShrinker {
  private readonly from: PictureSize;
  private readonly to: PictureSize;
  private readonly picture: Uint8Array;
  private readonly out: Float32Array;
  private readonly run: () => void;

  /**
   * @param from size of the frames. @param to size that they are shrunk to.
   * @param room size of the result: `to`, and zeros to the right and below.
   */
  constructor(from: PictureSize, to: PictureSize, room: PictureSize) {
    this.from = { width: from.width, height: from.height };
    this.to = { width: to.width, height: to.height };
    const rowTaps = tapBytes(triangleTaps(from.height, to.height), 2);
    const columnTaps = tapBytes(triangleTaps(from.width, to.width), 4);
    const { at, total } = planMemory({
      parameters: block.SHRINK_BYTES,
      picture: from.width * from.height * 3 + SLACK,
      out: room.width * room.height * 12,
      mixed: from.width * 6 + SLACK,
      rowTaps: rowTaps.bytes.length,
      columnTaps: columnTaps.bytes.length,
      linear: linearOfByte.length * 4,
      curve: labCurve.length * 4,
    });
    const { memory, shrink } = kernelInstance("pixels", total);
    const { buffer } = memory;
    new Uint8Array(buffer, at.rowTaps).set(rowTaps.bytes);
    new Uint8Array(buffer, at.columnTaps).set(columnTaps.bytes);
    new Float32Array(buffer, at.linear).set(linearOfByte);
    new Float32Array(buffer, at.curve).set(labCurve);
    const parameters = new DataView(buffer, at.parameters, block.SHRINK_BYTES);
    const set = (word: number, value: number): void => parameters.setUint32(word, value, true);
    set(block.SHRINK_PICTURE, at.picture);
    set(block.SHRINK_OUT, at.out);
    set(block.SHRINK_MIXED, at.mixed);
    set(block.SHRINK_ROW_TAPS, at.rowTaps);
    set(block.SHRINK_ROW_TAP_BYTES, rowTaps.stride);
    set(block.SHRINK_COLUMN_TAPS, at.columnTaps);
    set(block.SHRINK_COLUMN_TAP_BYTES, columnTaps.stride);
    set(block.SHRINK_LINEAR, at.linear);
    set(block.SHRINK_CURVE, at.curve);
    set(block.SHRINK_ROW_BYTES, from.width * 3);
    set(block.SHRINK_COLUMNS, to.width);
    set(block.SHRINK_ROWS, to.height);
    set(block.SHRINK_OUT_ROW, room.width * 4);
    set(block.SHRINK_OUT_PLANE, room.width * room.height * 4);
    this.picture = new Uint8Array(buffer, at.picture, from.width * from.height * 3);
    this.out = new Float32Array(buffer, at.out, room.width * room.height * 3);
    this.run = () => shrink(at.parameters);
  }

  /** Whether it is made for these sizes. */
  fits(from: PictureSize, to: PictureSize): boolean {
    return sameSize(from, this.from) && sameSize(to, this.to);
  }

  /** @returns `[3, room.height, room.width]` float32 as `rgbToLab` gives it */
  shrink({ data }: RgbPicture): Float32Array {
    this.picture.set(data);
    this.run();
    // A copy: onnxruntime takes no shared memory.
    return this.out.slice();
  }
}

function sameSize(a: PictureSize, b: PictureSize): boolean {
  return a.width === b.width && a.height === b.height;
}

/** Taps as the kernel reads them (constants/pixels.ts). @param size bytes of a weight: 2 = i16 in 1/32768, 4 = f32. */
function tapBytes(taps: Taps, size: 2 | 4): { readonly bytes: Uint8Array; readonly stride: number } {
  const stride = block.TAP_WEIGHTS + Math.ceil((taps.stride * size) / 4) * 4;
  const view = new DataView(new ArrayBuffer(stride * taps.start.length));
  for (let i = 0, at = 0; i < taps.start.length; i++, at += stride) {
    view.setInt32(at + block.TAP_FIRST, taps.start[i], true);
    view.setInt32(at + block.TAP_COUNT, taps.count[i], true);
    for (let k = 0; k < taps.count[i]; k++) {
      const weight = taps.weights[i * taps.stride + k];
      if (size === 4) view.setFloat32(at + block.TAP_WEIGHTS + 4 * k, weight, true);
      else view.setInt16(at + block.TAP_WEIGHTS + 2 * k, Math.min(32767, Math.round(weight * 32768)), true);
    }
  }
  return { bytes: new Uint8Array(view.buffer), stride };
}
