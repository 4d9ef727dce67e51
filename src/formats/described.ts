/** @file What the formats can do, in words, from the registry itself. */
import type { AnnotationFormat } from "./format.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { otherTools } from "./otherTools.ts";
import { formats } from "./registry.ts";

/** One format, as `tsumugi formats --json` gives it. */
export interface DescribedFormat {
  /** For `--to` and `--from` of `convert`. */
  readonly name: string;
  readonly read: boolean;
  readonly written: boolean;
  /** How its files end, with the dot; `folder` where it is a folder, or also one. */
  readonly files: readonly string[];
  /** What it has a place for. */
  readonly holds: readonly string[];
  /** What it has no place for: `convert` says a line for each that it drops. */
  readonly lacks: readonly string[];
}

const WORDS: Readonly<Record<keyof Holdings, string>> = {
  extents: "masks",
  boxes: "boxes",
  points: "points",
  tracks: "tracks",
  classes: "classes",
  names: "names",
  confidence: "confidence",
  occluded: "partly covered",
  hidden: "not visible",
  keys: "filled in by a tool",
  times: "times",
  skeleton: "skeletons",
};

/** All formats that are read or written, in the order in which files are tried against them. */
export function describedFormats(): DescribedFormat[] {
  return formats.filter((format) => format !== otherTools).map(described);
}

function described({ name, layout, folder, holds = HOLDS_NOTHING, read, write }: AnnotationFormat): DescribedFormat {
  const keys = Object.keys(WORDS) as (keyof Holdings)[];
  return {
    name,
    read: read !== undefined,
    written: write !== undefined,
    files: layout === "folder" ? ["folder"] : [...layout, ...(folder === true ? ["folder"] : [])],
    holds: keys.flatMap((key) => (holds[key] === false ? [] : [inWords(key, holds[key])])),
    lacks: keys.filter((key) => holds[key] === false).map((key) => WORDS[key]),
  };
}

const inWords = (key: keyof Holdings, held: true | "points"): string =>
  held === "points" ? `${WORDS[key]} (points)` : WORDS[key];
