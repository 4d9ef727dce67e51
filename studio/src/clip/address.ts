/** @file Addresses of the pages: `#/` is the footage, `#/clip/ID?frame=N` a clip. */

const CLIP = /^#\/clip\/(?<id>[\w-]+)(?:\?frame=(?<frame>\d+))?$/u;

export const addressOf = (clip: string, frame = 0): string => `#/clip/${clip}${frame > 0 ? `?frame=${frame}` : ""}`;

/** The clip that an address names; undefined for the footage. */
export const clipOfAddress = (hash = location.hash): string | undefined => CLIP.exec(hash)?.groups?.["id"];
export const frameOfAddress = (hash = location.hash): number => Number(CLIP.exec(hash)?.groups?.["frame"] ?? 0);
