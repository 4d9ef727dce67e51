/** @file What a format cannot hold, counted while it is written, so that nothing is dropped without a word. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { objectIdsIn } from "../annotations/mask.ts";
import { isKey, isVisible, type Verdict } from "../annotations/verdict.ts";
import { VOID } from "../video/labelMap.ts";

/** What a format can hold. */
export interface Holdings {
  /** Masks and polygons, in whichever form. */
  readonly extents: boolean;
  /** Boxes; of masks and polygons where these cannot be held. */
  readonly boxes: boolean;
  readonly points: boolean;
  /** Which things of several frames are the same. */
  readonly tracks: boolean;
  /** What kind of thing each is. */
  readonly classes: boolean;
  /** Names of things, other than class and number. */
  readonly names: boolean;
  readonly confidence: boolean;
  /** That a thing is partly covered. */
  readonly occluded: boolean;
  /** That a thing is not visible in a frame, or ends there; `points`: of points alone. */
  readonly hidden: boolean | "points";
  /** Which frames a tool filled in. */
  readonly keys: boolean;
  readonly times: boolean;
  readonly skeleton: boolean;
}

/** For formats that hold little: all that is not named is not held. */
export const HOLDS_NOTHING: Holdings = {
  extents: false,
  boxes: false,
  points: false,
  tracks: false,
  classes: false,
  names: false,
  confidence: false,
  occluded: false,
  hidden: false,
  keys: false,
  times: false,
  skeleton: false,
};

/** What is said of each: what it is, and what happens to it. */
const WORDS: Readonly<Record<string, string>> = {
  extents: "no masks: left out %s",
  boxed: "no masks: wrote boxes instead of %s",
  boxes: "no boxes: left out %s",
  points: "no points: left out %s",
  tracks: "no tracks: dropped the ids of %s",
  classes: "no classes: dropped those of %s",
  names: "no names: dropped those of %s",
  confidence: "no confidence: dropped %s",
  occluded: "no word for partly covered: wrote %s as any other",
  hidden: "no word for what is not visible: left out %s",
  ends: "no ends: left out %s",
  keys: "no word for what a tool filled in: wrote %s as if drawn",
  times: "no times: dropped those of %s",
  skeleton: "no skeletons: left out %s",
  void: "no void: wrote that of %s as background",
};

const UNITS: Readonly<Record<string, string>> = {
  extents: "mask",
  boxed: "mask",
  boxes: "box",
  points: "point",
  tracks: "object",
  classes: "object",
  names: "object",
  confidence: "value",
  occluded: "shape",
  hidden: "shape",
  ends: "end",
  keys: "shape",
  times: "frame",
  skeleton: "line",
  void: "frame",
};

/** Counts by what is lost. */
export class Losses {
  private readonly format: string;
  private readonly holds: Holdings;
  private readonly counts = new Map<string, number>();
  private readonly told = new Map<string, number>();
  private readonly seen = new Map<string, number>();

  /** Shapes so far that the format holds in some form. */
  held = 0;

  /** @param format its name in messages. */
  constructor(format: string, holds: Holdings) {
    this.format = format;
    this.holds = holds;
  }

  /** Passes frames on, and counts what of them the format does not hold. */
  async *watch({ objects, skeleton = [], frames }: AnnotationStream): AsyncGenerator<FrameAnnotation, void, void> {
    const { holds } = this;
    if (!holds.classes) this.add("classes", objects.filter(({ class: kind }) => kind !== undefined).length);
    if (!holds.skeleton) this.add("skeleton", skeleton.length);
    const named = new Set<string>();
    const nameOf = new Map(objects.map(({ id, name }) => [id, name]));
    for await (const frame of frames) {
      const ids = frame.mask === undefined ? [] : objectIdsIn(frame.mask);
      this.count(frame, ids.length);
      for (const name of namesIn(
        frame,
        ids.map((id) => nameOf.get(id) ?? String(id)),
      ))
        this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
      yield frame;
    }
    for (const { name, class: kind } of objects) if (isOwnName(name, kind, holds)) named.add(name);
    if (!holds.names) this.add("names", named.size);
    if (!holds.tracks) this.add("tracks", [...this.seen.values()].filter((count) => count > 1).length);
  }

  /** Something that only the format itself knows of: `%s` in the text is the number of `unit`. */
  tell(text: string, count = 1): void {
    this.told.set(text, (this.told.get(text) ?? 0) + count);
  }

  /** One line for each loss. */
  get lines(): string[] {
    const general = [...this.counts].map(([what, count]) => WORDS[what].replace("%s", counted(count, UNITS[what])));
    const own = [...this.told].map(([text, count]) => text.replace("%s", String(count)));
    return [...general, ...own].map((text) => `${this.format} holds ${text}`);
  }

  private add(what: string, count: number): void {
    if (count > 0) this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  private count(frame: FrameAnnotation, masks: number): void {
    const { holds } = this;
    const { mask, boxes = [], polygons = [], points = [], verdicts = [], ends = [], timeSec } = frame;
    if (!holds.extents) this.add(holds.boxes ? "boxed" : "extents", masks + polygons.length);
    this.held += (holds.extents || holds.boxes ? masks + polygons.length : 0) + (holds.boxes ? boxes.length : 0);
    this.held += holds.points ? points.length : 0;
    const extents = new Set(polygons.map(({ name }) => name));
    if (!holds.boxes) this.add("boxes", boxes.filter(({ name }) => !(holds.extents && extents.has(name))).length);
    if (!holds.points) this.add("points", points.length);
    if (!holds.times && timeSec !== undefined) this.add("times", 1);
    if (holds.hidden !== true) this.add("ends", ends.length);
    if (mask !== undefined && mask.data.includes(VOID)) this.add("void", 1);
    const held: Verdict[] = [
      ...(holds.extents || holds.boxes ? [...verdicts, ...polygons] : []),
      ...(holds.boxes ? boxes : []),
      ...(holds.points ? points : []),
    ];
    this.countVerdicts(held);
    const mayHide: readonly Verdict[] = holds.hidden === true ? held : holds.hidden === "points" ? points : [];
    this.add("hidden", held.filter((one) => !isVisible(one) && !mayHide.includes(one)).length);
  }

  private countVerdicts(all: readonly Verdict[]): void {
    const { holds } = this;
    const number = (is: (one: Verdict) => boolean): number => all.filter(is).length;
    if (!holds.confidence)
      this.add(
        "confidence",
        number(({ confidence }) => confidence !== undefined),
      );
    if (!holds.occluded)
      this.add(
        "occluded",
        number(({ occluded }) => occluded === true),
      );
    if (!holds.keys)
      this.add(
        "keys",
        number((one) => !isKey(one)),
      );
  }
}

function counted(count: number, unit: string): string {
  const many = unit === "box" ? "boxes" : `${unit}s`;
  return `${count} ${count === 1 ? unit : many}`;
}

/** Whether a name says more than class and number do; a name without a class is written as one. */
function isOwnName(name: string, kind: string | undefined, { classes }: Holdings): boolean {
  if (/^\d+$/u.test(name)) return false;
  if (kind === undefined) return !classes;
  return name !== kind && !(name.startsWith(kind) && /^ \d+$/u.test(name.slice(kind.length)));
}

function namesIn({ boxes = [], polygons = [], points = [] }: FrameAnnotation, masks: readonly string[]): Set<string> {
  const shapes = [...polygons, ...boxes].map(({ name }) => name);
  return new Set([...shapes, ...masks, ...points.map(({ name, of }) => of?.object ?? name)]);
}
