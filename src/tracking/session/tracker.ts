/**
 * @file Tracking that can be corrected and resumed: labels of any frames go in, in any order; the frames between get
 * theirs; everything lies in a folder. A crash or a stop loses at most the frame in progress.
 */
import { isVisible } from "../../annotations/verdict.ts";
import { counted } from "../../core/counted.ts";
import { UserError } from "../../core/errors.ts";
import { removeAbandoned } from "../../core/files.ts";
import { firstDifference } from "../../core/firstDifference.ts";
import { type Logger, silent } from "../../core/log.ts";
import type { Threads } from "../../core/machine.ts";
import type { FeatureExtractor, PictureSize } from "../../method/features.ts";
import { differenceOf, type Fingerprint, fingerprintOf } from "../../video/fingerprint.ts";
import type { DepthSource } from "../../video/depth/depthMap.ts";
import type { FrameSource } from "../../video/frame.ts";
import { type ArrivalOptions, type ArrivalWish, resolveArrivals } from "../arrivals/arrivalOptions.ts";
import { keptFrames } from "../carry.ts";
import { inputSize, tellShrinking } from "../encodedFrames.ts";
import { MatcherKeeper } from "../matching/matcherKeeper.ts";
import { type BoxShape, outlineMask } from "../masks/boxLabels.ts";
import { type LabelKinds, type Mode, modeFor, modes, smallSize, underMode } from "../modes.ts";
import type { Protocol } from "../protocols.ts";
import { type DiskUse, diskUse } from "./diskUse.ts";
import { knownIn, namedEnds, type NamingKey, requireKnownEnds } from "./ends.ts";
import { Execution, type SessionFrame } from "./execution.ts";
import { inTodaysWords } from "./formerSettings.ts";
import { SessionFolder, type SessionFile } from "./folder.ts";
import { Journal, type SessionRecord } from "./journal.ts";
import { modeAsKept, nameOfMode } from "./keptMode.ts";
import {
  digestOf,
  type FrameLabels,
  type KeyFrame,
  keyFrame,
  type Labelled,
  type MaskOfBoxes,
  mergeKeyFrames,
} from "./keyFrame.ts";
import {
  type Direction,
  type PlannedKey,
  planWork,
  requireLabels,
  resultFrames,
  type TrackRange,
  type Work,
} from "./plan.ts";
import { requireTrackerOptions } from "./trackerOptions.ts";

/** One clip and the folder of its session. */
export interface TrackerOptions extends Threads {
  /** Made with the first label; a session that it holds is resumed. */
  readonly folder: string;
  readonly source: FrameSource;
  /** Stays open; the caller disposes of it. */
  readonly encoder: FeatureExtractor;
  readonly protocol: Protocol;
  /** Default `exact`. With points the encoder's input is limited (`modeFor`); a session keeps the size it began with. */
  readonly mode?: Mode | undefined;
  /** Default `forward`. */
  readonly direction?: Direction;
  /** Frames to track; default all. */
  readonly range?: Partial<TrackRange> | undefined;
  /** What boxes become masks of; default: as in the session that is resumed, `refine` in a new one. */
  readonly boxes?: BoxShape | undefined;
  /** How far away the pixels of the source's frames are; only with objects that have target models. */
  readonly depth?: DepthSource | undefined;
  /** Things that come in are tracked too; then forward only, from the labels of one frame. */
  readonly arrivals?: ArrivalWish | undefined;
  /** What else results depend on, for example the weights' hash: a session resumes only with the same. */
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly logger?: Logger | undefined;
}

/** Nothing is labelled; frames are left to track; they are being tracked; all are done. */
export type TrackerState = "empty" | "ready" | "tracking" | "done";

/** How an iteration is stopped. */
export interface TrackOptions {
  /** Aborting ends the iteration with the signal's reason, within a frame; what was given is on disk. */
  readonly signal?: AbortSignal | undefined;
}

/** How far the frames of one iteration are. */
export interface TrackerProgress {
  /** Frames processed. */
  readonly done: number;
  /** Frames to process; between key frames in both directions every frame counts twice. */
  readonly total: number;
}

/** A session. */
export class Tracker implements AsyncDisposable {
  private readonly options: TrackerOptions;
  private readonly folder: SessionFolder;
  private readonly range: TrackRange;
  private readonly clip: Labelled;
  private readonly boxes: BoxShape;
  private used: Mode;
  /** Whether there is a session in the folder. */
  private hasBegun: boolean;
  private planned: readonly PlannedKey[];
  private journal: Journal | undefined;
  /** Of the source; read when it is first needed. */
  private fingerprint: Fingerprint | undefined;
  private readonly keeper = new MatcherKeeper();
  private current: TrackerState = "empty";
  private count: TrackerProgress = { done: 0, total: 0 };

  private constructor(options: TrackerOptions, session: SessionFile | undefined, keys: readonly PlannedKey[]) {
    const { source, mode = modes.exact } = options;
    this.options = options;
    this.folder = new SessionFolder(options.folder);
    this.range = rangeOf(source, options.range);
    this.used = modeAsKept(mode, session?.settings["mode"]);
    this.hasBegun = session !== undefined;
    const { path, width, height, frameCount } = source;
    const names = new Map(Object.entries(session?.names ?? {}));
    const used = new Set([...names.values(), ...keys.flatMap(({ objects }) => objects)]);
    this.clip = { path, width, height, frameCount, names, used };
    // Sessions of earlier versions knew rectangles only.
    this.boxes = options.boxes ?? (session === undefined ? "refine" : (session.boxes ?? "exact"));
    this.planned = keys;
  }

  /**
   * Opens the session in the folder, or prepares a new one; nothing is written yet.
   * @throws UserError `tracking/options`, `mode/invalid`, `protocol/invalid`, `tracking/range` (empty or beyond the
   * clip), `session/settings` (the folder's results were made with others), `session/video` (the clip is another one
   * now), `json/invalid`
   */
  static async open(options: TrackerOptions): Promise<Tracker> {
    requireTrackerOptions(options);
    const folder = new SessionFolder(options.folder);
    const session = await folder.readSession();
    const tracker = new Tracker(options, session, session === undefined ? [] : await folder.readKeys());
    if (session !== undefined) await tracker.requireSame(session);
    if (session !== undefined) await removeAbandoned(options.folder);
    if (tracker.planned.length > 0) await tracker.updateState();
    return tracker;
  }

  get state(): TrackerState {
    return this.current;
  }

  /** Key frames by frame, without their masks. */
  get keys(): readonly PlannedKey[] {
    return this.planned;
  }

  /** The mode with the size of the encoder's input that the session has, known once something is labelled. */
  get mode(): Mode {
    return this.used;
  }

  /** Names that boxes gave to objects, with the objects' ids. */
  get names(): ReadonlyMap<string, number> {
    return this.clip.names;
  }

  /** Of the latest iteration. */
  get progress(): TrackerProgress {
    return this.count;
  }

  /**
   * Adds labels of a frame; they are on disk when this resolves. A frame may get labels several times, of other
   * objects.
   * @throws UserError `session/busy`, `labels/twice` for what the frame has labels of already, and those of `keyFrame`
   */
  addLabel(labels: FrameLabels): Promise<void> {
    return this.setKey(labels, "refuse");
  }

  /**
   * Replaces what was given or carried in a frame, then tracks again what depends on it: from this frame to the key
   * frames next to it, and further only for objects that those do not name. Everything else stays.
   * @returns the frames that were tracked again
   * @throws UserError `session/busy`, those of `keyFrame` and of `track`
   */
  async *correct(labels: FrameLabels, options: TrackOptions = {}): AsyncGenerator<SessionFrame, void, void> {
    await this.setKey(labels, "replace");
    yield* this.track(options);
  }

  /**
   * Tracks what is not tracked yet. Frames come in the order of the passes, backwards too; a frame is on disk before it
   * is yielded.
   * @throws UserError `session/busy`, `labels/missing`, those of `runPass` and of writing; the signal's reason
   */
  async *track({ signal }: TrackOptions = {}): AsyncGenerator<SessionFrame, void, void> {
    this.requireIdle();
    const plan = this.plan();
    const arrivals = this.arrivals();
    await using _ = await this.folder.lock();
    this.current = "tracking";
    try {
      const execution = await this.execution(signal, arrivals);
      this.count = { done: 0, total: await execution.steps(plan) };
      if (this.count.total > 0) this.tellShrinking();
      for await (const frame of execution.run(plan)) yield frame;
      await this.tidy(plan);
    } finally {
      await this.keeper[Symbol.asyncDispose]();
      await this.updateState();
    }
  }

  /**
   * As `track`, for a session that exists already.
   * @throws UserError `session/none` where there is none, and as `track`
   */
  async *resume(options: TrackOptions = {}): AsyncGenerator<SessionFrame, void, void> {
    if (this.planned.length === 0)
      throw new UserError("session/none", {
        what: `${this.options.folder} holds no session to resume`,
        todo: "label a frame and track first, or name the folder of a session",
      });
    yield* this.track(options);
  }

  /** What the journal has of the frames to track, by frame. */
  async *records(): AsyncGenerator<SessionRecord, void, void> {
    const journal = await this.openJournal();
    const runs = runsOf(this.plan(), this.clip.frameCount);
    let cutAfter = -2;
    for (let frame = 0; frame < runs.length; frame++) {
      const run = runs[frame];
      const record = run !== undefined && journal.has(frame, run) ? await journal.read(frame) : undefined;
      if (record !== undefined) yield { ...record, cut: record.cut === "before" || cutAfter === frame - 1 };
      if (record?.cut === "after") cutAfter = frame;
    }
  }

  /** Frames to track. */
  get frames(): readonly number[] {
    return this.plan()
      .flatMap((work) => resultFrames(work).frames)
      .sort((a, b) => a - b);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal?.[Symbol.asyncDispose]();
    this.journal = undefined;
  }

  /**
   * Afterwards each of the frames has exactly these labels; other key frames stay, and labels that are there already
   * change nothing. All are checked before any is written.
   * @throws UserError as `addLabel`; `labels/end` for an end of something that no frame labels; `labels/twice` when
   * several of these name the same object in one frame, `labels/missing` when no key frame would lie in the range, `arrivals/*` when
   * things that come in could not be tracked from them
   */
  async setLabels(labels: readonly FrameLabels[]): Promise<void> {
    this.requireIdle();
    const keys = this.keysOf(labels, this.planned);
    requireLabels([...keys.keys(), ...this.planned.map(({ frame }) => frame)], this.range);
    this.arrivals([...keys.values(), ...this.planned.filter(({ frame }) => !keys.has(frame))]);
    await using _ = await this.folder.lock();
    this.chooseSize([...keys.values()]);
    for (const key of keys.values()) {
      const own = labels.filter(({ frame }) => frame === key.frame);
      const given = this.refines(own) ? digestOf(key) : undefined;
      const isThere = this.planned.some((one) => one.frame === key.frame && one.given === given);
      if (given === undefined) await this.keep(key);
      else if (!isThere) {
        const outlined = this.keysOf(own, [...keys.values(), ...this.planned], await this.outlines(key.frame));
        await this.keep(outlined.get(key.frame) ?? key, given);
      }
    }
  }

  /** Estimates the disk space that the frames left to track will take. */
  async diskUse(): Promise<DiskUse> {
    const { source, encoder, protocol } = this.options;
    const { mode } = this;
    const plan = this.plan();
    const size = inputSize(source, { protocol, mode }, encoder.stride);
    const small = protocol.target !== "none" ? smallSize(size, mode, encoder.stride) : undefined;
    const [cells, others] = [size, small].map((one) => (one === undefined ? 0 : cellsOf(one, encoder.stride)));
    const alive = plan.map((work) => work.alive);
    const [objects, points] = [
      largest(alive.map((one) => one.objects.length)),
      largest(alive.map((one) => one.points.length)),
    ];
    const waiting = largest(plan.map((work) => (work.kind === "ahead" ? work.count : 0)));
    const kept = largest(alive.map((one) => keptFrames(underMode(protocol, mode), one.points.length > 0))) + 2;
    return diskUse({
      frames: (await this.execution()).unfinished(plan),
      objects,
      points,
      maskBytes: this.hasObjects ? await this.folder.keyBytes(this.planned[0].frame) : 0,
      savedFrames: Math.max(kept, waiting),
      values: cells * (1 + objects + points) + others * (1 + objects),
    });
  }

  private async setKey(labels: FrameLabels, twice: "refuse" | "replace"): Promise<void> {
    this.requireIdle();
    const exact = keyFrame(labels, this.clip);
    const refines = this.refines([labels]);
    const key = refines ? keyFrame(labels, this.clip, await this.outlines(exact.frame)) : exact;
    const there = this.planned.some(({ frame }) => frame === key.frame);
    const whole = there ? mergeKeyFrames(await this.folder.readKey(key.frame), key, twice, nameOf(labels)) : key;
    await using _ = await this.folder.lock();
    this.chooseSize([whole]);
    await this.keep(whole, refines && !there ? digestOf(exact) : undefined);
  }

  /**
   * Labels by frame, each frame's as one.
   * @param others what may end besides what these name
   * @throws UserError as `setLabels`
   */
  private keysOf(
    labels: readonly FrameLabels[],
    others: readonly NamingKey[],
    maskOf?: MaskOfBoxes,
  ): Map<number, KeyFrame> {
    const keys = new Map<number, KeyFrame>();
    // Masks first: a box without an id gets one that no mask has.
    for (const one of labels.toSorted((a, b) => Number(a.mask === undefined) - Number(b.mask === undefined))) {
      const ended = namedEnds(one, knownIn([...keys.values(), ...others]), this.clip.names);
      const key = keyFrame(ended, this.clip, maskOf);
      const other = keys.get(key.frame);
      keys.set(key.frame, other === undefined ? key : mergeKeyFrames(other, key, "refuse", nameOf(one)));
    }
    const known = knownIn([...keys.values(), ...others]);
    for (const one of labels) requireKnownEnds(namedEnds(one, known, this.clip.names), known);
    return keys;
  }

  private refines(labels: readonly FrameLabels[]): boolean {
    return this.boxes === "refine" && labels.some(({ boxes = [] }) => boxes.some(isVisible));
  }

  private async outlines(index: number): Promise<MaskOfBoxes> {
    const { source, logger } = this.options;
    const picture = await source.frame(index);
    return (boxes) => outlineMask(boxes, picture, logger);
  }

  /** The first labels decide how large frames are encoded. */
  private chooseSize(keys: readonly KeyFrame[]): void {
    if (this.hasBegun) return;
    this.used = modeFor(this.options.mode ?? modes.exact, kindsOf(keys));
  }

  private tellShrinking(): void {
    const { source, encoder, protocol, logger = silent } = this.options;
    tellShrinking(source, { protocol, mode: this.mode }, encoder.stride, logger);
  }

  /** @param given see `PlannedKey`. */
  private async keep(key: KeyFrame, given?: string): Promise<void> {
    const there = this.planned.find(({ frame }) => frame === key.frame);
    if (there?.digest === digestOf(key) && there.given === given) return;
    await this.writeSession();
    const planned = await this.folder.writeKey(key, given);
    this.planned = [...this.planned.filter(({ frame }) => frame !== key.frame), planned].sort(
      (a, b) => a.frame - b.frame,
    );
    await this.updateState();
  }

  /** Whether any object was ever named. */
  get hasObjects(): boolean {
    return this.planned.some(({ objects }) => objects.length > 0);
  }

  /** Whether any point was ever named. */
  get hasPoints(): boolean {
    return this.planned.some(({ points }) => points.length > 0);
  }

  private async writeSession(): Promise<void> {
    const { path, width, height, frameCount, names } = this.clip;
    this.fingerprint ??= await fingerprintOf(this.options.source);
    await this.folder.writeSession({
      format: 1,
      video: path,
      width,
      height,
      frameCount,
      fingerprint: this.fingerprint,
      boxes: this.boxes,
      settings: this.settings,
      names: Object.fromEntries(names),
    });
    this.hasBegun = true;
  }

  /** All that results depend on beside the labels. */
  private get settings(): Readonly<Record<string, unknown>> {
    const { protocol, encoder, depth, arrivals, identity = {} } = this.options;
    const more = { ...(depth && { depth: depth.fingerprint }), ...(arrivals && { arrivals }) };
    return { protocol, mode: this.mode, encoder: encoder.name, ...more, ...identity };
  }

  private plan(): Work[] {
    const { direction = "forward" } = this.options;
    return planWork({ keys: this.planned, direction, range: this.range, settings: canonical(this.settings) });
  }

  /** Drops lines that later ones replaced, and sorts the rest by frame. */
  private async tidy(plan: readonly Work[]): Promise<void> {
    const journal = await this.openJournal();
    if (journal.isTidy) return;
    const runs = runsOf(plan, this.clip.frameCount);
    await journal.tidy((frame) => journal.has(frame, runs[frame] ?? ""));
  }

  /** Ready or done, by what is left to track. */
  private async updateState(): Promise<void> {
    if (this.planned.every(({ frame }) => frame < this.range.start || frame >= this.range.end)) {
      this.current = this.planned.length === 0 ? "empty" : "ready";
      return;
    }
    this.current = (await (await this.execution()).steps(this.plan())) === 0 ? "done" : "ready";
  }

  private async execution(signal?: AbortSignal, arrivals?: ArrivalOptions): Promise<Execution> {
    const { source, encoder, protocol, depth, threads, logger = silent } = this.options;
    return new Execution({
      passes: {
        source,
        encoder,
        protocol,
        mode: this.mode,
        threads,
        logger,
        keeper: this.keeper,
        depth,
        arrivals,
      },
      folder: this.folder,
      journal: await this.openJournal(),
      signal,
      masks: this.hasObjects,
      onStep: () => (this.count = { ...this.count, done: this.count.done + 1 }),
    });
  }

  /** @throws UserError `arrivals/one-frame`, `arrivals/name`, `arrivals/unknown` */
  private arrivals(keys: readonly Pick<KeyFrame, "objects">[] = this.planned): ArrivalOptions | undefined {
    const { arrivals, direction = "forward" } = this.options;
    if (arrivals === undefined) return undefined;
    const labelled = keys.flatMap(({ objects }) => objects);
    if (direction === "forward" && keys.length === 1)
      return resolveArrivals(arrivals, { labelled, names: this.clip.names });
    throw new UserError("arrivals/one-frame", {
      what: "things that come in are tracked forward, from the labels of one frame",
      got: direction === "forward" ? `labels of ${counted(keys.length, "frame")}` : `direction ${direction}`,
      todo: "label one frame, or track without arrivals",
    });
  }

  private async openJournal(): Promise<Journal> {
    this.journal ??= await Journal.open(this.folder.journal, this.clip.frameCount);
    return this.journal;
  }

  private requireIdle(): void {
    if (this.current !== "tracking") return;
    throw new UserError("session/busy", {
      what: "the session is being tracked",
      todo: "stop that first (with its signal), or wait until it is done",
    });
  }

  /** A moved or renamed file is the same video; another one of the same size and length is not. */
  private async requireSameVideo(session: SessionFile): Promise<void> {
    const { clip, options } = this;
    const known = session.fingerprint;
    const sameSize = sizeOf(session) === sizeOf(clip);
    if (sameSize && known !== undefined) this.fingerprint = await fingerprintOf(options.source);
    const content = known && this.fingerprint && differenceOf(known, this.fingerprint);
    if (sameSize && content === undefined) return;
    throw new UserError("session/video", {
      what: `${options.folder} holds results of another video, or ${clip.path} has changed since`,
      got: sameSize ? `the same size and length, but ${content}` : sizeOf(clip),
      expected: `${sizeOf(session)} (${session.video})`,
      todo: "give the same video, or another folder for the results",
    });
  }

  private async requireSame(session: SessionFile): Promise<void> {
    const { options } = this;
    const { smallRows } = this.mode;
    const { pointMotion } = options.protocol;
    const hasPoints = this.planned.some(({ points }) => points.length > 0);
    const settings = inTodaysWords(session.settings, { smallRows, pointMotion }, hasPoints);
    await this.requireSameVideo(session);
    // What an earlier version did not know does not count, except that things came in, or that depth was known.
    const keys = [...Object.keys(this.settings), ...["arrivals", "depth"].filter((key) => key in settings)];
    const former = Object.fromEntries(keys.map((key) => [key, settings[key]]));
    const other = firstDifference(former, this.settings);
    if (other === undefined) return;
    const names = [this.settings, former].map(({ mode }) => nameOfMode(mode) ?? "one of your own");
    const isMode = other.path.startsWith("mode") && names[0] !== names[1];
    throw new UserError("session/settings", {
      what: `the results in ${options.folder} were made with another ${isMode ? "mode" : `value of ${other.path}`}`,
      got: (isMode ? names[0] : JSON.stringify(other.right)) ?? "none",
      expected: (isMode ? names[1] : JSON.stringify(other.left)) ?? "none",
      todo: "run with the same settings, give another folder, or remove this one to start anew",
    });
  }
}

function cellsOf({ width, height }: PictureSize, stride: number): number {
  return Math.ceil(width / stride) * Math.ceil(height / stride);
}

function kindsOf(keys: readonly KeyFrame[]): LabelKinds {
  if (keys.every(({ objects }) => objects.length === 0)) return "points";
  return keys.some(({ points }) => points.length > 0) ? "both" : "masks";
}

const sizeOf = ({ frameCount, width, height }: Pick<SessionFile, "frameCount" | "width" | "height">): string =>
  `${counted(frameCount, "frame")} of ${width}x${height}`;

const nameOf = ({ frame, name = `the labels of frame ${frame}` }: FrameLabels): string => name;

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** JSON with keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The name that each frame's result has when it is done; undefined for frames that are not tracked. */
function runsOf(plan: readonly Work[], frameCount: number): (string | undefined)[] {
  const runs: (string | undefined)[] = Array.from({ length: frameCount });
  for (const work of plan) {
    const { run, frames } = resultFrames(work);
    for (const frame of frames) runs[frame] = run;
  }
  return runs;
}

/** @throws UserError `tracking/range` */
function rangeOf(
  { path, frameCount }: FrameSource,
  { start = 0, end = frameCount }: Partial<TrackRange> = {},
): TrackRange {
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (whole && start >= 0 && start < end && end <= frameCount) return { start, end };
  throw new UserError("tracking/range", {
    what: start >= end ? "the range to track is empty" : `the range to track goes beyond ${path}`,
    got: `${start}:${end}`,
    expected: `A:B with 0 <= A < B <= ${frameCount}; frame B itself is not in it`,
  });
}
