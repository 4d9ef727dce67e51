/** @file What is heard in a clip, as events beside those of zones. */
import type { Logger } from "../core/log.ts";
import { type Heard, type Hearing, listen } from "../sound/listen.ts";
import { readSound } from "../video/sound/readSound.ts";
import { eventOf, SOUND_ZONE, type WatchEvent } from "./event.ts";

/** When the frames are shown that sound is heard with. */
export interface HeardFrames {
  /** Ascending, at least one. */
  readonly timesSec: ArrayLike<number>;
  /** Their indices in the clip; default 0, 1, … */
  readonly indices?: ArrayLike<number> | undefined;
}

/** No microphone is so quiet. */
const MUTE_DB = -95;

/**
 * Listens to the sound of a file while some frames are shown.
 * @throws UserError `sound/missing`, `video/missing`, `video/unreadable`, `video/no-backend`
 */
export async function hearFile(
  path: string,
  frames: HeardFrames,
  logger: Logger,
): Promise<Hearing & { readonly events: readonly WatchEvent[] }> {
  const { timesSec } = frames;
  const endSec = endOf(timesSec);
  const hearing = await listen(readSound(path, { startSec: timesSec[0], endSec, logger }), timesSec, endSec);
  if (hearing.frames.every(({ level }) => level < MUTE_DB))
    logger.warn(`the sound of ${path} is mute from beginning to end: was the microphone on?`);
  return { ...hearing, events: hearing.heard.map((heard) => soundEvent(heard, frames)) };
}

/** The last frame is shown as long as the one before it; a single one for 1/25 s. */
function endOf(timesSec: ArrayLike<number>): number {
  const last = timesSec.length - 1;
  return timesSec[last] + (last === 0 ? 1 / 25 : timesSec[last] - timesSec[last - 1]);
}

function soundEvent({ kind, startSec, endSec, strengthDb, confidence, hz }: Heard, frames: HeardFrames): WatchEvent {
  const shown = frameAt(startSec, frames.timesSec);
  const moment = { timeSec: startSec, frame: frames.indices?.[shown] ?? shown, confidence };
  if (kind === "impact") return eventOf(kind, SOUND_ZONE, moment, { value: strengthDb, unit: "dB" });
  const object = hz === null ? null : `${Math.round(hz)} Hz`;
  return eventOf(kind, SOUND_ZONE, moment, { object, value: endSec - startSec, unit: "s" });
}

/** The position of the frame that is shown at a time; the first one before all. @param timesSec ascending, not empty */
export function frameAt(timeSec: number, timesSec: ArrayLike<number>): number {
  let [low, high] = [0, timesSec.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    // What a time loses by being rounded in a file must not move it into the frame before.
    if (timesSec[middle] <= timeSec + 1e-6) low = middle;
    else high = middle - 1;
  }
  return low;
}
