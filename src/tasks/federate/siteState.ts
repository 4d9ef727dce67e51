/** @file What a site keeps of a federation that it takes part in, in a folder of its own: `join.json`. */
import { z } from "zod";
import { counted } from "../../core/counted.ts";
import type { DataFolder } from "../../core/dataFolder.ts";
import { UserError } from "../../core/errors.ts";
import { isThere } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import { readJson } from "../../formats/json.ts";
import { stretchSchema } from "../../site/adapt/adaptFile.ts";
import { chooseMaterial, type Material } from "../../site/adapt/material.ts";
import { findFootage } from "../../site/footage.ts";
import type { RunContext } from "../task.ts";

const joinSchema = z.strictObject({
  format: z.literal(1),
  /** Of the federation; null before the coordinator has answered. */
  federation: z.string().nullable(),
  /** Absolute paths of all clips. */
  clips: z.array(z.string()),
  learn: z.array(stretchSchema),
  aside: z.array(stretchSchema),
  /** Frames that are learned from: what the site's update counts for. */
  frames: z.int().min(1),
});
/** The contents of `join.json`. */
export type JoinFile = z.output<typeof joinSchema>;

const NAME = "join.json";

/** Which footage is set aside is drawn alike every time. */
const SEED = 1;

/** A site's footage, divided. */
interface SiteMaterial extends Material {
  /** Paths of all clips. */
  readonly clips: readonly string[];
}

/**
 * Looks at a site's footage; writes nothing.
 * @throws UserError `training/no-clips`, `site/footage`, `site/too-little`
 */
export async function findMaterial(footage: readonly string[], context: RunContext): Promise<SiteMaterial> {
  const { clips } = await findFootage(footage, [], context);
  return { ...chooseMaterial(clips, SEED, "give more footage, or longer clips"), clips: clips.map(({ path }) => path) };
}

/**
 * What the site takes part with: the footage of before, else what was found now.
 * @throws UserError `federation/other` when these differ, `json/invalid`
 */
export async function siteMaterial(
  folder: DataFolder,
  { clips: paths, learn, aside }: SiteMaterial,
  logger: Logger,
): Promise<JoinFile> {
  if (await isThere(folder.at(NAME))) {
    const before = await readJson(folder.at(NAME), joinSchema, "state of the site");
    if (before.clips.join("\n") !== paths.join("\n"))
      throw new UserError("federation/other", {
        what: `${folder.root} takes part with other footage`,
        got: counted(paths.length, "clip"),
        expected: `the ${counted(before.clips.length, "clip")} that it began with`,
        todo: "give the same footage, or another folder with --out",
      });
    return before;
  }
  const frames = learn.reduce((sum, { start, end }) => sum + end - start, 0);
  const file: JoinFile = {
    format: 1,
    federation: null,
    clips: [...paths],
    learn: [...learn],
    aside: [...aside],
    frames,
  };
  await folder.writeJson([NAME], file);
  logger.info(
    `learning from ${counted(frames, "frame")} of ${counted(learn.length, "clip")}; judged by ${aside.length} stretches set aside`,
  );
  return file;
}

/** Notes which federation it is. @throws UserError `federation/other` when it was another one */
export async function inFederation(folder: DataFolder, file: JoinFile, federation: string): Promise<JoinFile> {
  if (file.federation === federation) return file;
  if (file.federation !== null)
    throw new UserError("federation/other", {
      what: `${folder.root} takes part in another federation`,
      got: federation,
      expected: file.federation,
      todo: "give the address of that one, or another folder with --out",
    });
  const now = { ...file, federation };
  await folder.writeJson([NAME], now);
  return now;
}
