/** @file Tracks clips in which things are out of sight and keeps what the tracker says of them next to the truth. */
import { dirname, join } from "node:path";
import { makeFolders, writeFileAtomic } from "../../core/files.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import { frameList } from "../../video/frameList.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { contactStrip } from "../benchmarks/pictures.ts";
import { type ConfidenceBenchmarkOptions, observeAll } from "../confidence/confidenceBenchmark.ts";
import { type ObjectObservation, observeFrame, type TrackingSetup } from "../confidence/objectObservations.ts";
import type { AbsentClip } from "./absentClips.ts";

/**
 * Observations of all clips; existing ones with the same identity are kept. Every clip's frames and masks are drawn in
 * `<out>/<name>.png`.
 * @throws UserError those of reading, tracking and writing
 */
export function observeAbsences(
  clips: readonly AbsentClip[],
  setup: TrackingSetup,
  options: ConfidenceBenchmarkOptions,
): Promise<ObjectObservation[]> {
  const byName = new Map(clips.map((clip) => [clip.name, clip]));
  const observe = async (name: string): Promise<ObjectObservation[]> => {
    const frames = (await byName.get(name)?.make()) ?? [];
    const path = join(options.out, `${name}.png`);
    await makeFolders(dirname(path));
    return track({ name, frames, path }, setup, options.signal);
  };
  return observeAll([...byName.keys()], observe, options);
}

interface MadeClip {
  readonly name: string;
  readonly frames: readonly LabelledFrame[];
  /** Gets the picture. */
  readonly path: string;
}

async function track(
  { name, frames, path }: MadeClip,
  setup: TrackingSetup,
  signal: AbortSignal | undefined,
): Promise<ObjectObservation[]> {
  const source = frameList(
    frames.map(({ frame }) => frame),
    name,
  );
  const out: ObjectObservation[] = [];
  const masks = new Map<string, LabelMap>();
  for await (const tracked of propagateMasks({ ...setup, source, first: frames[0].labels, signal })) {
    const { index } = tracked.frame;
    if (index > 0) out.push(...observeFrame(tracked, frames[index].labels, { sequence: name, frame: index }));
    masks.set(tracked.frame.name, tracked.labels);
  }
  const maskOf = async (frame: string): Promise<LabelMap> => masks.get(frame) ?? frames[0].labels;
  await writeFileAtomic(path, await contactStrip(source, maskOf));
  return out;
}
