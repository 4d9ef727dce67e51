/**
 * @file Addresses of the pages: `#/` is the footage, `#/clip/ID?frame=N` a clip, with `site=ID` as a frame to label of that
 * site; `#/sites` the sites, `#/site/ID`, `#/site/ID/models`, `#/site/ID/report` one of them, `#/training` training.
 */

const CLIP = /^#\/clip\/(?<id>[\w-]+)(?:\?(?<query>[\w=&-]*))?$/u;
const SITE = /^#\/site\/(?<id>[\w-]+)(?:\/(?<part>models|report))?$/u;

export const addressOf = (clip: string, frame = 0, site?: string): string => {
  const query = [...(frame > 0 ? [`frame=${frame}`] : []), ...(site === undefined ? [] : [`site=${site}`])].join("&");
  return `#/clip/${clip}${query === "" ? "" : `?${query}`}`;
};

/** The clip that an address names; undefined for other pages. */
export const clipOfAddress = (hash = location.hash): string | undefined => CLIP.exec(hash)?.groups?.["id"];

const queryOf = (hash: string): URLSearchParams => new URLSearchParams(CLIP.exec(hash)?.groups?.["query"] ?? "");

export function frameOfAddress(hash = location.hash): number {
  const frame = Number(queryOf(hash).get("frame"));
  return Number.isSafeInteger(frame) && frame > 0 ? frame : 0;
}

/** The site whose frames are labelled. */
export const siteOfAddress = (hash = location.hash): string | undefined => queryOf(hash).get("site") ?? undefined;

/** Parts of a site. */
export const SITE_PARTS = ["site", "models", "report"] as const;
export type SitePart = (typeof SITE_PARTS)[number];

/** A page that is loaded when it is asked for. */
export type LatePage =
  | { readonly page: "sites" }
  | { readonly page: "training" }
  | { readonly page: SitePart; readonly id: string };

/** Undefined for the footage and for clips. */
export function latePageOf(hash = location.hash): LatePage | undefined {
  if (hash === "#/sites" || hash === "#/training") return hash === "#/sites" ? { page: "sites" } : { page: "training" };
  const { id, part = "site" } = SITE.exec(hash)?.groups ?? {};
  return id === undefined ? undefined : { page: part as SitePart, id };
}

export const siteAddress = (id: string, part: SitePart = "site"): string =>
  `#/site/${id}${part === "site" ? "" : `/${part}`}`;
