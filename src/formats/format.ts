/** @file What an annotation format is: how it is recognised, read and written. */
import type { AnnotationStream } from "../annotations/annotations.ts";
import type { FileContents } from "./contents.ts";
import type { ReadOptions } from "./json.ts";
import type { Holdings, Losses } from "./losses.ts";

/** What a format is written with beside the annotations. */
export interface WriteOptions {
  /** Is told of what only this format cannot hold. */
  readonly losses: Losses;
  /** Name of the clip's file, where it is known. */
  readonly video?: string;
  /** Frames of the clip, where it is known. */
  readonly frameCount?: number;
  /** Frames a second of the clip on average, where it is known. */
  readonly fps?: number;
}

/** A format; its own conventions (origin of coordinates, counting of frames) do not leave it. */
export interface AnnotationFormat<Read extends AnnotationStream = AnnotationStream> {
  /** Unique among the formats. */
  readonly name: string;
  /** How its files end, lower case with the dot; `folder` for a format that is a folder. */
  readonly layout: "folder" | readonly string[];
  /** It is also a folder of such files, and written as one. */
  readonly folder?: true;
  /** Distinguishes it from other formats of the same layout by its contents; absent if the layout is enough. */
  readonly sniff?: (file: FileContents) => Promise<boolean>;
  /** @throws UserError naming the file and the place in it. */
  readonly read?: (path: string, options?: ReadOptions) => Promise<Read>;
  /** What it can hold; of the rest `write` says what it leaves out. */
  readonly holds?: Holdings;
  /**
   * Writes what the format can hold, which `read` returns, at `path`: a file, or a folder.
   * @throws UserError `file/write`
   */
  readonly write?: (path: string, annotations: AnnotationStream, options: WriteOptions) => Promise<void>;
}
