/**
 * @file The skeleton of a folder's points, `skeleton.json`: the labels of a correction need not name it again.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Bone, distinctBones } from "../../annotations/skeleton.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { checkJson, parseJson } from "../../formats/json.ts";
import type { GivenLabels } from "./givenLabels.ts";

const schema = z.array(z.tuple([z.string(), z.string()]));

const pathIn = (out: string): string => join(out, "skeleton.json");

/** The labels' bones; those kept in the folder where these labels have none. @throws UserError `json/invalid` */
export async function skeletonFor(out: string, labels: readonly GivenLabels[]): Promise<readonly Bone[]> {
  const bones = distinctBones(labels.flatMap(({ skeleton = [] }) => skeleton));
  const text = bones.length > 0 ? undefined : await readFile(pathIn(out), "utf8").catch(() => undefined);
  return text === undefined ? bones : checkJson(parseJson(text, pathIn(out)), schema, pathIn(out));
}

/** Keeps them for later labels. @throws UserError `file/write` */
export async function keepSkeleton(out: string, bones: readonly Bone[]): Promise<void> {
  if (bones.length > 0) await writeFileAtomic(pathIn(out), `${JSON.stringify(bones)}\n`);
}
