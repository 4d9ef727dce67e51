/**
 * @file The frames of a clip prepared for the measures, in one pass. The flow of a frame is computed on worker threads
 * while the next one is decoded; two frames are held at most.
 */
import { type GreyPicture, OpticalFlow } from "../kernels/opticalFlow.ts";
import { CutDetector } from "../motion/cutDetector.ts";
import { greyCellFlow, isConsecutive } from "../motion/opticalFlow.ts";
import { cameraOf, residualFlow } from "../motion/residualFlow.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import type { FrameMotion, FrameView, PreviousView } from "./frameView.ts";
import { lumaOf, shrunkLuma } from "./luma.ts";

/** Rows of the small picture, about: flow is computed on it. */
const SMALL_ROWS = 120;
/** One frame in so many is looked at pixel by pixel, … */
const DETAIL_EVERY = 10;
/** … but at least about so many of a clip. */
const LEAST_DETAILED = 12;
/** The camera's motion is a mean of many cells: an affine map through few of them is exact enough, and quick. */
const CAMERA_FIT = { points: 400, model: "affine" } as const;

/** Every how many frames of a clip one is looked at pixel by pixel. */
export function detailStep(frameCount: number): number {
  return Math.max(1, Math.min(DETAIL_EVERY, Math.floor(frameCount / LEAST_DETAILED)));
}

/** Side of a small picture's pixel, in frame pixels. */
export function smallFactor({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.max(1, Math.round(Math.min(width, height) / SMALL_ROWS));
}

/** Options of `frameViews`. */
export interface ViewOptions {
  readonly kernel: OpticalFlow;
  /** Aborting ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `streamViews`. */
export interface StreamViewOptions extends ViewOptions {
  /** One frame in so many is looked at pixel by pixel. Default: the first alone. */
  readonly detailEvery?: number;
  /** Whether cuts are looked for. Default: they are not, and `cut` is false. */
  readonly cuts?: boolean;
}

/** All frames of a clip in order. @throws UserError those of the source */
export function frameViews(source: FrameSource, options: ViewOptions): AsyncGenerator<FrameView> {
  return streamViews(source.frames(), { ...options, detailEvery: detailStep(source.frameCount), cuts: true });
}

/** Frames of one size as they come; a frame is given on when the next one has come. @throws what the frames throw */
export async function* streamViews(
  frames: AsyncIterable<Frame>,
  { signal, ...options }: StreamViewOptions,
): AsyncGenerator<FrameView> {
  const views = new ViewMaker(options);
  let pending: Promise<FrameView> | undefined;
  for await (const frame of frames) {
    signal?.throwIfAborted();
    const next = views.next(frame);
    // Its failure is reported when it is awaited.
    next.catch(() => {});
    if (pending !== undefined) yield await pending;
    pending = next;
  }
  if (pending !== undefined) yield await pending;
}

class ViewMaker {
  private readonly kernel: OpticalFlow;
  private readonly step: number;
  private readonly cuts: CutDetector | undefined;
  private previous: PreviousView | undefined;
  /** The kernel computes one flow at a time. */
  private idle: Promise<unknown> = Promise.resolve();

  constructor({ kernel, detailEvery = Infinity, cuts = false }: Omit<StreamViewOptions, "signal">) {
    this.kernel = kernel;
    this.step = detailEvery;
    this.cuts = cuts ? new CutDetector() : undefined;
  }

  /** Begins at once; the motion comes later. */
  async next(frame: Frame): Promise<FrameView> {
    const { previous } = this;
    const { index, timeSec } = frame;
    const factor = smallFactor(frame);
    const size = [frame.width, frame.height].map((side) => Math.max(1, Math.floor(side / factor)));
    const small = shrunkLuma(frame, factor, [size[0], size[1]]);
    const cut = this.cuts?.next(frame).cut ?? false;
    const base = { index, timeSec, picture: frame, small, luma: lazily(() => lumaOf(frame)) };
    this.previous = base;
    const motion = cut || previous === undefined ? undefined : await this.motion(small, previous.small, factor);
    return { ...base, factor, previous, motion, cut, detailed: index % this.step === 0 };
  }

  private async motion(small: GreyPicture, before: GreyPicture, factor: number): Promise<FrameMotion | undefined> {
    const computed = this.idle.then(() => greyCellFlow(this.kernel, small, before, factor));
    this.idle = computed.catch(() => {});
    const flow = await computed;
    return isConsecutive(flow) ? { flow, residual: residualFlow(flow, cameraOf(flow, CAMERA_FIT)) } : undefined;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
