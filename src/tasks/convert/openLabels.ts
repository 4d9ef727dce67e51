/** @file Opens labels in any format, or what was tracked. */
import type { AnnotationStream } from "../../annotations/annotations.ts";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { AnnotationFormat } from "../../formats/format.ts";
import type { ReadOptions } from "../../formats/json.ts";
import { formatNamed, formatOf, formats, unknownFormat } from "../../formats/registry.ts";
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
    from === undefined ? await formatOf(input, formats, options) : formatNamed(from);
  if (format?.read === undefined) throw unknownFormat(input);
  return { from: format.name, stream: await format.read(input, options) };
}
