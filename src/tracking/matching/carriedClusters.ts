/**
 * @file The sampler's clusters at test time (after MER, details ours): which memory cells are candidates of a cell.
 * Clusters are made once, in the frame with the labels; from then on their centres are carried from frame to frame, so
 * that a label means the same cluster in every frame held in memory, and a frame costs one or two passes over its own
 * cells however many are held.
 */
import type { Resumable } from "../../core/resumable.ts";
import { followMeans, kMeans } from "../../kernels/kMeans.ts";
import { growRegions } from "../../kernels/regionGrowth.ts";
import { describeCells, DESCRIPTOR_DIMS } from "../../method/cellDescriptors.ts";
import { type SamplerOptions, samplerDefaults } from "../../method/multiClusterSampler.ts";
import { candidateRegions, sampledPrior } from "../../method/samplingPrior.ts";
import { rgbToLab } from "../../video/lab.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeRgb } from "../../video/resize.ts";
import type { CellGrid } from "./cellGrid.ts";

/** Lloyd steps of a frame from the centres of the one before. */
const STEPS = 2;

/** The clusters of a clip, as far as it has been seen. */
export class CarriedClusters implements Resumable<Float32Array> {
  private readonly grid: CellGrid;
  private readonly options: SamplerOptions;
  /** `[K, 6]`, of the latest frame. */
  private centres: Float32Array | undefined;

  constructor(grid: CellGrid, options: SamplerOptions = samplerDefaults) {
    this.grid = grid;
    this.options = options;
  }

  /** Regions of the next frame, `[h, w]`, by colours and places alone; motion is not used. */
  regions(frame: RgbPicture): Uint8Array {
    const { width, height } = this.grid;
    // A pixel a cell: its mean colour.
    const size = { width, height };
    const lab = rgbToLab({ ...size, data: resizeRgb(frame, width, height) });
    const descriptors = describeCells({ lab }, size, 1, this.options);
    const { labels, centres } =
      this.centres === undefined
        ? kMeans(descriptors, DESCRIPTOR_DIMS, this.options)
        : followMeans(descriptors, DESCRIPTOR_DIMS, this.centres, STEPS);
    this.centres = centres;
    const { growthThreshold: threshold, minRegion: minCells } = this.options;
    return growRegions({ ...size, descriptors, labels, centres }, { threshold, minCells });
  }

  /** Centres of the latest frame, `[K, 6]`, empty before the first: what the next frame's regions depend on. */
  state(): Float32Array {
    return this.centres ?? new Float32Array(0);
  }

  resume(centres: Float32Array): void {
    this.centres = centres;
  }

  /**
   * Bits of the regions that each cell of the latest frame may copy from, `[h, w]`: its own and the nearest ones.
   * @param own regions of that frame.
   * @param memory regions of the frames that are searched.
   */
  candidates(own: Uint8Array, memory: readonly Uint8Array[]): Uint32Array {
    const centres = this.state();
    const clusters = centres.length / DESCRIPTOR_DIMS;
    const logPrior = sampledPrior(centres, clusters, memory, this.options);
    return candidateRegions({ clusters, grid: this.grid, labels: [own, ...memory], logPrior });
  }
}
