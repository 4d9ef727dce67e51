/** @file The clips of a site as clips of the service. */
import type { Site, SiteClip } from "../../site/siteFile.ts";
import type { ClipList } from "../clips/clipList.ts";
import type { LabelStore } from "../labels/labelStore.ts";
import type { ClipLabels } from "./takeLabels.ts";

/** A clip of a site. */
export interface ServedSiteClip extends SiteClip {
  /** In the service; null where the clip is gone, or not in its folders any more. */
  readonly id: string | null;
}

/** Clips of a site, each with its id. */
export async function clipsOf({ footage }: Site, clips: ClipList): Promise<ServedSiteClip[]> {
  const ids = new Map((await clips.all()).map(({ path, id }) => [path, id]));
  return footage.map((clip) => ({ ...clip, id: ids.get(clip.path) ?? null }));
}

/** Where the labels of clips are. */
export function labelsOf(clips: readonly ServedSiteClip[], storeOf: (clip: string) => LabelStore): ClipLabels[] {
  return clips.flatMap(({ key, id }) => (id === null ? [] : [{ clip: key, folder: storeOf(id).folder }]));
}
