/** @file What an annotation format is: how it is recognised, read and written. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FileContents } from "./contents.ts";
import type { ReadOptions } from "./json.ts";

/** A format; its own conventions (origin of coordinates, counting of frames) do not leave it. */
export interface AnnotationFormat<Read extends AnnotationStream = AnnotationStream> {
  /** Unique among the formats. */
  readonly name: string;
  /** How its files end, lower case with the dot; `folder` for a format that is a folder. */
  readonly layout: "folder" | readonly string[];
  /** Distinguishes it from other formats of the same layout by its contents; absent if the layout is enough. */
  readonly sniff?: (file: FileContents) => Promise<boolean>;
  /** @throws UserError naming the file and the place in it. */
  readonly read?: (path: string, options?: ReadOptions) => Promise<Read>;
  /** Writes what the format can hold, which `read` returns. @throws UserError `file/write` */
  readonly write?: (path: string, annotations: AnnotationStream) => Promise<void>;
}
