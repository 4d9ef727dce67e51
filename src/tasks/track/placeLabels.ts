/**
 * @file Labels of a file, placed in a clip: which frame a named picture is, and what of the shapes lies within the
 * frame.
 */
import { inPixels } from "../../annotations/inPixels.ts";
import type { FrameSize } from "../../annotations/point.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import { listed } from "../../formats/usable.ts";
import type { FrameLabels } from "../../tracking/session/keyFrame.ts";
import type { FrameSource } from "../../video/frame.ts";
import { fitLabels } from "./fitLabels.ts";
import type { GivenLabels } from "./givenLabels.ts";
import { drawOutlines } from "./outlineLabels.ts";

/** The clip that labels belong to. */
export type LabelledClip = Pick<FrameSource, "path" | "names" | "width" | "height">;

/**
 * Labels by the clip's frames, within the frame. What is left out or changed is told.
 * @throws UserError `labels/size`, `labels/picture`, `labels/start`, and those of `fitLabels`
 */
export function placeLabels(labels: readonly GivenLabels[], clip: LabelledClip, logger: Logger): FrameLabels[] {
  for (const one of labels) requireSize(one, clip);
  const placed = labels.filter(({ image }) => image === undefined);
  const pictured = labels.filter(({ image }) => image !== undefined);
  for (const file of new Set(pictured.map(({ name }) => name)))
    placed.push(
      ...placePictures(
        pictured.filter(({ name }) => name === file),
        clip,
        logger,
      ),
    );
  const measured = placed.map((one) => labelsInPixels(one, clip));
  return fitLabels(drawOutlines(measured, clip, logger).map(withoutOrigin), clip, logger);
}

function labelsInPixels(given: GivenLabels, clip: FrameSize): GivenLabels {
  const { relative, outlines, ...rest } = given;
  if (relative === undefined) return given;
  const { frame, points = [], boxes = [] } = rest;
  const shapes = { frame, points, boxes, polygons: outlines ?? [] };
  const { polygons = [], ...scaled } = inPixels({ relative, objects: [], frames: [shapes] }, clip).frames[0];
  return { ...rest, ...scaled, outlines: polygons };
}

/** What a session keeps of the labels. */
function withoutOrigin(given: GivenLabels): FrameLabels {
  const { size: _size, only: _only, image: _image, skeleton: _skeleton, outlines: _, relative: __, ...labels } = given;
  return labels;
}

/** @throws UserError `labels/size` */
export function requireSize(
  { size, name }: Pick<GivenLabels, "size" | "name">,
  { path, width, height }: Pick<LabelledClip, "path" | "width" | "height">,
): void {
  if (size === undefined || (size.width === width && size.height === height)) return;
  throw new UserError("labels/size", {
    what: `${name} labels pictures of another size than ${path}`,
    got: `${size.width}x${size.height}`,
    expected: `${width}x${height}`,
    todo: "give the video or the size that was labelled, or scale the labels",
  });
}

/** Labels of one file that names pictures. */
function placePictures(labels: readonly GivenLabels[], clip: LabelledClip, logger: Logger): GivenLabels[] {
  const [{ only, name = "the labels" }] = labels;
  if (only !== undefined && labels.length === 1) return [{ ...labels[0], frame: only }];
  const found = labels.map((one) => ({ one, frame: frameOfPicture(one.image ?? "", clip.names) }));
  const known = found.flatMap(({ one, frame }) => (frame === undefined ? [] : [{ ...one, frame }]));
  const strange = found.flatMap(({ one, frame }) => (frame === undefined ? [`"${one.image}"`] : []));
  if (known.length === 0) throw noSuchPicture(name, strange, clip);
  if (strange.length > 0) logger.warn(`${name}: left out pictures that ${clip.path} does not have: ${listed(strange)}`);
  const renamed = known.flatMap(({ image, frame }) =>
    image === clip.names[frame] ? [] : [`"${image}" as frame ${frame}`],
  );
  if (renamed.length > 0)
    logger.warn(`${name}: took the picture ${listed(renamed)}, by its number; frames count from 0`);
  const wanted = only === undefined ? known : known.filter(({ frame }) => frame === only);
  if (wanted.length > 0) return wanted;
  throw new UserError("labels/start", {
    what: `${name} has no label in frame ${only}`,
    got: `labels in frame ${listed(known.map(({ frame }) => String(frame)))}`,
    todo: "choose the labelled frame with --start, counted from 0",
  });
}

/** The frame of this name; else the only one with the same number at the end. */
export function frameOfPicture(image: string, names: readonly string[]): number | undefined {
  const exact = names.indexOf(image);
  if (exact >= 0) return exact;
  const number = lastNumber(image);
  if (number === undefined) return undefined;
  const alike = names.flatMap((name, frame) => (lastNumber(name) === number ? [frame] : []));
  return alike.length === 1 ? alike[0] : undefined;
}

function lastNumber(name: string): number | undefined {
  const [digits] = /\d+(?=\D*$)/u.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function noSuchPicture(name: string, pictures: readonly string[], { path, names }: LabelledClip): UserError {
  return new UserError("labels/picture", {
    what: `${name} names pictures that ${path} does not have`,
    got: listed(pictures),
    expected: `names such as ${listed(names.slice(0, 3))}`,
    todo:
      pictures.length === 1
        ? "say which frame it is: --labels FILE@FRAME"
        : "give the folder of the pictures that were labelled",
  });
}
