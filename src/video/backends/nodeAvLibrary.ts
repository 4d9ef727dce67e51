/**
 * @file Loading node-av (FFmpeg as a Node library), an optional dependency.
 * Only its low-level synchronous part is used: the high-level one needs a newer Node and rewrites timestamps after a
 * seek.
 */
import { constants } from "node:os";
import type * as Constants from "node-av/constants";
import type * as Library from "node-av/lib";
import { messageOf, UserError } from "../../core/errors.ts";

/** The parts of node-av that we use. */
export type NodeAv = typeof Library & { readonly constants: typeof Constants };

let loaded: Promise<NodeAv> | undefined;

/**
 * Loads node-av once.
 * @throws UserError `video/no-backend` when it is not installed or has no binary for this machine.
 */
export async function loadNodeAv(): Promise<NodeAv> {
  loaded ??= importNodeAv();
  return loaded;
}

async function importNodeAv(): Promise<NodeAv> {
  try {
    const [library, avConstants] = await Promise.all([import("node-av/lib"), import("node-av/constants")]);
    // Errors are return codes for us; FFmpeg's own lines on stderr would only be noise.
    library.Log.setLevel(avConstants.AV_LOG_QUIET);
    return { ...library, constants: avConstants };
  } catch (error) {
    throw new UserError(
      "video/no-backend",
      {
        what: `node-av cannot be loaded: ${messageOf(error).split("\n")[0]}`,
        todo: "install it with: npm install node-av",
      },
      error,
    );
  }
}

/**
 * Throws an error with FFmpeg's own message if a return code is an error; a full disk keeps its usual code `ENOSPC`.
 */
export function check(av: NodeAv, code: number, doing: string): void {
  if (code >= 0) return;
  const error = new Error(`${doing}: ${new av.FFmpegError(code).message}`);
  throw code === -constants.errno.ENOSPC ? Object.assign(error, { code: "ENOSPC" }) : error;
}
