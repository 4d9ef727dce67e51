/**
 * @file Joints of the JHMDB and BADJA benchmarks from JSON files with one entry per annotated frame. Here their coordinates become ours (pixels,
 * origin at the corner of the first pixel):
 * JHMDB counts pixels from 1 (MATLAB), so that the first pixel's centre is (1, 1): ours = theirs − 0.5;
 * BADJA counts pixels of 1920 × 1080 from 0, afterwards scaled to the frame: ours = theirs + 0.5 × the scale.
 */
import { basename } from "node:path";
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import type { Point } from "../video/point.ts";
import { readJson } from "./json.ts";

/** Joints of one sequence. */
export interface JointAnnotation {
  readonly sequence: string;
  /** Of the frames, pixels. */
  readonly width: number;
  readonly height: number;
  readonly names: readonly string[];
  /** Annotated frames in order; not always every frame of the clip. */
  readonly frames: readonly {
    /** Its image without folder and extension. */
    readonly name: string;
    /** As `names`; null: not annotated or not visible. */
    readonly joints: readonly (Point | null)[];
  }[];
}

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

/** Width of the pictures in which BADJA was annotated. */
const BADJA_WIDTH = 1920;

/**
 * Reads `keypoints/JHMDB/*.json` and `keypoints/BADJA/*.json`; the file's `convention` says which it is.
 * @throws UserError `joints/convention`, `joints/count`, `json/invalid`, `file/missing`
 */
export async function readJointAnnotation(path: string): Promise<JointAnnotation> {
  const file = await readJson(path, schema, "joint annotation");
  const shift = shiftOf(file.convention, file.width, path);
  const count = file.frames[0].joints.length;
  const names = file.joint_names ?? Array.from({ length: count }, (_, joint) => `joint ${joint}`);
  const frames = file.frames.map(({ file: image, joints, visible }) => {
    if (joints.length !== names.length || (visible?.length ?? names.length) !== names.length)
      throw new UserError("joints/count", {
        what: `${path}, frame ${image}`,
        got: `${joints.length} joints`,
        expected: `${names.length}, as in the first frame`,
      });
    const seen = joints.map(([x, y], joint) => (visible?.[joint] === false ? null : { x: x + shift, y: y + shift }));
    return { name: basename(image).replace(/\.[^.]*$/u, ""), joints: seen };
  });
  return { sequence: file.sequence, width: file.width, height: file.height, names, frames };
}

function shiftOf(convention: string, width: number, path: string): number {
  if (convention.includes("1-based")) return -0.5;
  if (convention.includes("0-based")) return (0.5 * width) / BADJA_WIDTH;
  throw new UserError("joints/convention", {
    what: `${path} does not say how its coordinates count`,
    got: `"${convention}"`,
    expected: "a convention with the word 1-based (JHMDB) or 0-based (BADJA)",
  });
}
