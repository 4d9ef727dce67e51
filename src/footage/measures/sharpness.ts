/**
 * @file Sharpness: how wide edges are where nothing moves (focus, lens, scaling), how far moving things smear along
 * their motion, and whether the focus is lost on the way. Looks at every pixel of a few frames.
 */
import { type Edge, forEdges, meanLine } from "../edges.ts";
import { type ClipInfo, type FrameView, meanRate, type Place } from "../frameView.ts";
import { Histogram } from "../histogram.ts";
import { atRows, type Measure, type Reading } from "../measure.ts";
import { Worst } from "../worst.ts";

/** Every so-manieth row and column is looked at. */
const LINE_STEP = 8;
/** Edges lower than this are texture or noise, grey levels; and than this share of the picture's contrast. */
const LEAST_HEIGHT = 24;
const LEAST_SHARE = 0.2;
/** What moves by less than this stands still, what moves by more than that can smear; frame pixels at 480 rows. */
const STILL = 0.75;
const MOVING = 4;
/** Motion is along a line if it is at most this share across it. */
const ACROSS = 0.5;
/** Edges of a picture that is in focus: this share of them is narrower. */
const FOCUS = 0.25;
/** Edges along the motion that are wider by no more than this factor are as wide as the others. */
const ALIKE = 1.1;
/** Moving things may smear over so many pixels. */
const SHARP_PX = 2;
const SHUTTERS = [50, 100, 125, 250, 500, 1000, 2000, 4000, 8000] as const;
/** The fewest edges that say anything. */
const LEAST_EDGES = 60;
/** Focus is lost where edges become so many times as wide as they usually are, … */
const LOST = 1.8;
/** … for this long, seconds. */
const LOST_SEC = 1;

/** Makes the measure. */
export function sharpnessMeasure(clip: ClipInfo): Measure {
  return new Sharpness(clip);
}

class Sharpness implements Measure {
  private readonly clip: ClipInfo;
  /** Widths in pixels: of still edges, of moving ones along and across their motion. */
  private readonly still = new Histogram(64, 2048);
  private readonly every = new Histogram(64, 2048);
  private readonly along = new Histogram(64, 2048);
  private readonly across = new Histogram(64, 2048);
  /** Pixels a frame of the edges along their motion. */
  private readonly speed = new Histogram(256, 1024);
  private readonly worst = new Worst();
  private readonly worstSmear = new Worst();
  private readonly focus = new FocusWatch();

  constructor(clip: ClipInfo) {
    this.clip = clip;
  }

  add(frame: FrameView): void {
    if (!frame.detailed) return;
    const { width, height } = frame.picture;
    const own = { all: new Histogram(64, 512), along: new Histogram(64, 512) };
    const luma = frame.luma();
    const least = Math.max(LEAST_HEIGHT, LEAST_SHARE * contrastOf(luma));
    for (const along of ["row", "column"] as const)
      for (let index = LINE_STEP >> 1; index < (along === "row" ? height : width); index += LINE_STEP)
        forEdges(meanLine(luma, [width, height], { along, index }), least, (edge) =>
          this.see(frame, { along, index, edge }, own),
        );
    if (own.all.count < LEAST_EDGES) return;
    this.worst.add(frame, own.all.quantile(FOCUS));
    if (own.along.count >= LEAST_EDGES / 4) this.worstSmear.add(frame, own.along.quantile(0.5));
    this.focus.add(frame, own.all.quantile(FOCUS));
  }

  private see(
    { motion }: FrameView,
    { along, index, edge }: { along: "row" | "column"; index: number; edge: Edge },
    own: { all: Histogram; along: Histogram },
  ): void {
    const { width } = edge;
    own.all.add(width);
    this.every.add(width);
    if (motion === undefined) return;
    const { flow } = motion;
    const [x, y] = along === "row" ? [edge.at, index] : [index, edge.at];
    const c = cellAt(flow, x, y);
    if (flow.valid[c] === 0) return;
    const [dx, dy] = [Math.abs(flow.dx[c]), Math.abs(flow.dy[c])];
    const [forth, side] = along === "row" ? [dx, dy] : [dy, dx];
    const [fast, slow] = [MOVING, STILL].map((px) => (px * Math.min(this.clip.width, this.clip.height)) / 480);
    if (Math.max(forth, side) < slow) this.still.add(width);
    else if (side >= fast && forth <= ACROSS * side) this.across.add(width);
    else if (forth >= fast && side <= ACROSS * forth) {
      this.along.add(width);
      this.speed.add(forth);
      own.along.add(width);
    }
  }

  finish(): Reading[] {
    const { clip, still, every, along, across } = this;
    const focused = still.count >= LEAST_EDGES ? still : every;
    if (focused.count < LEAST_EDGES) return [];
    const px = focused.quantile(FOCUS);
    return [
      { key: "blur", value: atRows(clip, px), at: this.worst.at, facts: { px } },
      ...(along.count < LEAST_EDGES ? [] : [this.smear(across.count >= LEAST_EDGES ? across : focused)]),
      { key: "defocused", value: this.focus.seconds, at: this.focus.at },
    ];
  }

  /** What the edges along the motion are wider than those across it: blurs add as squares. */
  private smear(base: Histogram): Reading {
    const across = ALIKE * base.quantile(0.5);
    const px = Math.sqrt(Math.max(0, this.along.quantile(0.5) ** 2 - across ** 2));
    const pxPerFrame = this.speed.quantile(0.5);
    const rate = meanRate(this.clip);
    const open = Math.min(1, px / pxPerFrame);
    return {
      key: "smear",
      value: atRows(this.clip, px),
      at: this.worstSmear.at,
      facts: {
        px,
        pxPerFrame,
        shutter: open > 0 ? rate / open : 0,
        wanted: niceShutter((rate * pxPerFrame) / SHARP_PX),
      },
    };
  }
}

/** The next shorter of the exposure times that cameras have, as 1/s. */
function niceShutter(wanted: number): number {
  return SHUTTERS.find((one) => one >= wanted) ?? SHUTTERS[SHUTTERS.length - 1];
}

/** The cell of a pixel. */
function cellAt(flow: { width: number; height: number; cell: number }, x: number, y: number): number {
  const [column, row] = [Math.floor(x / flow.cell), Math.floor(y / flow.cell)];
  return Math.min(flow.height - 1, row) * flow.width + Math.min(flow.width - 1, column);
}

/** From the 5th to the 95th percentile of some of the pixels. */
function contrastOf(luma: Float32Array): number {
  const step = Math.max(1, Math.floor(luma.length / 4096));
  const some = Float32Array.from({ length: Math.floor(luma.length / step) }, (_, i) => luma[i * step]).sort();
  return some[Math.floor(0.95 * (some.length - 1))] - some[Math.floor(0.05 * (some.length - 1))];
}

/** Finds where edges become wide for a while. */
class FocusWatch {
  private readonly usual = new Histogram(64, 512);
  private lost: Place | undefined;
  at: Place | undefined;
  seconds = 0;

  add({ index, timeSec }: FrameView, width: number): void {
    const isLost = this.usual.count >= 5 && width > LOST * this.usual.quantile(0.5);
    if (!isLost) {
      this.usual.add(width);
      this.lost = undefined;
      return;
    }
    this.lost ??= { frame: index, timeSec };
    const seconds = timeSec - this.lost.timeSec;
    if (seconds >= LOST_SEC && seconds > this.seconds) [this.seconds, this.at] = [seconds, this.lost];
  }
}
