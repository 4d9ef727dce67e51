/** @file Tracks of a whole clip beside its zones: tables, counts, a dashboard, an overlay. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { writeChart } from "../charts/lineChart.ts";
import { UserError } from "../core/errors.ts";
import { requireWritable, writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import type { Destination } from "../outbox/destination.ts";
import { Outbox, runId } from "../outbox/outbox.ts";
import { overlayVideo } from "../results/resultWriter.ts";
import type { Frame, FrameSource } from "../video/frame.ts";
import { openVideoWriter, type VideoWriter } from "../video/writing/writer.ts";
import { type IntervalCount, intervalCounts, type ZoneTotals, zoneTotals } from "./counts.ts";
import { dashboard } from "./dashboard.ts";
import { isDoubtful, type WatchEvent } from "./event.ts";
import { EVENT_LINES, requireOwnEvents, writeEvents } from "./eventFolder.ts";
import { COUNT_COLUMNS, countRow, csvText } from "./eventTable.ts";
import { hearFile } from "./hearing.ts";
import { SightingReader, type WatchedFrame } from "./sighting.ts";
import { Watcher } from "./watcher.ts";
import { ZonePainter } from "./zonePainter.ts";
import { requireFit, type Zones } from "./zones.ts";

/** What is watched, and where results go. */
export interface WatchOptions {
  /** Frames in order, masks and shapes in pixels. */
  readonly tracks: AnnotationStream;
  /** Of the tracks, for messages and the title. */
  readonly name: string;
  readonly zones: Zones;
  /** Of the zones' file, for messages. */
  readonly zonesName: string;
  readonly out: string;
  /** The clip; an overlay is drawn on it. */
  readonly clip?: FrameSource | undefined;
  /** A file whose sound is listened to while the tracks last; its events are told beside those of the zones. */
  readonly sound?: string | undefined;
  /** Of tracks without times. */
  readonly fps?: number | undefined;
  /** Get the events once all are known. Closed at the end. */
  readonly send?: readonly Destination[] | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What happened. */
export interface WatchOutcome {
  /** In order of time. */
  readonly events: readonly WatchEvent[];
  readonly totals: readonly ZoneTotals[];
  readonly counts: readonly IntervalCount[];
  readonly frames: number;
  /** Different things. */
  readonly things: number;
  /** Seconds of the first and the last frame. */
  readonly span: readonly [number, number];
  /** Paths. */
  readonly files: { readonly events: string; readonly dashboard: string; readonly overlay: string | null };
  /** Addresses that have not taken all events; the same call sends the rest. */
  readonly unsent: readonly string[];
}

/**
 * Writes `events.csv`, `events.jsonl`, `counts.csv`, `summary.json`, `dashboard.svg` and `.png`, and with a clip
 * `overlay.mp4`.
 * @throws UserError `zones/size`, `zones/shape`, `events/time`, `events/order`, `events/nothing`, `events/class`,
 * `events/used`, `lock/busy`, `file/write`, with sound those of `hearFile`
 */
export async function watchTracks(options: WatchOptions): Promise<WatchOutcome> {
  const { tracks, zones, zonesName, out, clip, name } = options;
  await requireWritable(out);
  await requireOwnEvents(out, FORMAT);
  const size = tracks.size ?? clip;
  if (size !== undefined) requireFit(zones, size, zonesName);
  const { times, ...seen } = await watched(options);
  const { span, frames, things, overlay } = seen;
  const heard = options.sound === undefined ? [] : (await hearFile(options.sound, times, options.logger)).events;
  const events = [...seen.events, ...heard].toSorted((a, b) => a.timeSec - b.timeSec);
  const totals = zoneTotals(events, zones);
  const counts = intervalCounts(events, zones, span);
  const path = (file: string): string => join(out, file);
  await writeEvents(out, events);
  await writeFileAtomic(path("counts.csv"), csvText(COUNT_COLUMNS, counts.map(countRow)));
  await writeChart(path("dashboard"), dashboard({ title: name, events, totals, counts, span }, zones));
  const doubtful = events.filter(isDoubtful).length;
  const summary = {
    format: FORMAT,
    tracks: name,
    frames,
    things,
    startSec: span[0],
    endSec: span[1],
    events: events.length,
    doubtful,
    totals,
  };
  await writeFileAtomic(path("summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
  const files = { events: path("events.csv"), dashboard: path("dashboard.png"), overlay };
  const unsent = await sendEvents(out, name, options);
  return { events, totals, counts, frames, things, span, files, unsent };
}

/** Marks `summary.json`. */
const FORMAT = "tsumugi-events/1";

/** Events that a run before has sent are not sent again; other events than those of that run are all sent. */
async function sendEvents(
  out: string,
  source: string,
  { send = [], logger }: Pick<WatchOptions, "send" | "logger">,
): Promise<readonly string[]> {
  const file = join(out, EVENT_LINES);
  const text = await readFile(file);
  await using outbox = await Outbox.open({
    file,
    run: runId([source, text.toString("utf8")]),
    source,
    destinations: send,
    logger,
  });
  outbox.commit(text.length);
  return await outbox.settle();
}

async function watched({ tracks, name, zones, zonesName, out, clip, sound, fps, logger, signal }: WatchOptions) {
  const reader = new SightingReader(tracks, zones.anchor, fps);
  const watcher = new Watcher(zones);
  await using overlay =
    clip === undefined ? undefined : await Overlay.open(join(out, "overlay.mp4"), clip, zones, logger);
  const events: WatchEvent[] = [];
  const [things, classes] = [new Set<string>(), new Set<string>()];
  let first: WatchedFrame | undefined;
  let last: WatchedFrame | undefined;
  let frames = 0;
  const times = { timesSec: [] as number[], indices: [] as number[] };
  for await (const annotated of tracks.frames) {
    signal.throwIfAborted();
    const frame = reader.read(annotated);
    requireLater(last, frame, name);
    for (const thing of frame.sightings) {
      things.add(thing.name);
      classes.add(thing.class);
    }
    const told = watcher.next(frame);
    events.push(...told);
    await overlay?.draw(annotated, frame, told, watcher.occupancy);
    first ??= frame;
    last = frame;
    if (sound !== undefined) {
      times.timesSec.push(frame.timeSec);
      times.indices.push(frame.frame);
    }
    frames++;
    if (frames % 100 === 0) logger.progress(`watched ${frames} frames`);
  }
  if (first === undefined || last === undefined || things.size === 0)
    throw new UserError("events/nothing", { what: `${name} has no masks, boxes or points`, todo: "check the path" });
  requireClasses(zones, classes, zonesName);
  events.push(...watcher.end());
  await overlay?.finish();
  const span = [first.timeSec, last.timeSec] as const;
  return { events, times, span, frames, things: things.size, overlay: overlay?.path ?? null };
}

/** @throws UserError `events/order` */
function requireLater(before: WatchedFrame | undefined, { frame, timeSec }: WatchedFrame, name: string): void {
  if (before === undefined || timeSec > before.timeSec) return;
  throw new UserError("events/order", {
    what: `the frames of ${name} are not in order`,
    got: `frame ${frame} at ${timeSec} s after frame ${before.frame} at ${before.timeSec} s`,
    expected: "every frame once, in order",
  });
}

/** @throws UserError `events/class` */
function requireClasses({ lines, areas, distances }: Zones, classes: ReadonlySet<string>, where: string): void {
  for (const { name, class: kind } of [...lines, ...areas, ...distances])
    if (kind !== undefined && !classes.has(kind))
      throw new UserError("events/class", {
        what: `${where}: "${name}" counts "${kind}"`,
        expected: `one of ${[...classes].sort().join(", ")}`,
      });
}

/** The overlay video of a clip. */
class Overlay implements AsyncDisposable {
  private readonly writer: VideoWriter;
  private readonly painter: ZonePainter;
  private readonly frames: AsyncIterator<Frame, unknown>;
  private waiting: Frame | undefined;

  private constructor(writer: VideoWriter, clip: FrameSource, zones: Zones) {
    this.writer = writer;
    this.painter = new ZonePainter(zones);
    this.frames = clip.frames()[Symbol.asyncIterator]();
  }

  static async open(path: string, clip: FrameSource, zones: Zones, logger: Logger): Promise<Overlay> {
    return new Overlay(await openVideoWriter(path, { ...overlayVideo(clip, 0), logger }), clip, zones);
  }

  get path(): string {
    return this.writer.path;
  }

  /** Draws the clip's frames up to this one; those without tracks as they are. */
  async draw(
    { mask }: FrameAnnotation,
    watched: WatchedFrame,
    events: readonly WatchEvent[],
    occupancy: ReadonlyMap<string, number>,
  ): Promise<void> {
    for (let frame = await this.upTo(watched.frame); frame !== undefined; frame = await this.upTo(watched.frame)) {
      const isIt = frame.index === watched.frame;
      const told = isIt ? { mask, events, occupancy } : { mask: undefined, events: [], occupancy };
      const things = isIt ? watched : { timeSec: frame.timeSec, sightings: [] };
      await this.writer.write(this.painter.paint(frame, things, told));
    }
  }

  finish(): Promise<void> {
    return this.writer.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.frames.return?.();
    await this.writer[Symbol.asyncDispose]();
  }

  /** The next frame of the clip, if it comes no later. */
  private async upTo(index: number): Promise<Frame | undefined> {
    if (this.waiting === undefined) {
      const next = await this.frames.next();
      if (next.done !== true) this.waiting = next.value;
    }
    const { waiting } = this;
    if (waiting === undefined || waiting.index > index) return undefined;
    this.waiting = undefined;
    return waiting;
  }
}
