/**
 * @file Clips in which things are out of sight, of annotated sequences: their objects over the footage of others (see
 * `renderAbsentClip`), whole shots of others cut in, and the rendered clip of the demo.
 */
import { join } from "node:path";
import { ABSENCES, type Absence, CLIP_FRAMES, renderAbsentClip, type ThingFrame } from "../../synthetic/absentClip.ts";
import { type LabelledFrame, renderProductionLine } from "../../synthetic/productionLine.ts";
import { madeFrame } from "../../video/madeFrame.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readMaskPng } from "../../video/masks/maskPng.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeLabels, resizeRgb } from "../../video/resize.ts";
import type { DavisBenchmark } from "../benchmarks/davisBenchmark.ts";

/** What happens in a clip. */
export type AbsenceKind = "real cut" | Absence | "rendered";

/** A clip that can be made. */
export interface AbsentClip {
  readonly kind: AbsenceKind;
  /** Unique among the clips. */
  readonly name: string;
  readonly make: () => Promise<readonly LabelledFrame[]>;
}

/** Shorter side of the clips, px. */
const SHORT_SIDE = 240;
/** Frames of a sequence that are read at most. */
const MOST_FRAMES = 50;
/** Of a real cut: the first frame of the other shot and of the own one after it. */
const CUT_AT = 20;
const BACK_AT = 36;
/** What a thing moves over, and what is cut in or hides it, comes from sequences so much further on in the list. */
const BACKGROUND = 3;
const FOREIGN = 5;

/** Every kind of absence with every sequence (the objects of each are one thing), and the rendered clip. */
export function absentClips(benchmark: DavisBenchmark): AbsentClip[] {
  const { sequences } = benchmark;
  const read = (index: number): Promise<ThingFrame[]> => readThing(benchmark, sequences[index % sequences.length]);
  const ofSequences = sequences.flatMap((sequence, i): AbsentClip[] => [
    {
      kind: "real cut",
      name: `real cut/${sequence}`,
      make: async () => realCut(await read(i), picturesOf(await read(i + FOREIGN))),
    },
    ...ABSENCES.map((absence): AbsentClip => {
      const make = async (): Promise<LabelledFrame[]> => {
        const background = picturesOf(await read(i + BACKGROUND));
        const foreign = picturesOf(await read(i + FOREIGN));
        const { width, height } = background[0];
        const options = { absence, thing: await read(i), background, foreign, width, height, seed: i + 1 };
        return [...renderAbsentClip(options)];
      };
      return { kind: absence, name: `${absence}/${sequence}`, make };
    }),
  ]);
  return [...ofSequences, { kind: "rendered", name: "rendered", make: async () => [...renderProductionLine()] }];
}

/** The frames and masks of a sequence, shrunk; all its objects are label 1. */
async function readThing(
  { root, resolution = "480p", annotations = "Annotations" }: DavisBenchmark,
  sequence: string,
): Promise<ThingFrame[]> {
  await using source = await openFrameSource(join(root, "JPEGImages", resolution, sequence));
  const scale = SHORT_SIDE / Math.min(source.width, source.height);
  const [width, height] = [source.width, source.height].map((side) => Math.round(scale * side));
  const out: ThingFrame[] = [];
  for await (const frame of source.frames({ end: Math.min(source.frameCount, MOST_FRAMES) })) {
    const mask = await readMaskPng(join(root, annotations, resolution, sequence, `${frame.name}.png`));
    const thing = { ...mask, data: mask.data.map((label) => Number(label > 0)) };
    const picture = { width, height, data: resizeRgb(frame, width, height) };
    out.push({ picture, mask: resizeLabels(thing, width, height) });
  }
  return out;
}

function picturesOf(thing: readonly ThingFrame[]): RgbPicture[] {
  return thing.map(({ picture }) => picture);
}

/** A shot as it is, another one, the first one from where it was left. */
function realCut(thing: readonly ThingFrame[], foreign: readonly RgbPicture[]): LabelledFrame[] {
  const { width, height } = thing[0].picture;
  const nothing: LabelMap = { width, height, data: new Uint8Array(width * height) };
  const away = foreign.slice(0, BACK_AT - CUT_AT).map((picture) => ({
    picture: { width, height, data: resizeRgb(picture, width, height) },
    mask: nothing,
  }));
  return [...thing.slice(0, CUT_AT), ...away, ...thing.slice(CUT_AT)]
    .slice(0, CLIP_FRAMES)
    .map(({ picture, mask }, index) => ({
      frame: madeFrame(picture, index, 25),
      labels: mask,
    }));
}
