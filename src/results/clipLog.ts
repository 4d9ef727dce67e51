/** @file Collects the data for the pictures of a whole clip, frame by frame and in bounded memory. */
import type { TrackRecord } from "../annotations/trackRecord.ts";
import type { LabelMap } from "../video/labelMap.ts";
import type { RgbPicture } from "../video/picture.ts";
import { HeatGrid } from "./heatGrid.ts";
import { PathLog } from "./pathLog.ts";

/** Takes every frame in order. */
export class ClipLog {
  private readonly paths = new PathLog();
  private begun: { readonly first: RgbPicture; readonly heat: HeatGrid } | undefined;
  private timeSec: number | undefined;

  /** Each frame counts for the time since the previous one. @param labels undefined for points. */
  add(picture: RgbPicture, labels: LabelMap | undefined, records: readonly TrackRecord[]): void {
    this.begun ??= { first: picture, heat: new HeatGrid(picture) };
    this.paths.add(records);
    const now = records.at(0)?.timeSec;
    if (now === undefined) return;
    this.begun.heat.add(records, labels, now - (this.timeSec ?? now));
    this.timeSec = now;
  }

  /**
   * Draws the pictures into a folder.
   * @returns their paths; none if there was no frame.
   * @throws UserError `file/write`
   */
  async write(out: string, mmPerPx: number | null): Promise<string[]> {
    if (this.begun === undefined) return [];
    // The chart libraries are loaded only now, so that tracking starts sooner.
    const { writeClipPictures } = await import("./clipPictures.ts");
    return writeClipPictures(out, { ...this.begun, paths: this.paths.paths(), mmPerPx });
  }
}
