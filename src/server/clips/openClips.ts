/** @file Clips that a worker thread holds open, in the version in which they were asked for. */
import { silent } from "../../core/log.ts";
import type { FrameSource } from "../../video/frame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { ClipKey } from "./frameThread.ts";

/** Clips that stay open; the one that was not asked for longest is closed first. */
export class OpenClips {
  private readonly most: number;
  /** The latest used last. */
  private readonly open = new Map<string, FrameSource>();

  /** @param most at the same time: decoders take memory. */
  constructor(most: number) {
    this.most = most;
  }

  /** @throws UserError those of `openFrameSource` */
  async source({ path, version }: ClipKey): Promise<FrameSource> {
    const key = `${version} ${path}`;
    const known = this.open.get(key);
    const source = known ?? (await openFrameSource(path, { logger: silent, threads: 1 }));
    this.open.delete(key);
    this.open.set(key, source);
    for (const [other, oldest] of this.open) {
      if (this.open.size <= this.most) break;
      this.open.delete(other);
      await oldest.close();
    }
    return source;
  }
}
