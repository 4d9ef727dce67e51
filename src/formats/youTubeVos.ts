/**
 * @file YouTube-VOS' folders (https://youtube-vos.org/dataset/vos; its `meta.json`): `Annotations/CLIP/NAME.png`, palette
 * PNGs whose values are ids, and `meta.json` with each object's category and frames. Ids are those of one clip. Frames are
 * named pictures, of which every fifth is annotated.
 */
import { join } from "node:path";
import { z } from "zod";
import type { AnnotationStream } from "../annotations/annotations.ts";
import { objectIdsIn } from "../annotations/mask.ts";
import { isObjectId } from "../annotations/object.ts";
import { writeFileAtomic } from "../core/files.ts";
import { writeMaskPng } from "../video/masks/maskPng.ts";
import type { FileContents } from "./contents.ts";
import type { AnnotationFormat, WriteOptions } from "./format.ts";
import { frameName, requireFileName } from "./frameName.ts";
import { ObjectNumbers } from "./instances.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { maskFolder } from "./maskFolder.ts";
import { paintedMask } from "./paintedMask.ts";
import { chosenSequence } from "./sequence.ts";

const schema = z.object({
  videos: z.record(
    z.string(),
    z.object({ objects: z.record(z.string(), z.looseObject({ category: z.string().min(1).optional() })) }),
  ),
});

const HOLDS: Holdings = { ...HOLDS_NOTHING, extents: true, tracks: true, classes: true };

/** Reading throws UserError `annotations/sequence`, `format/name`, `json/invalid` and those of `maskFolder`. */
export const youTubeVos = {
  name: "youtube-vos",
  layout: "folder",
  sniff: (file: FileContents): Promise<boolean> => file.has("meta.json"),
  async read(path: string, options: ReadOptions = {}): Promise<AnnotationStream> {
    const { videos } = await readJson(join(path, "meta.json"), schema, "list of clips", options);
    const all = Object.entries(videos).map(([name, video]) => ({ name, ...video }));
    const { name, objects } = chosenSequence(all, path, options);
    const masks = await maskFolder.read(join(path, "Annotations", requireFileName(name, "the name of a clip")));
    return { ...masks, objects: objectsOf(objects) };
  },
  holds: HOLDS,
  write: writeYouTubeVos,
} satisfies AnnotationFormat;

function objectsOf(objects: z.output<typeof schema>["videos"][string]["objects"]) {
  const known = Object.entries(objects).filter(([id]) => isObjectId(Number(id)));
  return known.map(([id, { category }]) => ({
    id: Number(id),
    name: id,
    ...(category !== undefined && { class: category }),
  }));
}

async function writeYouTubeVos(path: string, stream: AnnotationStream, { losses, video }: WriteOptions): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  const clip = requireFileName((video ?? stream.sequence ?? "clip").replace(/\.[^.]*$/u, ""), "the name of the clip");
  const frames = new Map<number, string[]>();
  for await (const frame of stream.frames) {
    const mask = paintedMask(frame, numbers, { size: stream.size, losses });
    if (mask === undefined) continue;
    await writeMaskPng(join(path, "Annotations", clip, `${frameName(frame)}.png`), mask);
    for (const id of objectIdsIn(mask)) frames.set(id, [...(frames.get(id) ?? []), frameName(frame)]);
  }
  const objects = [...frames].map(
    ([id, names]) => [id, { category: numbers.numbered(id).class, frames: names }] as const,
  );
  const meta = { videos: { [clip]: { objects: Object.fromEntries(objects) } } };
  await writeFileAtomic(join(path, "meta.json"), `${JSON.stringify(meta)}\n`);
}
