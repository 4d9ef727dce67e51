/**
 * @file Real things in footage without labels, for fitting how things that come back are judged: what moves is found and
 * tracked forward and back, and what comes back to where it began was followed right. In frames of other footage there
 * is nothing of it.
 */
import { discoverThings } from "../../discovery/discoverThings.ts";
import { thingMask } from "../../discovery/thingMasks.ts";
import { labelOverlaps } from "../../metrics/labelOverlap.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import type { Frame } from "../../video/frame.ts";
import { frameList } from "../../video/frameList.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { madeFrame } from "../../video/madeFrame.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeRgb } from "../../video/resize.ts";
import { asSeenIn, type Footage } from "./footage.ts";
import type { TrackingSetup } from "./objectObservations.ts";

/** Times say nothing here. */
const FPS = 25;
/** Things looked for in a clip; those smaller than this part of the picture are left out. */
const THINGS = 2;
const LEAST_AREA = 0.003;
/** Frames that a thing is followed through. */
const FEWEST = 6;
const MOST = 25;
/** IoU of what comes back with what was found, for a thing that was followed right. */
const CAME_BACK = 0.7;
/** Frames of other footage: so many clips, and places in each. */
const OTHERS = 5;
const PLACES = [0.2, 0.5, 0.8];

/**
 * The things of one clip of the footage.
 * @returns for each its frames with its mask as label 1, the frame that shows it best first, then frames of other clips
 * without any.
 * @throws UserError those of tracking
 */
export async function followedThings(
  footage: Footage,
  clip: number,
  setup: TrackingSetup,
  signal?: AbortSignal,
): Promise<LabelledFrame[][]> {
  const seen = asSeenIn(footage, clip);
  const frames = seen[clip].map(frameOf);
  const source = frameList(frames, `clip ${clip}`);
  const asGiven = { ...(setup.threads !== undefined && { threads: setup.threads }), ...(signal && { signal }) };
  const found = await discoverThings({ source, most: THINGS, device: "cpu", ...asGiven });
  const out: LabelledFrame[][] = [];
  for (const thing of found) {
    const around = fromFrame(frames, thing.frame);
    const first = thingMask(around[0], [{ id: 1, thing }]);
    if (around.length < FEWEST || areaOf(first) < LEAST_AREA * first.data.length) continue;
    const followed = await follow(around, first, setup, signal);
    if (followed !== undefined) out.push([...followed, ...without(elsewhere(seen, clip), followed.length, first)]);
  }
  return out;
}

/** From a frame on, forward or back in time, wherever there is more. */
function fromFrame(frames: readonly Frame[], index: number): Frame[] {
  const forward = frames.slice(index);
  const back = frames.slice(0, index + 1).toReversed();
  return (forward.length >= back.length ? forward : back).slice(0, MOST).map(frameOf);
}

/** Its masks; undefined where it does not come back to where it began, or the shot does not last. */
async function follow(
  frames: readonly Frame[],
  first: LabelMap,
  setup: TrackingSetup,
  signal: AbortSignal | undefined,
): Promise<LabelledFrame[] | undefined> {
  const there = await tracked(frames, first, setup, signal);
  const last = there?.at(-1);
  if (there === undefined || last === undefined || areaOf(last) === 0) return undefined;
  const back = await tracked(frames.toReversed().map(frameOf), last, setup, signal);
  const came = back?.at(-1);
  if (came === undefined || labelOverlaps(came, first)(1).iou < CAME_BACK) return undefined;
  return frames.map((frame, i) => ({ frame, labels: there[i] }));
}

/** Undefined where the camera cuts. */
async function tracked(
  frames: readonly Frame[],
  first: LabelMap,
  setup: TrackingSetup,
  signal: AbortSignal | undefined,
): Promise<LabelMap[] | undefined> {
  const out: LabelMap[] = [];
  for await (const { labels, cut } of propagateMasks({
    ...setup,
    source: frameList(frames, "a thing"),
    first,
    signal,
  })) {
    if (cut && out.length > 0) return undefined;
    out.push(labels);
  }
  return out;
}

/** Frames of the clips before this one. */
function elsewhere(footage: Footage, clip: number): RgbPicture[] {
  const others = Array.from({ length: Math.min(OTHERS, footage.length - 1) }, (_, i) => footage.at(clip - 1 - i) ?? []);
  return others.flatMap((pictures) => PLACES.map((place) => pictures[Math.floor(place * pictures.length)]));
}

/** Frames of one size without any object. */
function without(pictures: readonly RgbPicture[], start: number, { width, height }: LabelMap): LabelledFrame[] {
  const labels = { width, height, data: new Uint8Array(width * height) };
  return pictures.map((picture, i) => ({
    frame: frameOf({ width, height, data: resizeRgb(picture, width, height) }, start + i),
    labels,
  }));
}

const frameOf = (picture: RgbPicture, index: number): Frame => madeFrame(picture, index, FPS);

function areaOf({ data }: LabelMap): number {
  return data.reduce((sum, label) => sum + Number(label > 0), 0);
}
