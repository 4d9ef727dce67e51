/**
 * @file The labels of a clip, one frame a mask (palette PNG) and shapes (JSON), as files that `tsumugi track --labels`
 * reads: `00120.png` and `00120.json` in the clip's folder. Every write is whole or not at all.
 */
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MAX_OBJECT_ID } from "../../annotations/object.ts";
import { UserError } from "../../core/errors.ts";
import { isThere, makeFolders, writeFileAtomic } from "../../core/files.ts";
import { readJson } from "../../formats/json.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readLabelMask } from "../../video/masks/labelMask.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import { newId } from "../ids.ts";

const name = z.string().min(1).max(200);
const coordinate = z.number().describe("Pixels of the clip, origin at the corner of the first pixel.");

/** Points, boxes and ends of one frame. */
export const shapesSchema = z
  .strictObject({
    points: z
      .array(z.strictObject({ name, x: coordinate, y: coordinate, visible: z.boolean().default(true) }))
      .max(10_000)
      .default([]),
    boxes: z
      .array(z.strictObject({ name, x: coordinate, y: coordinate, width: z.number().gt(0), height: z.number().gt(0) }))
      .max(10_000)
      .default([]),
    ends: z
      .array(z.union([z.int().min(1).max(MAX_OBJECT_ID), name]))
      .max(10_000)
      .default([])
      .describe("Ids of objects and names of points that are not there from this frame on."),
    skeleton: z
      .array(z.tuple([name, name]))
      .max(10_000)
      .default([])
      .describe("Lines between points, for pictures."),
  })
  .meta({ id: "Shapes" });
export type Shapes = z.output<typeof shapesSchema>;

/** What an object's id in masks stands for, for people. */
export const objectsSchema = z
  .array(
    z
      .strictObject({
        id: z.int().min(1).max(MAX_OBJECT_ID),
        name: name.exactOptional(),
        class: name.exactOptional(),
        colour: z
          .string()
          .regex(/^#[0-9a-f]{6}$/u)
          .exactOptional(),
      })
      .meta({ id: "LabelledObject" }),
  )
  .max(MAX_OBJECT_ID)
  .refine((objects) => new Set(objects.map(({ id }) => id)).size === objects.length, "every id once");
export type LabelledObject = z.output<typeof objectsSchema>[number];

/** What is labelled in a frame. */
export interface LabelledFrame {
  readonly frame: number;
  /** Changes with the mask's contents; null where there is no mask. */
  readonly mask: string | null;
  /** As `mask`, of points, boxes and ends. */
  readonly shapes: string | null;
}

/** A file of labels for a track task. */
export interface LabelFilePath {
  readonly path: string;
  readonly frame: number;
}

/** What a write expects to find: a tag, `*` for anything, null for nothing, undefined for whatever there is. */
export type Expected = string | null | undefined;

const FILE = /^(?<frame>\d{5,})\.(?<kind>png|json)$/u;
/** The ETag of a file's contents. */
export const tagOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("base64url").slice(0, 16);

/** The latest write of each file that is under way. */
const writing = new Map<string, Promise<unknown>>();

/** Writes of one file go one after the other: what one expects to find is still there when it writes. */
async function inTurn<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  const result = (writing.get(path) ?? Promise.resolve()).then(write);
  const ended = result.catch(() => {});
  writing.set(path, ended);
  try {
    return await result;
  } finally {
    if (writing.get(path) === ended) writing.delete(path);
  }
}

/** The labels of one clip, in a folder that is made with the first label. */
export class LabelStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Frames with labels, ascending. */
  async frames(): Promise<LabelledFrame[]> {
    const found = new Map<number, { mask: string | null; shapes: string | null }>();
    for (const file of await readdir(this.folder).catch(() => [])) {
      const { frame, kind } = FILE.exec(file)?.groups ?? {};
      if (frame === undefined) continue;
      const entry = found.get(Number(frame)) ?? { mask: null, shapes: null };
      found.set(Number(frame), {
        ...entry,
        [kind === "png" ? "mask" : "shapes"]: await this.tag(join(this.folder, file)),
      });
    }
    return [...found].map(([frame, tags]) => ({ frame, ...tags })).sort((a, b) => a.frame - b.frame);
  }

  /** The bytes of a frame's mask, a palette PNG. @throws UserError `service/missing` */
  async maskPng(frame: number): Promise<{ readonly png: Uint8Array; readonly tag: string }> {
    const png = await readFile(this.path(frame, "png")).catch(() => {
      throw missing(`mask of frame ${frame}`);
    });
    return { png, tag: tagOf(png) };
  }

  /** The labels of a frame's mask. @throws UserError `service/missing` */
  async mask(frame: number): Promise<LabelMap> {
    await this.maskPng(frame);
    return readMaskPng(this.path(frame, "png"));
  }

  /**
   * Keeps a mask from a picture of any kind that `track` reads.
   * @param bytes the picture's file.
   * @throws UserError `service/changed`, `labels/size`, `labels/object`, those of `readLabelMask`
   */
  async writePicture(frame: number, bytes: Uint8Array, size: Size, expected?: Expected): Promise<string> {
    const upload = join(this.folder, `.${newId()}.upload`);
    await writeFileAtomic(upload, bytes);
    try {
      return await this.writeMask(frame, await readLabelMask(upload), size, expected);
    } catch (error) {
      throw error instanceof UserError ? renamed(error, upload) : error;
    } finally {
      await rm(upload, { force: true });
    }
  }

  /** @throws UserError `service/changed`, `labels/size`, `labels/object` */
  async writeMask(frame: number, mask: LabelMap, size: Size, expected?: Expected): Promise<string> {
    requireSize(mask, size);
    requireObjects(mask);
    const path = this.path(frame, "png");
    return inTurn(path, async () => {
      await this.requireExpected(path, expected);
      await writeMaskPng(path, mask);
      return this.tag(path);
    });
  }

  /** @throws UserError `service/missing`, `json/invalid` */
  async shapes(frame: number): Promise<{ readonly shapes: Shapes; readonly tag: string }> {
    const path = this.path(frame, "json");
    if (!(await isThere(path))) throw missing(`shapes of frame ${frame}`);
    const { points, boxes, ...rest } = await readJson(path, storedShapes, "shapes");
    return { shapes: { points: points.map(plain), boxes: boxes.map(plain), ...rest }, tag: await this.tag(path) };
  }

  /** @throws UserError `service/changed` */
  async writeShapes(frame: number, { points, boxes, ...rest }: Shapes, expected?: Expected): Promise<string> {
    const path = this.path(frame, "json");
    const placed = <Shape extends object>(shape: Shape) => ({ frame, ...shape });
    const file = text({ points: points.map(placed), boxes: boxes.map(placed), ...rest });
    return inTurn(path, async () => {
      await this.requireExpected(path, expected);
      await writeFileAtomic(path, file);
      return tagOf(file);
    });
  }

  /** Forgets a frame's mask or shapes; no error where there are none. @throws UserError `service/changed` */
  async remove(frame: number, what: "mask" | "shapes", expected?: Expected): Promise<void> {
    const path = this.path(frame, what === "mask" ? "png" : "json");
    await inTurn(path, async () => {
      await this.requireExpected(path, expected);
      await rm(path, { force: true });
    });
  }

  /** @throws UserError `json/invalid` */
  async objects(): Promise<LabelledObject[]> {
    const path = this.objectsFile;
    return (await isThere(path)) ? readJson(path, objectsSchema, "objects") : [];
  }

  writeObjects(objects: readonly LabelledObject[]): Promise<void> {
    return inTurn(this.objectsFile, () => writeFileAtomic(this.objectsFile, text(objects)));
  }

  /**
   * Copies the labels as they are now, so that a job has them whatever happens here later. Masks in which nothing is to be
   * seen are left out: they measure, and cannot be given.
   * @returns the files for a track task, and the ends.
   */
  async copyTo(folder: string): Promise<{ labels: LabelFilePath[]; ends: { what: number | string; frame: number }[] }> {
    await makeFolders(folder);
    const labels: LabelFilePath[] = [];
    const ends: { what: number | string; frame: number }[] = [];
    const copy = async (frame: number, kind: Kind): Promise<void> => {
      const path = join(folder, fileName(frame, kind));
      await copyFile(this.path(frame, kind), path);
      labels.push({ path, frame });
    };
    for (const { frame, mask, shapes } of await this.frames()) {
      if (mask !== null && (await this.mask(frame)).data.some((value) => value !== 0)) await copy(frame, "png");
      if (shapes === null) continue;
      const own = (await this.shapes(frame)).shapes;
      ends.push(...own.ends.map((what) => ({ what, frame })));
      if (own.points.length + own.boxes.length > 0) await copy(frame, "json");
    }
    return { labels, ends };
  }

  private get objectsFile(): string {
    return join(this.folder, "objects.json");
  }

  private path(frame: number, kind: Kind): string {
    return join(this.folder, fileName(frame, kind));
  }

  private async tag(path: string): Promise<string> {
    return tagOf(await readFile(path));
  }

  private async requireExpected(path: string, expected: Expected): Promise<void> {
    if (expected === undefined) return;
    const there = (await stat(path).catch(() => undefined)) === undefined ? null : await this.tag(path);
    if (expected === "*" ? there !== null : expected === there) return;
    throw new UserError("service/changed", {
      what: "these labels are not those that were to be replaced",
      got: there ?? "none",
      expected: expected ?? "none",
      todo: "read them again",
    });
  }
}

/** Of a frame, pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}
type Kind = "png" | "json";

/** As written: every shape names its frame, as the format of the file wants it. */
const frameKey = { frame: z.int().exactOptional() };
const storedShapes = shapesSchema.extend({
  points: z.array(shapesSchema.shape.points.unwrap().element.extend(frameKey)).default([]),
  boxes: z.array(shapesSchema.shape.boxes.unwrap().element.extend(frameKey)).default([]),
});

const plain = <Shape extends { frame?: number }>({ frame: _frame, ...shape }: Shape) => shape;
const fileName = (frame: number, kind: Kind): string => `${String(frame).padStart(5, "0")}.${kind}`;
const text = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
const missing = (what: string): UserError => new UserError("service/missing", { what: `there is no ${what}` });

/** The same error about what was sent, not about where it was put meanwhile. */
function renamed({ code, parts }: UserError, path: string): UserError {
  const own = Object.entries(parts).map(([key, value]) => [key, (value as string).replaceAll(path, "the picture")]);
  return new UserError(code, Object.fromEntries(own) as typeof parts);
}

function requireSize({ width, height }: LabelMap, size: Size): void {
  if (width === size.width && height === size.height) return;
  throw new UserError("labels/size", {
    what: "the mask has another size than the clip",
    got: `${width}x${height}`,
    expected: `${size.width}x${size.height}`,
  });
}

function requireObjects({ data }: LabelMap): void {
  if (!data.includes(MAX_OBJECT_ID + 1)) return;
  throw new UserError("labels/object", {
    what: "the mask has a pixel of no object",
    got: `label ${MAX_OBJECT_ID + 1}`,
    expected: `0 for the background, and ids from 1 to ${MAX_OBJECT_ID}`,
  });
}
