/** @file Label maps of tracks and truth, frame by frame, as scores of several things compare them: by their pixels. */
import type { MotFrame, MotSequence } from "../../metrics/mot/sequence.ts";
import type { LabelMap } from "../../video/labelMap.ts";

const VALUES = 256;

/** Takes the frames of a clip in order; in memory are the overlaps alone. */
export class MaskSequence {
  private readonly frames: MotFrame[] = [];
  /** Of labels, in the order in which they come. */
  private readonly known = new Map<number, number>();
  private readonly found = new Map<number, number>();

  get sequence(): MotSequence {
    return { truthCount: this.known.size, trackCount: this.found.size, frames: this.frames };
  }

  /** @param truth of the same size; 0 is the background of both. */
  add(truth: LabelMap, tracks: LabelMap): void {
    const common = new Uint32Array(VALUES * VALUES);
    for (const [p, label] of truth.data.entries()) common[label * VALUES + tracks.data[p]]++;
    const areas = [new Uint32Array(VALUES), new Uint32Array(VALUES)];
    for (const [pair, count] of common.entries()) {
      areas[0][Math.floor(pair / VALUES)] += count;
      areas[1][pair % VALUES] += count;
    }
    const [inTruth, inTracks] = areas.map((area) => [...area.keys()].filter((label) => label > 0 && area[label] > 0));
    const similarity = Float64Array.from({ length: inTruth.length * inTracks.length }, (_, i) => {
      const [a, b] = [inTruth[Math.floor(i / inTracks.length)], inTracks[i % inTracks.length]];
      const both = common[a * VALUES + b];
      return both / (areas[0][a] + areas[1][b] - both);
    });
    this.frames.push({
      truth: inTruth.map((label) => indexOf(label, this.known)),
      tracks: inTracks.map((label) => indexOf(label, this.found)),
      similarity,
    });
  }
}

function indexOf(label: number, indices: Map<number, number>): number {
  const index = indices.get(label) ?? indices.size;
  indices.set(label, index);
  return index;
}
