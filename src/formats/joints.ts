/**
 * @file Joints of the JHMDB and BADJA benchmarks from JSON files with one entry per annotated frame. Their coordinates
 * are converted to ours (pixels, origin at the corner of the first pixel):
 * JHMDB counts pixels from 1 (MATLAB), so that the first pixel's centre is (1, 1): ours = theirs − 0.5;
 * BADJA counts pixels of 1920 × 1080 from 0, afterwards scaled to the frame: ours = theirs + 0.5 × the scale.
 */
import { basename } from "node:path";
import { z } from "zod";
import type { Annotations } from "../annotations/annotations.ts";
import { type FrameAnnotation, imageNumber } from "../annotations/frameAnnotation.ts";
import type { PointAnnotation } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";
import { type FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat } from "./format.ts";
import { type ReadOptions, readJson } from "./json.ts";
import { HOLDS_NOTHING } from "./losses.ts";

/**
 * Joints of one sequence: every annotated frame names its picture and has every joint; one that is not annotated is not
 * visible.
 */
export type JointAnnotations = Annotations & Required<Pick<Annotations, "sequence" | "size">>;

const schema = z.object({
  sequence: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  convention: z.string(),
  joint_names: z.array(z.string()).optional(),
  frames: z
    .array(
      z.object({
        file: z.string(),
        joints: z.array(z.tuple([z.number(), z.number()])),
        visible: z.array(z.boolean()).optional(),
      }),
    )
    .min(1),
});

type JointFrame = z.output<typeof schema>["frames"][number];

/** Width of the pictures in which BADJA was annotated. */
const BADJA_WIDTH = 1920;

/**
 * `keypoints/JHMDB/*.json` and `keypoints/BADJA/*.json`; the file's `convention` says which.
 * Reading throws UserError `joints/convention`, `joints/count`, `json/invalid`, `file/missing`.
 */
export const joints = {
  name: "joints",
  layout: [".json"],
  holds: { ...HOLDS_NOTHING, points: true, tracks: true, names: true, hidden: "points" },
  async sniff(file: FileContents): Promise<boolean> {
    return hasKeys(await file.json(), "convention");
  },
  async read(path: string, options?: ReadOptions): Promise<JointAnnotations> {
    const file = await readJson(path, schema, "joint annotation", options);
    const shift = shiftOf(file.convention, file.width, path);
    const count = file.frames[0].joints.length;
    const names = file.joint_names ?? Array.from({ length: count }, (_, joint) => `joint ${joint}`);
    return {
      sequence: file.sequence,
      size: { width: file.width, height: file.height },
      objects: names.map((name) => ({ name })),
      frames: file.frames.map((frame) => {
        requireCount(frame, names.length, path);
        return frameOf(frame, names, shift);
      }),
    };
  },
} satisfies AnnotationFormat<JointAnnotations>;

function requireCount({ file, joints, visible }: JointFrame, count: number, path: string): void {
  if (joints.length === count && (visible?.length ?? count) === count) return;
  throw new UserError("joints/count", {
    what: `${path}, frame ${file}`,
    got: `${joints.length} joints`,
    expected: `${count}, as in the first frame`,
  });
}

function frameOf({ file, joints, visible }: JointFrame, names: readonly string[], shift: number): FrameAnnotation {
  const image = basename(file).replace(/\.[^.]*$/u, "");
  const points = joints.map(([x, y], joint): PointAnnotation => {
    if (visible?.[joint] === false) return { name: names[joint], x: 0, y: 0, visible: false };
    return { name: names[joint], x: x + shift, y: y + shift, visible: true };
  });
  return { frame: imageNumber(image), image, points };
}

function shiftOf(convention: string, width: number, path: string): number {
  if (convention.includes("1-based")) return -0.5;
  if (convention.includes("0-based")) return (0.5 * width) / BADJA_WIDTH;
  throw new UserError("joints/convention", {
    what: `${path} does not say how its coordinates are counted`,
    got: `"${convention}"`,
    expected: "a convention that contains 1-based (JHMDB) or 0-based (BADJA)",
  });
}
