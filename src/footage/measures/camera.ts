/**
 * @file The camera: how it shakes, whether it keeps its view, cuts, and stretches without a picture (covered, black, no
 * signal). A view counts as kept only for a camera that mostly stands still.
 */
import type { GreyPicture } from "../../kernels/opticalFlow.ts";
import { type Offset, offsetOf } from "../cameraOffset.ts";
import { detailOf, UNIFORM } from "../detail.ts";
import type { ClipInfo, FrameView, Place } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import { atRows, type Measure, type Reading } from "../measure.ts";
import { findView, structureOf } from "../viewWatch.ts";

/** The camera stands still while its motion is less than this, pixels of the small picture a frame. */
const SETTLED = 0.25;
/** How long before its view is compared, and how often, seconds. */
const SETTLE_SEC = 0.5;
/** The share of the frames that it has to stand still for its view to count. */
const FIXED = 0.6;
/** A view of which less than this share is found again is another one. */
const SAME_VIEW = 0.12;
/** Contents moved by more than this are another position of the camera, pixels of the small picture, … */
const MOVED = 2;
/** … if so often in a row … */
const MOVED_TIMES = 4;
/** … so much of the view is found there, and no more than this where it was. */
const MOVED_FOUND = { there: 0.6, inPlace: 0.3 } as const;
/** Detail below this share of the usual one, for so long, is no picture: something is before the lens. */
const BARE = 0.3;
const BARE_SEC = 0.5;

/** Makes the measure. */
export function cameraMeasure(clip: ClipInfo): Measure {
  return new CameraMeasure(clip);
}

class CameraMeasure implements Measure {
  private readonly clip: ClipInfo;
  private readonly shake = new ShakeWatch();
  private readonly position = new PositionWatch();
  private readonly covered = new Stretch(BARE_SEC);
  private readonly lost = new Stretch(BARE_SEC);
  private readonly detail = new Histogram(64, 2048);
  private cuts = 0;
  private firstCut: Place | undefined;

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add(frame: FrameView): void {
    const { index, timeSec, cut } = frame;
    const offset = offsetOf(frame);
    this.shake.add(offset);
    const detail = detailOf(frame.small);
    const isUniform = detail < UNIFORM;
    const isBare = !isUniform && this.detail.count >= 5 && detail < BARE * this.detail.quantile(0.5);
    if (!isUniform && !isBare) this.detail.add(detail);
    this.lost.add(frame, isUniform);
    this.covered.add(frame, isBare);
    // The detector looks at less; what it takes for a cut while a fixed camera is moved is part of that motion.
    const isShot = cut && !isBare && !isUniform && this.position.isOther(frame);
    if (isShot) this.cuts++;
    if (isShot) this.firstCut ??= { frame: index, timeSec };
    if (!isUniform && !isBare) this.position.add(frame, offset, isShot);
  }

  finish(): Reading[] {
    const { clip, shake, position, covered, lost } = this;
    const shakePx = shake.rms();
    return [
      ...(shakePx === undefined
        ? []
        : [{ key: "shake" as const, value: atRows(clip, shakePx), facts: { px: shakePx } }]),
      { key: "cuts", value: this.cuts, at: this.firstCut },
      ...position.readings(clip),
      { key: "covered", value: covered.seconds, at: covered.at },
      { key: "signalLost", value: lost.seconds, at: lost.at },
    ];
  }
}

/**
 * Shake: positions that jitter by σ along an axis have third differences with a deviation of √20 σ; a steady or smoothly
 * bent path has almost none. From the median, so that a few bumps do not count.
 */
class ShakeWatch {
  /** Of the last two frames, the later one last. */
  private before: readonly [Offset, Offset] = [undefined, undefined];
  private readonly differences = new Histogram(64, 4096);

  add(offset: Offset): void {
    const [first, second] = this.before;
    this.before = [second, offset];
    if (first === undefined || second === undefined || offset === undefined) return;
    const [dx, dy] = [0, 1].map((axis) => offset[axis] - 2 * second[axis] + first[axis]);
    this.differences.add(Math.hypot(dx, dy));
  }

  /** Root mean square distance from the steady path, pixels. */
  rms(): number | undefined {
    if (this.differences.count < 5) return undefined;
    // The median of a Rayleigh distribution is √(2 ln 2) of its scale.
    return (this.differences.quantile(0.5) / Math.sqrt(2 * Math.LN2) / Math.sqrt(20)) * Math.SQRT2;
  }
}

/** A stretch of frames that last for at least so long; the longest is kept. */
class Stretch {
  private readonly leastSec: number;
  private from: Place | undefined;
  at: Place | undefined;
  seconds = 0;

  constructor(leastSec: number) {
    this.leastSec = leastSec;
  }

  add({ index, timeSec }: FrameView, isOn: boolean): void {
    if (!isOn) {
      this.from = undefined;
      return;
    }
    this.from ??= { frame: index, timeSec };
    const seconds = timeSec - this.from.timeSec;
    if (seconds >= this.leastSec && seconds > this.seconds) [this.seconds, this.at] = [seconds, this.from];
  }
}

/** Follows where a camera that stands still points. */
class PositionWatch {
  private view: GreyPicture | undefined;
  private settledSince: number | undefined;
  private comparedSec = -Infinity;
  private began: Place | undefined;
  private readonly frames = { all: 0, settled: 0 };
  private readonly turns: Place[] = [];
  private turned = 0;
  private readonly shift = { px: 0, at: undefined as Place | undefined };
  private seen: { px: number; at: Place | undefined; times: number } = { px: 0, at: undefined, times: 0 };

  /** Whether a frame shows another view than that of a camera that stood still until now, or than the frame before. */
  isOther({ small, previous }: FrameView): boolean {
    if (this.view !== undefined && this.settledSince === undefined) return false;
    const before = this.view ?? structureOf(previous?.small ?? small);
    return findView(structureOf(small), before).found < SAME_VIEW;
  }

  /** @param isShot another shot begins: its view has nothing to do with the one before. */
  add(frame: FrameView, offset: Offset, isShot: boolean): void {
    const { timeSec, index, factor } = frame;
    if (isShot) [this.view, this.settledSince, this.began] = [undefined, undefined, undefined];
    this.frames.all++;
    if (offset === undefined || Math.hypot(...offset) > SETTLED * factor) {
      if (frame.previous !== undefined && this.view !== undefined) this.began ??= { frame: index, timeSec };
      this.settledSince = undefined;
      return;
    }
    this.frames.settled++;
    this.settledSince ??= timeSec;
    const isDue = timeSec - this.comparedSec >= SETTLE_SEC && timeSec - this.settledSince >= SETTLE_SEC;
    if (isDue) this.compare(frame);
  }

  private compare({ small, timeSec, index, factor }: FrameView): void {
    this.comparedSec = timeSec;
    const now = structureOf(small);
    const began = this.began ?? { frame: index, timeSec };
    this.began = undefined;
    if (this.view === undefined) {
      this.view = now;
      return;
    }
    const { found, inPlace, dx, dy } = findView(now, this.view);
    const isMoved = found >= MOVED_FOUND.there && inPlace <= MOVED_FOUND.inPlace;
    const px = isMoved ? Math.hypot(dx, dy) : 0;
    if (found < SAME_VIEW) {
      this.turned++;
      if (this.turns.length === 0) this.turns.push(began);
      this.view = now;
    } else this.noteShift({ px: px >= MOVED ? px * factor : 0, at: began });
  }

  /** A shift counts when it is found several times in a row: what passes by does not stay. */
  private noteShift(found: { readonly px: number; readonly at: Place }): void {
    const { seen, shift } = this;
    const isSame = found.px > 0 && Math.abs(found.px - seen.px) <= 0.25 * found.px;
    this.seen = isSame ? { ...seen, times: seen.times + 1 } : { ...found, times: 1 };
    if (this.seen.times >= MOVED_TIMES && this.seen.px > shift.px) [shift.px, shift.at] = [this.seen.px, this.seen.at];
  }

  readings(clip: ClipInfo): Reading[] {
    const { all, settled } = this.frames;
    const fixed = (100 * settled) / Math.max(1, all);
    if (settled < FIXED * all || settled < 5) return [{ key: "fixed", value: fixed }];
    return [
      { key: "fixed", value: fixed },
      { key: "turned", value: this.turned, at: this.turns[0] },
      {
        key: "shift",
        value: atRows(clip, this.shift.px),
        at: this.shift.at,
        facts: { px: this.shift.px },
      },
    ];
  }
}
