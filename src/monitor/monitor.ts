/** @file All watches over one source: is told every frame, tells what began and what ended; resumable after any frame. */
import type { Resumable } from "../core/resumable.ts";
import type { FrameView } from "../footage/frameView.ts";
import type { Box } from "../video/box.ts";
import type { Moment } from "../watch/event.ts";
import { CameraWatch, type CameraWatchState } from "./cameraWatch.ts";
import type { FaultEvent } from "./faultEvent.ts";
import type { CameraFault } from "./faults.ts";

/** All that passes from frame to frame. */
export interface MonitorState {
  readonly camera: CameraWatchState;
}

/** Watches a source. Deterministic; its memory does not grow. */
export class Monitor implements Resumable<MonitorState> {
  private readonly camera = new CameraWatch();

  state(): MonitorState {
    return { camera: this.camera.state() };
  }

  resume({ camera }: MonitorState): void {
    this.camera.resume(camera);
  }

  /** Whether nothing is wrong, or may be. */
  get isSound(): boolean {
    return this.camera.isSound;
  }

  /** Where a fault shows, if it does at a place; pixels. */
  boxesOf(kind: CameraFault): readonly Box[] {
    return this.camera.boxesOf(kind);
  }

  /** No frame has come until now. */
  silence(now: Moment): FaultEvent[] {
    return this.camera.silence(now);
  }

  /** What comes next does not follow on what came last, because nobody looked. */
  interrupted(): void {
    this.camera.interrupted();
  }

  /** The next frame; times ascend. */
  next(frame: FrameView): FaultEvent[] {
    return this.camera.next(frame);
  }
}
