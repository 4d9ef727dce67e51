/**
 * @file Video files through node-av: a timestamp table built once by decoding, then frame-exact access.
 * Headers are never trusted: one fast pass (without the costly parts of decoding) finds which frames really come out, their times
 * and which are key frames. Random access seeks to a key frame and proves by the timestamps where it landed; when that
 * fails, or the container has no usable times, it decodes from the start and counts.
 */
import { setImmediate } from "node:timers/promises";
import type { Logger } from "../../core/log.ts";
import { warnOfMatrix } from "./colourTags.ts";
import type { Frame, FrameRange, FrameSource } from "../frame.ts";
import { checkFrameIndex, resolveRange } from "./frameRange.ts";
import { lostPictures } from "./lostPictures.ts";
import { NodeAvDecoder, type DecodedPicture, type SentPacket } from "./nodeAvDecoder.ts";
import type { NodeAv } from "../backends/nodeAvLibrary.ts";
import { orient, orientationOf, orientedSize, type Orientation } from "./orientation.ts";
import { buildTimestampTable, frameNames, type TimestampTable } from "./timestampTable.ts";
import { TimedSource } from "./timedSource.ts";
import { changed, closed, noFrames, type PassResult, warnIfIncomplete, warnOfTracks } from "./videoErrors.ts";

export interface NodeAvOptions {
  readonly logger: Logger;
  /** Decoding threads of each pass over the file but the first, see `buildIndex`. */
  readonly threads: number;
}

/** What the first pass finds out. */
interface Index {
  readonly table: TimestampTable;
  /** Per frame, units of the stream's time base; undefined where the container has none. */
  readonly pts: readonly (bigint | undefined)[];
  readonly indexOfPts: ReadonlyMap<bigint, number>;
  /** Indices of key frames, ascending. */
  readonly keys: readonly number[];
  /** As stored, before turning. */
  readonly storedSize: { readonly width: number; readonly height: number };
  readonly orientation: Orientation;
  /** Whether seeking makes sense at all. */
  readonly seekable: boolean;
}

/**
 * Opens a video file.
 * @throws UserError `video/unreadable`, `video/no-video`, `video/no-frames`
 */
export async function openNodeAvSource(path: string, av: NodeAv, options: NodeAvOptions): Promise<FrameSource> {
  return new NodeAvSource(path, av, options.threads, await buildIndex(path, av, options.logger));
}

/** How many pictures are decoded before other work gets its turn. */
const PICTURES_PER_TURN = 16;

async function buildIndex(path: string, av: NodeAv, logger: Logger): Promise<Index> {
  const packets: SentPacket[] = [];
  const onPacket = (packet: SentPacket): unknown => packets.push(packet);
  // With a thread for each frame a picture may come out before another thread has met the fault in it: whether it counts as damaged
  // would be luck. (With a thread for each slice H.264 pictures are not marked at all.)
  const decoder = new NodeAvDecoder(av, path, { threads: 1, timesOnly: true, onPacket });
  try {
    const first = decoder.next();
    if (first === undefined) throw noFrames(path);
    const storedSize = decoder.size;
    const matrix = decoder.matrix;
    const orientation = orientationOf(decoder.displayMatrix());
    const pictures: DecodedPicture[] = [];
    for (let picture: DecodedPicture | undefined = first; picture !== undefined; picture = decoder.next()) {
      if (pictures.push(picture) % PICTURES_PER_TURN === 0) await setImmediate();
    }
    const { table, pts } = timesOf(decoder, pictures);
    warnIfIncomplete(path, passOf(decoder, packets, pictures, table), logger);
    warnOfTracks(path, decoder.tracks, logger);
    warnOfMatrix(path, matrix, logger);
    return {
      table,
      pts,
      indexOfPts: new Map(pts.flatMap((p, i) => (p === undefined ? [] : [[p, i]]))),
      keys: pictures.flatMap((picture, i) => (picture.isKey ? [i] : [])),
      storedSize,
      orientation,
      // A GIF frame is drawn over those before it, and its reader cannot seek.
      seekable: table.exact && decoder.format.iformat?.name !== "gif",
    };
  } finally {
    decoder.close();
  }
}

/** What was lost, and how far the file reaches. */
function passOf(
  decoder: NodeAvDecoder,
  packets: readonly SentPacket[],
  pictures: readonly DecodedPicture[],
  { timesSec }: TimestampTable,
): PassResult {
  const seconds = (pts: bigint | undefined): number => secondsOf(decoder, pts);
  const shownSec = seconds(pictures[pictures.length - 1].duration);
  const lostSec = lostPictures({
    codec: decoder.codecName,
    interlaced: pictures.some(({ interlaced }) => interlaced),
    packetSec: packets.map(({ pts }) => seconds(pts)),
    pictureSec: pictures.map(({ pts }) => seconds(pts)),
  });
  const lastSec = Math.max(shownSec, 2 * nominalStepSec(decoder));
  return { damaged: decoder.damaged, lostSec, statedSec: statedSec(decoder), timesSec, lastSec };
}

/** A time of the stream in seconds; NaN where there is none. */
function secondsOf({ stream }: NodeAvDecoder, pts: bigint | undefined): number {
  const { num, den } = stream.timeBase;
  return pts === undefined ? Number.NaN : (Number(pts) * num) / den;
}

/** The video stream's own length, or the whole file's in Matroska and WebM, which state none for streams. */
function statedSec({ stream, format, av }: NodeAvDecoder): number {
  const { AV_NOPTS_VALUE, AV_TIME_BASE } = av.constants;
  const { duration, timeBase } = stream;
  if (duration !== AV_NOPTS_VALUE) return (Number(duration) * timeBase.num) / timeBase.den;
  const isMatroska = format.iformat?.name?.includes("matroska") === true;
  return isMatroska && format.duration !== AV_NOPTS_VALUE ? Number(format.duration) / AV_TIME_BASE : Number.NaN;
}

function nominalStepSec(decoder: NodeAvDecoder): number {
  const rate = [decoder.stream.avgFrameRate, decoder.stream.rFrameRate].find((r) => r.num > 0 && r.den > 0);
  return rate === undefined ? 1 / 25 : rate.den / rate.num;
}

function timesOf(decoder: NodeAvDecoder, pictures: readonly DecodedPicture[]): Pick<Index, "table" | "pts"> {
  const pts = pictures.map((picture) => picture.pts);
  const seconds = pts.map((time) => secondsOf(decoder, time));
  return { pts, table: buildTimestampTable(seconds, nominalStepSec(decoder)) };
}

class NodeAvSource extends TimedSource {
  private readonly index: Index;
  private readonly makeCursor: () => Cursor;
  private readonly cursors = new Set<Cursor>();
  /** Serves `frame`; iterations have cursors of their own. */
  private randomCursor: Cursor | undefined;
  private closed = false;
  /** Random accesses wait for one another, since they share a cursor. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, av: NodeAv, threads: number, index: Index) {
    const { storedSize, orientation, table } = index;
    const [width, height] = orientedSize(storedSize.width, storedSize.height, orientation);
    super({ path, width, height, timesSec: table.timesSec, names: frameNames(table.timesSec.length) });
    this.index = index;
    this.makeCursor = () => {
      if (this.closed) throw closed(path);
      const cursor = new Cursor(index, path, () => new NodeAvDecoder(av, path, { threads }));
      this.cursors.add(cursor);
      return cursor;
    };
  }

  async *frames(range?: FrameRange): AsyncGenerator<Frame> {
    const { start, end } = resolveRange(this, range);
    if (start >= end) return;
    const cursor = this.makeCursor();
    try {
      for (let i = start; i < end; i++) {
        await cursor.goTo(i);
        yield this.currentFrame(cursor, i);
      }
    } finally {
      this.drop(cursor);
    }
  }

  async frame(index: number): Promise<Frame> {
    checkFrameIndex(this, index);
    const result = this.queue.then(async () => {
      this.randomCursor ??= this.makeCursor();
      await this.randomCursor.goTo(index);
      return this.currentFrame(this.randomCursor, index);
    });
    this.queue = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.queue;
    for (const cursor of this.cursors) this.drop(cursor);
    this.randomCursor = undefined;
  }

  private drop(cursor: Cursor): void {
    cursor.close();
    this.cursors.delete(cursor);
  }

  private currentFrame(cursor: Cursor, index: number): Frame {
    const { storedSize, orientation } = this.index;
    return this.framed(index, orient(cursor.decoder.toRgb(storedSize.width, storedSize.height), orientation));
  }
}

/** A decoder that knows at which frame index it stands. */
class Cursor {
  private readonly index: Index;
  private readonly path: string;
  private readonly open: () => NodeAvDecoder;
  private current: NodeAvDecoder | undefined;
  /** Index of the decoder's current picture; -1 before the first. */
  private position = -1;
  private closed = false;

  constructor(index: Index, path: string, open: () => NodeAvDecoder) {
    this.index = index;
    this.path = path;
    this.open = open;
  }

  get decoder(): NodeAvDecoder {
    this.current ??= this.open();
    return this.current;
  }

  /** Makes the frame `target` the decoder's current picture. */
  async goTo(target: number): Promise<void> {
    if (this.closed) throw closed(this.path);
    if (target === this.position) return;
    const key = this.lastKeyUpTo(target);
    // Decoding onwards is right when no key frame lies between here and there.
    const onwards = this.position < target && (key <= this.position || target === this.position + 1);
    if (!onwards && !this.seekToKey(key, target)) this.restart();
    if (await this.decodeOnTo(target)) return;
    this.restart();
    if (!(await this.decodeOnTo(target))) throw changed(this.path);
  }

  close(): void {
    this.current?.close();
    this.current = undefined;
    this.closed = true;
  }

  private lastKeyUpTo(target: number): number {
    return this.index.keys.findLast((key) => key <= target) ?? 0;
  }

  private restart(): void {
    this.current?.close();
    this.current = undefined;
    this.position = -1;
  }

  /**
   * Seeks to the key frame `key` or, when the container lands behind it (its index goes by decoding time), to the one
   * before. False when decoding has to begin at the start.
   */
  private seekToKey(key: number, target: number): boolean {
    if (!this.index.seekable) return false;
    for (let tries = 0, k = key; tries < 3 && k > 0; tries++, k = this.lastKeyUpTo(k - 1)) {
      const pts = this.index.pts[k];
      if (pts === undefined || !this.decoder.seek(pts)) return false;
      const landed = this.firstFrameFrom(k);
      if (landed !== undefined && landed <= target) {
        this.position = landed;
        return true;
      }
    }
    return false;
  }

  /** Decodes past the leading pictures that refer to frames before the key frame; the index of the first sound one. */
  private firstFrameFrom(key: number): number | undefined {
    for (;;) {
      const picture = this.decoder.next();
      if (picture === undefined) return undefined;
      const landed = picture.pts === undefined ? undefined : this.index.indexOfPts.get(picture.pts);
      if (landed !== undefined && landed >= key) return landed;
    }
  }

  /** Counts forward; false when the file no longer yields what the table says. */
  private async decodeOnTo(target: number): Promise<boolean> {
    while (this.position < target) {
      const picture = this.decoder.next();
      this.position++;
      if (picture === undefined || (this.index.table.exact && picture.pts !== this.index.pts[this.position]))
        return false;
      if (this.position === target || this.position % PICTURES_PER_TURN === 0) await setImmediate();
      if (this.closed) throw closed(this.path);
    }
    return true;
  }
}
