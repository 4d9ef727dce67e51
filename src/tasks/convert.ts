/** @file The task `convert`: labels of one format, or what was tracked, in another format. */
import { basename } from "node:path";
import { z } from "zod";
import type { AnnotationStream } from "../annotations/annotations.ts";
import { MAX_OBJECT_ID } from "../annotations/object.ts";
import { UserError } from "../core/errors.ts";
import type { WriteOptions } from "../formats/format.ts";
import { HOLDS_NOTHING, Losses } from "../formats/losses.ts";
import { formatNamed } from "../formats/registry.ts";
import { openFrameSource } from "../video/frameSource.ts";
import { READABLE_FORMATS, WRITABLE_FORMATS } from "./choices.ts";
import { requireFreeOutput, writeOut } from "./convert/output.ts";
import { type ConvertedClip, placedIn } from "./convert/placedFrames.ts";
import { openLabels } from "./convert/openLabels.ts";
import { encodingKey } from "./settings/encoding.ts";
import { frameSizeKey } from "./settings/frameSize.ts";
import { choice, defineTask, type RunContext, strict, taskObject } from "./task.ts";

const convertSchema = taskObject("convert", {
  input: z.string().describe("A file, folder or .zip of labels, or a folder of the results of a track task."),
  to: choice(WRITABLE_FORMATS).describe("The format to write."),
  out: z.string().describe("The file or folder to write, as the format says, or a .zip of it."),
  from: choice(READABLE_FORMATS).exactOptional().describe("The format of the labels. Default: told by their contents."),
  video: z
    .string()
    .exactOptional()
    .describe("The clip that the labels belong to: gives the size and the names of its frames."),
  size: frameSizeKey
    .exactOptional()
    .describe("The size of the frames in pixels, where neither labels nor clip say it."),
  objects: z
    .array(
      strict({
        id: z.int().min(1).max(MAX_OBJECT_ID).describe("The object's value in masks."),
        class: z.string().min(1).max(200).describe("What kind of thing it is."),
      }),
    )
    .exactOptional()
    .describe("Classes of objects in masks, in the place of what the labels say."),
  sequence: z.string().exactOptional().describe("Which clip to convert, of labels that hold several."),
  encoding: encodingKey("labels that are text"),
  overwrite: z.boolean().default(false).describe("Replace the file if it is there already."),
});

type ConvertSettings = z.output<typeof convertSchema>;

/** What was converted. */
export interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly out: string;
  /** Number of frames. */
  readonly frames: number;
  /** What the format cannot hold, a line each. */
  readonly lost: readonly string[];
}

/** Writes labels in another format. */
export const convertTask = defineTask("convert", convertSchema, convert);

async function convert(task: ConvertSettings, context: RunContext): Promise<Conversion> {
  const { input, out, overwrite, video } = task;
  const { logger } = context;
  const target = formatNamed(task.to);
  const { write, holds = HOLDS_NOTHING } = target;
  await requireFreeOutput(out, target, overwrite);
  const { from, stream: labels } = await openLabels(task.input, task, logger);
  const stream = withClasses(labels, task.objects);
  await using clip = video === undefined ? undefined : await openFrameSource(video, { logger, notFrames: [input] });
  const losses = new Losses(target.name, holds);
  const placed = placedIn(stream, { input, clip, size: task.size, timed: holds.times, logger });
  const counted = countFrames({ ...placed, frames: losses.watch(placed) }, context);
  const options = { losses, ...clipOptions(clip, stream) };
  await writeOut(out, target, async (path) => {
    await write?.(path, counted.stream, options);
    requireSomething(losses, counted.frames(), task);
  });
  return { from, to: target.name, out, frames: counted.frames(), lost: losses.lines };
}

function withClasses(stream: AnnotationStream, given: ConvertSettings["objects"] = []): AnnotationStream {
  const known = new Map(given.map((one) => [one.id, one.class]));
  const objects = stream.objects.map((object) => {
    const own = object.id === undefined ? undefined : known.get(object.id);
    return own === undefined ? object : { ...object, class: own };
  });
  return { ...stream, objects };
}

function clipOptions(clip: ConvertedClip | undefined, { sequence }: AnnotationStream): Omit<WriteOptions, "losses"> {
  if (clip === undefined) return sequence === undefined ? {} : { video: sequence };
  const { path, frameCount, timesSec } = clip;
  const seconds = timesSec[frameCount - 1] - timesSec[0];
  return { video: basename(path), frameCount, ...(seconds > 0 && { fps: (frameCount - 1) / seconds }) };
}

/** Counts frames as they pass, says how many, and stops when the task is stopped. */
function countFrames(stream: AnnotationStream, { logger, signal }: RunContext) {
  let count = 0;
  async function* frames() {
    for await (const frame of stream.frames) {
      signal.throwIfAborted();
      count++;
      if (count % 100 === 0) logger.progress(`${count} frames`);
      yield frame;
    }
  }
  return { stream: { ...stream, frames: frames() }, frames: () => count };
}

/** @throws UserError `convert/nothing` */
function requireSomething({ held, lines }: Losses, frames: number, { input, to }: ConvertSettings): void {
  if (held > 0) return;
  if (frames === 0)
    throw new UserError("convert/nothing", {
      what: `${input} has no labels`,
      expected: "labels, or what tsumugi track left in its --out",
      todo: "check the path",
    });
  throw new UserError("convert/nothing", {
    what: `${input} has nothing that ${to} can hold`,
    ...(lines.length > 0 && { got: lines.join("; ") }),
    todo: "choose another format with --to",
  });
}
