/**
 * @file Masks of mode `live`: `decodeLabels` guided by the picture, as the WASM kernel
 * `kernels/assembly/parts/guided.ts` does it, block by block in float32. Masks differ from the slow way's in single
 * pixels that are about equally near to two labels.
 */
import { linearTap } from "../../core/linearTap.ts";
import * as block from "../../kernels/constants/pixels.ts";
import { type KernelInstance, kernelInstance, planMemory } from "../../kernels/kernelInstance.ts";
import type { RgbPicture } from "../../video/picture.ts";
import type { CellGrid } from "../matching/cellGrid.ts";
import { FLOOR, RANGE, spatialWeights, SUPPORT } from "./guidedLabels.ts";
import { type DecodedLabels, LEAD, type MaskSize } from "./labelCells.ts";

/** Room behind arrays that the kernel reads in vectors. */
const SLACK = 64;
/** Cells around a pixel in each direction. */
const SIDE = block.DECODE_SIDE;

/** Decodes the frames of one clip. */
export class GuidedDecoder {
  private readonly ids: readonly number[];
  private readonly size: MaskSize;
  private readonly kernel: KernelInstance<"pixels">;
  private readonly views: {
    readonly picture: Uint8Array;
    readonly weights: Float32Array;
    readonly out: Uint8Array;
    readonly sums: Float64Array;
    readonly counts: Float64Array;
  };
  private readonly run: () => void;

  /** @param ids of the labels, as for `decodeLabels`. */
  constructor(ids: readonly number[], grid: CellGrid, size: MaskSize) {
    const { width, height, cellsPerPixel } = size;
    const cells = grid.width * grid.height;
    const across = axisRuns(width, grid.width, cellsPerPixel.x);
    const down = axisRuns(height, grid.height, cellsPerPixel.y);
    const row = (width + 7) & ~3;
    const { at, total } = planMemory({
      parameters: block.DECODE_BYTES,
      picture: width * height * 3 + SLACK,
      out: width * height,
      weights: cells * ids.length * 4,
      across: row * SIDE * 4 + SLACK,
      down: height * SIDE * 4,
      colours: cells * 16,
      certain: cells,
      ids: ids.length,
      sums: ids.length * 8,
      counts: ids.length * 8,
      votes: ids.length * 17 + 256,
      runsAcross: across.length * block.RUN_BYTES,
      runsDown: down.length * block.RUN_BYTES,
    });
    this.ids = ids;
    this.size = size;
    this.kernel = kernelInstance("pixels", total);
    const { buffer } = this.kernel.memory;
    this.views = {
      picture: new Uint8Array(buffer, at.picture, width * height * 3),
      weights: new Float32Array(buffer, at.weights, cells * ids.length),
      out: new Uint8Array(buffer, at.out, width * height),
      sums: new Float64Array(buffer, at.sums, ids.length),
      counts: new Float64Array(buffer, at.counts, ids.length),
    };
    new Uint8Array(buffer, at.ids).set(ids);
    const near = spatialWeights(width, cellsPerPixel.x);
    const planes = new Float32Array(buffer, at.across, row * SIDE);
    near.forEach((weight, i) => (planes[(i % SIDE) * row + Math.floor(i / SIDE)] = weight));
    new Float32Array(buffer, at.down).set(spatialWeights(height, cellsPerPixel.y));
    writeRuns(new DataView(buffer, at.runsAcross), across);
    writeRuns(new DataView(buffer, at.runsDown), down);
    writeParameters(new DataView(buffer, at.parameters, block.DECODE_BYTES), at, { size, grid, labels: ids.length });
    this.run = () => this.kernel.decode(at.parameters, at.runsAcross, across.length, at.runsDown, down.length);
  }

  /** @param weights `[height, width, labels]` of the cells. @param picture of the mask's size. */
  decode(weights: Float32Array, picture: RgbPicture): DecodedLabels {
    const { views, size } = this;
    views.picture.set(picture.data);
    views.weights.set(weights);
    this.run();
    const labels = { width: size.width, height: size.height, data: views.out.slice() };
    const confidence = Float64Array.from(this.ids, (_, l) => {
      return views.counts[l] > 0 ? views.sums[l] / views.counts[l] : 0;
    });
    return { labels, confidence };
  }
}

/** Arrays whose addresses stand in the parameter block. */
type BlockArray =
  | "picture"
  | "out"
  | "weights"
  | "across"
  | "down"
  | "colours"
  | "certain"
  | "ids"
  | "sums"
  | "counts"
  | "votes";

/** The kernel's parameter block. @param at where its arrays lie. */
function writeParameters(
  parameters: DataView,
  at: Readonly<Record<BlockArray, number>>,
  { size, grid, labels }: { readonly size: MaskSize; readonly grid: CellGrid; readonly labels: number },
): void {
  const set = (word: number, value: number): void => parameters.setUint32(word, value, true);
  set(block.DECODE_PICTURE, at.picture);
  set(block.DECODE_OUT, at.out);
  set(block.DECODE_WEIGHTS, at.weights);
  set(block.DECODE_ACROSS, at.across);
  set(block.DECODE_DOWN, at.down);
  set(block.DECODE_COLOURS, at.colours);
  set(block.DECODE_CERTAIN, at.certain);
  set(block.DECODE_IDS, at.ids);
  set(block.DECODE_SUMS, at.sums);
  set(block.DECODE_COUNTS, at.counts);
  set(block.DECODE_VOTES, at.votes);
  set(block.DECODE_WIDTH, size.width);
  set(block.DECODE_HEIGHT, size.height);
  set(block.DECODE_COLUMNS, grid.width);
  set(block.DECODE_ROWS, grid.height);
  set(block.DECODE_LABELS, labels);
  parameters.setFloat32(block.DECODE_INVERSE_RANGE, 1 / (Math.SQRT2 * RANGE), true);
  parameters.setFloat32(block.DECODE_FLOOR, FLOOR, true);
  parameters.setFloat32(block.DECODE_LEAD, LEAD, true);
  parameters.setFloat64(block.DECODE_CELL_WIDTH, 1 / size.cellsPerPixel.x, true);
  parameters.setFloat64(block.DECODE_CELL_HEIGHT, 1 / size.cellsPerPixel.y, true);
}

/** Pixels of an axis that lie between the same two cell centres and take votes of the same four cells. */
interface Run {
  readonly from: number;
  to: number;
  readonly low: number;
  readonly high: number;
  /** The first of the four cells; may lie outside the grid. */
  readonly first: number;
  /** Sum of the pixels' weights of the cell `high`. */
  weight: number;
}

function axisRuns(pixels: number, cells: number, cellsPerPixel: number): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < pixels; i++) {
    const centre = (i + 0.5) * cellsPerPixel;
    const { low, high, weight } = linearTap(centre, cells);
    const first = Math.floor(centre - 0.5) - SUPPORT + 1;
    const last = runs.at(-1);
    if (last?.low !== low || last.first !== first) runs.push({ from: i, to: i + 1, low, high, first, weight });
    else {
      last.to++;
      last.weight += weight;
    }
  }
  return runs;
}

/** Runs as the kernel reads them (constants/pixels.ts). */
function writeRuns(view: DataView, runs: readonly Run[]): void {
  runs.forEach(({ from, to, low, high, first, weight }, i) => {
    const at = i * block.RUN_BYTES;
    view.setInt32(at + block.RUN_FROM, from, true);
    view.setInt32(at + block.RUN_TO, to, true);
    view.setInt32(at + block.RUN_LOW, low, true);
    view.setInt32(at + block.RUN_HIGH, high, true);
    view.setInt32(at + block.RUN_FIRST, first, true);
    view.setFloat32(at + block.RUN_WEIGHT, weight, true);
  });
}
