/** @file The sound of a clip: events as those of zones, numbers for every frame, a spectrogram. */
import { join } from "node:path";
import { writeChart } from "../charts/lineChart.ts";
import { requireWritable, writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import { SOUND_KINDS, type SoundKind } from "../sound/listen.ts";
import type { FrameSource } from "../video/frame.ts";
import { isDoubtful, type WatchEvent } from "./event.ts";
import { requireOwnEvents, writeEvents } from "./eventFolder.ts";
import { csvText, round } from "./eventTable.ts";
import { hearFile } from "./hearing.ts";
import { spectrogram } from "./spectrogram.ts";

/** Which clip, and where results go. */
export interface ListenOptions {
  readonly clip: FrameSource;
  /** The file that has the sound; default: the clip's own. */
  readonly sound?: string | undefined;
  /** Of the clip, for the title. */
  readonly name: string;
  readonly out: string;
  readonly logger: Logger;
}

/** What was heard. */
export interface ListenOutcome {
  /** In order of time. */
  readonly events: readonly WatchEvent[];
  readonly counts: Readonly<Record<SoundKind, number>>;
  readonly frames: number;
  /** Paths. */
  readonly files: { readonly events: string; readonly curves: string; readonly spectrogram: string };
}

/** Marks `summary.json`. */
const FORMAT = "tsumugi-sound/1";

const CURVE_COLUMNS = ["time_s", "frame", "level_db", "low_db", "mid_db", "high_db", "onset_db", "novelty_db"];

/**
 * Writes `events.csv`, `events.jsonl`, `sound.csv`, `summary.json`, `spectrogram.svg` and `.png`.
 * @throws UserError `sound/missing`, `video/unreadable`, `events/used`, `file/write`
 */
export async function listenClip({
  clip,
  sound = clip.path,
  name,
  out,
  logger,
}: ListenOptions): Promise<ListenOutcome> {
  await requireWritable(out);
  await requireOwnEvents(out, FORMAT);
  const { timesSec } = clip;
  const hearing = await hearFile(sound, { timesSec }, logger);
  const { events, frames } = hearing;
  const path = (file: string): string => join(out, file);
  await writeEvents(out, events);
  const rows = frames.map(({ level, low, mid, high, onset, novelty }, frame) => ({
    time_s: round(timesSec[frame], 3),
    frame,
    level_db: round(level, 1),
    low_db: round(low, 1),
    mid_db: round(mid, 1),
    high_db: round(high, 1),
    onset_db: round(onset, 2),
    novelty_db: round(novelty, 2),
  }));
  await writeFileAtomic(path("sound.csv"), csvText(CURVE_COLUMNS, rows));
  await writeChart(path("spectrogram"), await spectrogram({ ...hearing, title: name, timesSec }));
  const counts = Object.fromEntries(
    SOUND_KINDS.map((kind) => [kind, events.filter((event) => event.kind === kind).length]),
  ) as Record<SoundKind, number>;
  const summary = {
    format: FORMAT,
    clip: name,
    frames: frames.length,
    events: events.length,
    doubtful: events.filter(isDoubtful).length,
  };
  await writeFileAtomic(path("summary.json"), `${JSON.stringify({ ...summary, counts }, undefined, 1)}\n`);
  const files = { events: path("events.csv"), curves: path("sound.csv"), spectrogram: path("spectrogram.png") };
  return { events, counts, frames: frames.length, files };
}
