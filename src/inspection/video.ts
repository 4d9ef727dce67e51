/** @file All views of a clip's frames side by side as a video. */
import { join } from "node:path";
import type { Logger } from "../core/log.ts";
import type { PictureSize } from "../method/features.ts";
import type { FrameSource } from "../video/frame.ts";
import { Panels, panelSize } from "../video/drawing/panels.ts";
import { openVideoWriter, type VideoWriter } from "../video/writing/writer.ts";
import { type FrameViews, type ViewName, VIEWS } from "./frameViews.ts";

const DEFAULT_FPS = 25;

/** Writes `inspect.mp4`; disposing of it without `finish` leaves nothing behind. */
export class InspectionVideo implements AsyncDisposable {
  private readonly panels: Panels;
  private readonly names: readonly ViewName[];
  private readonly writer: VideoWriter;

  private constructor(panels: Panels, names: readonly ViewName[], writer: VideoWriter) {
    this.panels = panels;
    this.names = names;
    this.writer = writer;
  }

  /** @param indices of the frames that will be written. @param withValue whether there are value maps. */
  static async open(
    out: string,
    source: FrameSource,
    { size, indices, withValue }: { size: PictureSize; indices: readonly number[]; withValue: boolean },
    logger: Logger,
  ): Promise<InspectionVideo> {
    const names = (Object.keys(VIEWS) as ViewName[]).filter(
      (name) => withValue || !["value", "outlines"].includes(name),
    );
    const panels = await Panels.open({ ...panelSize(size), columns: withValue ? 3 : 2, captions: names });
    const timesSec = indices.map((index) => source.timesSec[index]);
    const length = source.timesSec[source.frameCount - 1] - source.timesSec[0];
    const fps = length > 0 ? (source.frameCount - 1) / length : DEFAULT_FPS;
    const { width, height } = panels;
    const writer = await openVideoWriter(join(out, "inspect.mp4"), { width, height, fps, timesSec, logger });
    return new InspectionVideo(panels, names, writer);
  }

  async write(views: FrameViews): Promise<void> {
    await this.writer.write(this.panels.compose(this.names.map((name) => views[name])).data);
  }

  /** @returns the video's file or folder. */
  async finish(): Promise<string> {
    await this.writer.finish();
    return this.writer.path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer[Symbol.asyncDispose]();
  }
}
