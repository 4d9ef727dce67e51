/**
 * @file Executes a plan: key frames, passes and merged passes in turn, each result on disk before it is yielded.
 * Results that a plan needs and the journal holds are kept; a pass that was stopped continues after its last frame.
 */
import { clampToFrame } from "../../annotations/point.ts";
import { internal } from "../../core/errors.ts";
import { CutDetector } from "../../motion/cutDetector.ts";
import type { Frame } from "../../video/frame.ts";
import { type LabelMap, onlyObjects } from "../../video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import {
  type CarriedFrame,
  type CarrierState,
  type GivenLabels,
  keptFrames,
  keptTimes,
  lastingTimes,
} from "../carry.ts";
import type { CutSide } from "../confidence/cutWatch.ts";
import { shownCells } from "../confidence/labelShape.ts";
import { GIVEN, type ObjectVerdict } from "../confidence/objectJudge.ts";
import { lookahead } from "../lookahead.ts";
import { emptyMask } from "../masks/firstLabels.ts";
import { underMode } from "../modes.ts";
import { measureObjects, type TrackedObject, withoutSignals } from "../objects.ts";
import { POINT_SEEN } from "../confidence/pointCalibration.ts";
import type { TrackedPoint } from "../points/trackedPoint.ts";
import type { CarriedLabels, SessionFolder } from "./folder.ts";
import type { FrameRecord, Journal } from "./journal.ts";
import { over } from "./keyFrame.ts";
import { mergeCells, type MergedPoint, mergedPoint, type MergeWeights } from "./merge.ts";
import { framesOf, type PassResume, type PassRoute, type PassSettings, type PassState, runPass } from "./pass.ts";
import {
  type Alive,
  isEmpty,
  type KeyWork,
  type MergeWork,
  type PassWork,
  resultFrames,
  type Step,
  type Work,
} from "./plan.ts";

/** A frame with its final labels, as it is on disk now. */
export interface SessionFrame {
  readonly frame: Frame;
  /** At the frame's own size. */
  readonly labels: LabelMap;
  /** One entry for every object that is being carried, in order of the ids. */
  readonly objects: readonly TrackedObject[];
  readonly points: readonly TrackedPoint[];
  /**
   * Where the camera cuts next to this frame, as far as its pass has seen: a backward pass sees cuts after its frames.
   */
  readonly cut: CutSide;
  /** Seconds spent on it; the steps of neighbouring frames run side by side. */
  readonly seconds: Readonly<Record<"read" | "encode" | "match" | "decode" | "write", number>>;
}

/** What a plan is executed with. */
export interface ExecutionOptions {
  readonly passes: PassSettings;
  readonly folder: SessionFolder;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
  /** Whether there are objects at all, and so masks. */
  readonly masks: boolean;
  /** Called for every frame processed, also those whose results come later. */
  readonly onStep?: () => void;
}

/** Labels before they are measured and written. */
interface Found {
  readonly labels: LabelMap;
  /** By object, in the order of those that are carried. */
  readonly verdicts: readonly ObjectVerdict[];
  readonly points: readonly TrackedPoint[];
  readonly cut: CutSide;
}

/** Executes one plan. */
export class Execution {
  private readonly options: ExecutionOptions;

  constructor(options: ExecutionOptions) {
    this.options = options;
  }

  /** Frames left to process, forward passes included. */
  async steps(plan: readonly Work[]): Promise<number> {
    let steps = 0;
    for (const work of plan) {
      if (work.kind === "ahead" || work.kind === "pass") steps += await this.missing(work);
      else steps += this.unfinished([work]);
    }
    return steps;
  }

  /** @throws the reason of the signal, and as `runPass` and writing do */
  async *run(plan: readonly Work[]): AsyncGenerator<SessionFrame, void, void> {
    const runs = plan.flatMap((work) => (work.kind === "merge" ? [work.run, work.back, work.ahead] : [work.run]));
    await this.options.folder.dropRunsBut(new Set(runs));
    for (const work of plan) {
      if (work.kind === "key") yield* this.key(work);
      else if (work.kind === "merge") yield* this.merge(work);
      else if (isEmpty(work.alive)) yield* this.idle(work);
      else yield* this.pass(work);
    }
  }

  /** Frames without a result. */
  unfinished(plan: readonly Work[]): number {
    const { journal } = this.options;
    return plan
      .map(resultFrames)
      .reduce((sum, { run, frames }) => sum + frames.filter((frame) => !journal.has(frame, run)).length, 0);
  }

  private async *key(work: KeyWork): AsyncGenerator<SessionFrame, void, void> {
    const { journal, folder, passes, signal } = this.options;
    const { frame: index, run, alive, carried } = work;
    if (journal.has(index, run)) return;
    signal?.throwIfAborted();
    this.options.onStep?.();
    const given = await folder.readKey(index);
    const before = carried === null ? undefined : await this.carriedTo(index, carried);
    const stay = alive.objects.filter((id) => !given.objects.includes(id));
    const mask = over(before === undefined ? emptyMask(given.mask) : onlyObjects(before.mask, stay), given.mask);
    const verdicts = alive.objects.map((id) => {
      const carried = given.objects.includes(id) ? undefined : before?.verdicts.get(id);
      return carried === undefined ? GIVEN : { ...carried, signals: undefined };
    });
    const known = given.points.map((point) => ({ ...point, visible: true, confidence: 1 }));
    const points = [...(before?.points ?? []), ...known].filter(({ name }) => alive.points.includes(name));
    const inOrder = alive.points.flatMap((name) => points.findLast((point) => point.name === name) ?? []);
    const frame = await passes.source.frame(index);
    const found = { labels: mask, verdicts, points: inOrder, cut: await this.cutBefore(frame) };
    yield await this.finish(frame, run, alive, found, { read: 0, encode: 0, match: 0 });
  }

  /** A key frame begins a pass, which knows nothing of the frame before. */
  private async cutBefore(frame: Frame): Promise<CutSide> {
    if (frame.index === 0) return null;
    const detector = new CutDetector();
    detector.next(await this.options.passes.source.frame(frame.index - 1));
    return detector.next(frame).cut ? "before" : null;
  }

  /** What the pass before found in a key frame: kept for it, or the frame's own result from before it was one. */
  private async carriedTo(index: number, { run }: NonNullable<KeyWork["carried"]>): Promise<CarriedLabels> {
    const { journal, folder } = this.options;
    const kept = await folder.readCarried(index, run);
    if (kept !== undefined) return kept;
    const record = journal.has(index, run) ? await journal.read(index) : undefined;
    if (record === undefined) throw internal(`nothing was carried to frame ${index}`);
    const verdicts = new Map(record.objects.map((object) => [object.id, object]));
    const mask = await this.ownMask(index);
    const carried = { mask, verdicts, points: record.points };
    await folder.writeCarried(index, run, carried);
    return carried;
  }

  private async *pass(work: PassWork): AsyncGenerator<SessionFrame, void, void> {
    const { folder, journal } = this.options;
    const { run, from, step, alive, kind } = work;
    if ((await this.missing(work)) === 0) return;
    const count = work.count + (work.carriesOn ? 1 : 0);
    const route = { from, step, count };
    const labels = await this.labelsAt(from, alive);
    for await (const tracked of this.passFrames(route, labels, run, await this.doneOf(work))) {
      const index = from + step * tracked.time;
      this.options.onStep?.();
      if (tracked.time > work.count) await folder.writeCarried(index, run, carriedLabels(tracked, alive));
      else if (kind === "pass" && !journal.has(index, run))
        yield await this.result(tracked, run, alive, () => foundIn(tracked, step));
      if (kind === "pass") await this.forget(run, alive, tracked.time);
    }
    if (kind === "pass" && work.closed) await folder.dropRun(run);
  }

  /** Where nothing is carried every mask is empty. */
  private async *idle(work: PassWork): AsyncGenerator<SessionFrame, void, void> {
    const { passes, signal, onStep } = this.options;
    const stretch = { first: (await this.doneOf(work)) + 1, last: work.count };
    for await (const frame of framesOf(passes.source, work, [stretch])) {
      signal?.throwIfAborted();
      onStep?.();
      const found = { labels: emptyMask(frame), verdicts: [], points: [], cut: null };
      yield await this.finish(frame, work.run, work.alive, found, { read: 0, encode: 0, match: 0 });
    }
  }

  private async *merge(work: MergeWork): AsyncGenerator<SessionFrame, void, void> {
    const { folder, journal } = this.options;
    const { run, back, from, to, alive } = work;
    const count = to - from - 1;
    const isDone = (time: number): boolean => journal.has(to - time, run);
    if (this.unfinished([work]) === 0) return;
    const route: PassRoute = { from: to, step: -1, count };
    const labels = await this.labelsAt(to, alive);
    for await (const tracked of this.passFrames(route, labels, back, prefix(count, isDone))) {
      const time = to - tracked.time - from;
      const ahead = await folder.readCells(work.ahead, time);
      this.options.onStep?.();
      if (!isDone(tracked.time)) {
        if (ahead === undefined) throw internal(`the pass ahead left nothing of frame ${to - tracked.time}`);
        yield await this.result(tracked, run, alive, () => mergedLabels(tracked, ahead, work));
      }
      await folder.dropCells(work.ahead, time);
      await this.forget(back, alive, tracked.time);
    }
    await folder.dropRun(back);
    await folder.dropRun(work.ahead);
  }

  /** The frames of a pass with their state on disk, while the next is being matched. */
  private async *passFrames(
    route: PassRoute,
    labels: GivenLabels,
    run: string,
    done: number,
  ): AsyncGenerator<CarriedFrame<PassState>, void, void> {
    const { passes, folder, signal } = this.options;
    const resume = await this.resumeAfter(labels.points.length > 0, run, done);
    for await (const tracked of lookahead(runPass(passes, route, labels, resume))) {
      signal?.throwIfAborted();
      await folder.writeCells(run, tracked.time, tracked.state);
      yield tracked;
    }
  }

  /** Undefined when the pass has to start over. */
  private async resumeAfter(hasPoints: boolean, run: string, done: number): Promise<PassResume | undefined> {
    const { passes, folder } = this.options;
    if (done === 0) return undefined;
    const saved = new Map<number, PassState>();
    for (const time of keptTimes(underMode(passes.protocol, passes.mode), hasPoints, done)) {
      const state = await folder.readCells(run, time);
      if (state === undefined) return undefined;
      saved.set(time, state);
    }
    return { time: done, saved };
  }

  /** The key frame's own result. */
  private async labelsAt(index: number, alive: Alive): Promise<GivenLabels> {
    const record = await this.options.journal.read(index);
    const mask = await this.ownMask(index);
    // A point that has ended is only a placeholder: the pass says nothing about it.
    const points = alive.points.map((name) => {
      const { x, y } = record?.points.find((point) => point.name === name) ?? { x: 0, y: 0 };
      return { name, x, y };
    });
    return { mask: onlyObjects(mask, alive.objects), objects: alive.objects, points };
  }

  /** The mask that a frame has. */
  private async ownMask(index: number): Promise<LabelMap> {
    const { folder, masks, passes } = this.options;
    return masks ? readMaskPng(folder.mask(passes.source.names[index])) : emptyMask(passes.source);
  }

  /** Frames at the beginning of a pass that need not be processed again. */
  private async doneOf({ kind, run, from, step, count }: PassWork): Promise<number> {
    if (kind === "pass") return prefix(count, (time) => this.options.journal.has(from + step * time, run));
    const kept = await this.options.folder.cellTimes(run);
    return prefix(count, (time) => kept.has(time));
  }

  /** Frames that a pass still has to go through. */
  private async missing(work: PassWork): Promise<number> {
    const { folder, journal } = this.options;
    const { run, from, step, count, merged, carriesOn } = work;
    const end = from + step * (count + 1);
    const carries = carriesOn && !journal.has(end, run) && (await folder.readCarried(end, run)) === undefined;
    const todo = count + (carriesOn ? 1 : 0) - (await this.doneOf(work));
    if (carries) return todo;
    if (work.kind === "pass") return this.unfinished([work]);
    const kept = await folder.cellTimes(run);
    const needed = Array.from({ length: count }, (_, i) => i + 1).filter(
      (time) => merged !== null && !journal.has(from + time, merged),
    );
    return needed.every((time) => kept.has(time)) ? 0 : todo;
  }

  /** Cells that a pass at `time` needs no more. */
  private async forget(run: string, alive: Alive, time: number): Promise<void> {
    const { passes, folder } = this.options;
    const protocol = underMode(passes.protocol, passes.mode);
    const old = time - keptFrames(protocol, alive.points.length > 0) - 1;
    if (old > 0 && !lastingTimes(protocol).includes(old)) await folder.dropCells(run, old);
  }

  private result(
    tracked: CarriedFrame<PassState>,
    run: string,
    alive: Alive,
    find: () => Found,
  ): Promise<SessionFrame> {
    const begin = performance.now();
    const labels = find();
    const decode = (performance.now() - begin) / 1000;
    const carried = { ...alive, objects: tracked.objects };
    return this.finish(tracked.frame, run, carried, labels, { ...tracked.seconds, decode });
  }

  /** Mask first, then the line that marks it as done. */
  private async finish(
    frame: Frame,
    run: string,
    { objects: ids }: Alive,
    { labels, verdicts, points, cut }: Found,
    seconds: Omit<SessionFrame["seconds"], "decode" | "write"> & { readonly decode?: number },
  ): Promise<SessionFrame> {
    const { folder, journal, masks } = this.options;
    const begin = performance.now();
    const objects = measureObjects(labels, [0, ...ids], (label) => verdicts[label - 1]);
    const { index, name, timeSec } = frame;
    const measured = performance.now();
    if (masks) await writeMaskPng(folder.mask(name), labels);
    const kept = { objects: objects.map(withoutSignals), points: points.map(withoutSignals) };
    const record: FrameRecord = { frame: index, name, timeSec, run, cut, ...kept };
    await journal.append(record);
    const write = (performance.now() - measured) / 1000;
    const decode = (seconds.decode ?? 0) + (measured - begin) / 1000;
    return { frame, labels, objects, points, cut, seconds: { ...seconds, decode, write } };
  }
}

/** How many of 1, 2, … `count` are done without a gap. */
function prefix(count: number, isDone: (time: number) => boolean): number {
  let done = 0;
  while (done < count && isDone(done + 1)) done++;
  return done;
}

function carriedLabels(tracked: CarriedFrame<PassState>, alive: Alive): CarriedLabels {
  const verdicts = new Map(alive.objects.map((id, i) => [id, tracked.verdicts[i]]));
  return { mask: tracked.decode(), verdicts, points: tracked.points };
}

/** A pass's own result. */
function foundIn(tracked: CarriedFrame<PassState>, step: Step): Found {
  const { verdicts, points, cut } = tracked;
  return { labels: tracked.decode(), verdicts, points, cut: cut ? (step === 1 ? "before" : "after") : null };
}

function mergedLabels(
  tracked: CarriedFrame<PassState>,
  before: PassState,
  { from, to, alive, ended }: MergeWork,
): Found {
  const [ahead, own] = [labelState(before), labelState(tracked.state)];
  const near = tracked.time / (to - from);
  const objects = 1 + alive.objects.length;
  const points: MergeWeights["points"] = alive.points.map((name, i) => ({
    // A point that neither pass is sure of lies between both.
    ahead: near * Math.max(pointOf(ahead, i).confidence, 1e-3),
    back: ended.points.includes(name) ? 0 : (1 - near) * Math.max(pointOf(own, i).confidence, 1e-3),
  }));
  const aheadOnly = ended.objects.map((id) => 1 + alive.objects.indexOf(id));
  const columns = { objects, points: alive.points.length, aheadOnly };
  const shown = (of: CarrierState, verdicts: readonly Pick<ObjectVerdict, "visible">[]): Float32Array =>
    shownCells(of.cells, objects + alive.points.length, verdicts);
  const [aheadCells, ownCells] = [shown(ahead, ahead.watch.verdicts), shown(own, tracked.verdicts)];
  const cells = mergeCells(aheadCells, ownCells, columns, { ahead: near, points });
  const { frame, toPixels, grid } = tracked;
  return {
    labels: tracked.decode(cells),
    verdicts: tracked.verdicts.map((back, i) => {
      const first = ahead.watch.verdicts[i];
      const share = ended.objects.includes(alive.objects[i]) ? 1 : near;
      const confidence = share * first.confidence + (1 - share) * back.confidence;
      // What the merged mask has pixels of was seen by one of them.
      return { confidence, visible: first.visible || (share < 1 && back.visible), signals: undefined };
    }),
    points: alive.points.map((name, i) => {
      const both = [pointOf(ahead, i), pointOf(own, i)] as const;
      const { place, confidence } = mergedPoint(cells, grid, objects + i, both, points[i]);
      return { name, ...clampToFrame(toPixels(place), frame), visible: confidence >= POINT_SEEN, confidence };
    }),
    cut: ahead.watch.cut ? "before" : null,
  };
}

/** Where things come in nothing is merged. */
function labelState(state: PassState): CarrierState {
  if ("tracks" in state) throw internal("a pass of things that come in is not merged");
  return state;
}

function pointOf({ points }: CarrierState, i: number): MergedPoint {
  if (points === null) throw internal("cells without points");
  return { place: points.places[i], confidence: points.confidence[i] };
}
