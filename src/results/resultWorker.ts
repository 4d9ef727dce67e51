/**
 * @file The thread side of `ResultWriter`: masks as PNG files, rows of tables, overlay pictures into a video, pictures
 * of the whole clip.
 */
import { join } from "node:path";
import { internal } from "../core/errors.ts";
import { silent } from "../core/log.ts";
import { serveCalls } from "../core/workerCalls.ts";
import { writeMaskPng } from "../video/masks/maskPng.ts";
import { openVideoWriter, type VideoWriter } from "../video/writing/writer.ts";
import type { ResultFrame, ResultOptions, WrittenFrame, WrittenResults } from "./resultWriter.ts";
import { ClipLog } from "./clipLog.ts";
import { OverlayPainter } from "./overlayPainter.ts";
import { TrackFiles } from "./trackFiles.ts";

/** All results of one clip. */
class Results {
  private readonly options: ResultOptions;
  private readonly tables: TrackFiles | undefined;
  private readonly painter: OverlayPainter;
  private readonly log: ClipLog | undefined;
  /** Opened with the first picture, so that no file is made if tracking cannot start. */
  private overlay: VideoWriter | undefined;

  constructor(options: ResultOptions) {
    this.options = options;
    this.tables = options.tables && new TrackFiles(options.out, options.tables);
    this.painter = new OverlayPainter(options.skeleton);
    this.log = options.pictures === true ? new ClipLog() : undefined;
  }

  async write(frame: ResultFrame): Promise<WrittenFrame> {
    const warnings: string[] = [];
    const begin = performance.now();
    const { name, labels, records = [] } = frame;
    if (this.options.masks && labels !== undefined)
      await writeMaskPng(join(this.options.out, "masks", `${name}.png`), labels);
    await this.tables?.append(records);
    if (frame.picture !== undefined) this.log?.add(frame.picture, labels, records);
    const masked = performance.now();
    await this.draw(frame, (line) => warnings.push(line));
    const done = performance.now();
    return { seconds: { mask: (masked - begin) / 1000, overlay: (done - masked) / 1000 }, warnings };
  }

  async finish(): Promise<WrittenResults> {
    const tables = (await this.tables?.finish()) ?? [];
    await this.overlay?.finish();
    const pictures = (await this.log?.write(this.options.out, this.options.tables?.mmPerPx ?? null)) ?? [];
    return { overlay: this.overlay?.path ?? null, tables, pictures };
  }

  async abort(): Promise<void> {
    await this.overlay?.abort();
    await this.tables?.finish();
  }

  private async draw({ picture, labels, records = [] }: ResultFrame, warn: (line: string) => void): Promise<void> {
    const { video, out } = this.options;
    if (video === undefined || picture === undefined) return;
    this.overlay ??= await openVideoWriter(join(out, "overlay.mp4"), { ...video, logger: { ...silent, warn } });
    await this.overlay.write(this.painter.paint(picture, labels, records));
  }
}

let results: Results | undefined;

serveCalls({
  open(options: ResultOptions): void {
    results = new Results(options);
  },
  write(frame: ResultFrame): Promise<WrittenFrame> {
    if (results === undefined) throw internal("write before open");
    return results.write(frame);
  },
  finish(): Promise<WrittenResults> {
    if (results === undefined) throw internal("finish before open");
    return results.finish();
  },
  abort: () => results?.abort(),
});
