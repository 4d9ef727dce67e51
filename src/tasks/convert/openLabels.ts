/** @file Opens labels in any format, or what was tracked. */
import type { AnnotationStream } from "../../annotations/annotations.ts";
import type { FrameAnnotation } from "../../annotations/frameAnnotation.ts";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { AnnotationFormat } from "../../formats/format.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { maskFolder } from "../../formats/maskFolder.ts";
import { formatFor, formatOf, formats, unknownFormat } from "../../formats/registry.ts";
import { type LabelMap, VOID } from "../../video/labelMap.ts";
import { isTrackedFolder, trackedAnnotations } from "./trackedAnnotations.ts";

/** What is known of labels beside their path. */
export interface LabelsOptions {
  /** The format; default: told by the contents. `tracked`: a folder of results. */
  readonly from?: string | undefined;
  readonly encoding?: string | undefined;
  /** The clip, of labels that hold several. */
  readonly sequence?: string | undefined;
}

/**
 * The labels, frame by frame, and the name of their format.
 * @throws UserError `file/missing`, `annotations/format` and those of reading
 */
export async function openLabels(
  input: string,
  { from, encoding, sequence }: LabelsOptions,
  logger: Logger,
): Promise<{ from: string; stream: AnnotationStream }> {
  if (!(await isThere(input)))
    throw new UserError("file/missing", { what: `no such file or folder: ${input}`, todo: "check the path" });
  if (from === "tracked" || (from === undefined && (await isTrackedFolder(input))))
    return { from: "tracked", stream: await trackedAnnotations(input) };
  const options: ReadOptions = {
    logger,
    ...(encoding !== undefined && { encoding }),
    ...(sequence !== undefined && { sequence }),
  };
  const format: AnnotationFormat | undefined =
    from === undefined ? await formatOf(input, formats, options) : await formatFor(input, from);
  if (format?.read === undefined) throw unknownFormat(input);
  const stream = await format.read(input, options);
  return { from: format.name, stream: format.name === maskFolder.name ? withObjects(stream) : stream };
}

/** Masks of 0 and 255 alone show one object, as those of DAVIS 2016 do; beside other ids 255 is void. */
function withObjects(stream: AnnotationStream): AnnotationStream {
  return { ...stream, frames: framesWithObjects(stream.frames) };
}

async function* framesWithObjects(frames: AnnotationStream["frames"]): AsyncGenerator<FrameAnnotation, void, void> {
  // The first mask that shows anything decides for all.
  let isBinary: boolean | undefined;
  for await (const frame of frames) {
    const { mask } = frame;
    if (mask !== undefined) isBinary ??= showsOnlyVoid(mask);
    yield mask === undefined || isBinary !== true ? frame : { ...frame, mask: oneObject(mask) };
  }
}

function showsOnlyVoid({ data }: LabelMap): boolean | undefined {
  const shown = data.filter((value) => value !== 0);
  return shown.length === 0 ? undefined : shown.every((value) => value === VOID);
}

/** A plain loop: many times as fast as a function for each pixel. */
function oneObject({ data, ...mask }: LabelMap): LabelMap {
  const changed = Uint8Array.from(data);
  for (let p = 0; p < changed.length; p++) if (changed[p] === VOID) changed[p] = 1;
  return { ...mask, data: changed };
}
