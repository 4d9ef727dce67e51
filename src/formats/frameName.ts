/** @file Names of frames as names of files. */
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import { UserError } from "../core/errors.ts";

/**
 * The picture's name, or the index in five digits, as `Frame.name` of a clip whose frames have no names.
 * @throws UserError `format/name` for a name that would lead out of its folder
 */
export function frameName({ frame, image }: Pick<FrameAnnotation, "frame" | "image">): string {
  return image === undefined ? String(frame).padStart(5, "0") : requireFileName(image, "the name of a picture");
}

/** A name that is that of one file or folder. @throws UserError `format/name` */
export function requireFileName(name: string, what: string): string {
  // oxlint-disable-next-line no-control-regex
  if (name !== "" && name !== "." && name !== ".." && !/[/\\\u0000-\u001f]/u.test(name)) return name;
  throw new UserError("format/name", {
    what: `${what} cannot be the name of a file`,
    got: JSON.stringify(name),
    expected: "a name without slashes and control characters",
  });
}
