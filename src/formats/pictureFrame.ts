/** @file Frames that a file names by their pictures. */
import { type FrameAnnotation, imageNumber } from "../annotations/frameAnnotation.ts";
import type { AnnotatedObject } from "../annotations/object.ts";

/**
 * The frame of a picture, by its path of either system. Its index is only what the name's digits say; the name counts.
 */
export function pictureFrame(path: string): { readonly frame: number; readonly image: string } {
  const image = path.replace(/^.*[/\\]/u, "").replace(/\.[^.]*$/u, "");
  return { frame: imageNumber(image), image };
}

/** The objects that points and boxes name, each once, in the order of the frames. */
export function objectsIn(frames: readonly FrameAnnotation[]): AnnotatedObject[] {
  const names = frames.flatMap(({ points = [], boxes = [] }) => [...points, ...boxes].map(({ name }) => name));
  return [...new Set(names)].map((name) => ({ name }));
}
