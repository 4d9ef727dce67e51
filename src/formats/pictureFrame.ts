/** @file Frames that a file names by their pictures. */
import { type FrameAnnotation, imageNumber, shapesIn } from "../annotations/frameAnnotation.ts";
import type { AnnotatedObject } from "../annotations/object.ts";

/**
 * The frame of a picture, by its path of either system. Its index is only what the name's digits say; the name counts.
 */
export function pictureFrame(path: string): { readonly frame: number; readonly image: string } {
  const image = path.replace(/^.*[/\\]/u, "").replace(/\.[^.]*$/u, "");
  return { frame: imageNumber(image), image };
}

/** The objects that shapes name, each once, in the order of the frames. */
export function objectsIn(
  frames: readonly FrameAnnotation[],
  classes: ReadonlyMap<string, string> = new Map(),
): AnnotatedObject[] {
  const names = new Set(shapesIn(frames).map(({ name }) => name));
  const owners = frames.flatMap(({ points = [] }) => points.flatMap(({ of }) => (of === undefined ? [] : [of.object])));
  for (const owner of owners) if (classes.has(owner)) names.add(owner);
  return [...names].map((name) => {
    const kind = classes.get(name);
    return { name, ...(kind !== undefined && kind !== name && { class: kind }) };
  });
}
