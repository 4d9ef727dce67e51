/** @file What can be wrong with the sound of a file, in the same words whichever backend finds it out. */
import { UserError } from "../../core/errors.ts";

/** @param got what there is instead */
export function noSound(path: string, got = "no sound track"): UserError {
  return new UserError("sound/missing", {
    what: `${path} has no sound`,
    got,
    expected: "a video file with a sound track",
    todo: "record with the microphone on, or name the file that has the sound",
  });
}
