/** @file Makes a site of footage, or changes what is known of one: more footage, other targets, other prices. */
import { isThere } from "../core/files.ts";
import { basename, resolve } from "node:path";
import type { Logger } from "../core/log.ts";
import { DEFAULT_WEIGHTS } from "../method/node/weightsFile.ts";
import { showedResults } from "./history.ts";
import { findFootage, type FootageOptions, type FoundFootage } from "./footage.ts";
import { registerDefault } from "./models.ts";
import { DEFAULT_PRICES, type Site, SITE_FORMAT, type SitePrices } from "./siteFile.ts";
import { SiteFolder } from "./siteFolder.ts";
import { type WantedTarget, withTargets } from "./targets.ts";

/** What is given; what is left out stays as it is, or has its default. */
export interface InitSiteOptions {
  readonly folder: string;
  /** What the site is called. Default: as before, at first as its folder. */
  readonly name?: string | undefined;
  readonly footage: readonly string[];
  readonly targets: readonly WantedTarget[];
  readonly prices: Partial<SitePrices>;
  readonly objects: Readonly<Record<string, string>>;
  readonly tracker: Site["tracker"];
  readonly seed?: number | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** See `FootageOptions`. */
  readonly look?: FootageOptions["look"];
}

/** The site, and the footage that was left out. */
export interface InitSiteResult extends Pick<FoundFootage, "refused"> {
  readonly folder: string;
  readonly site: Site;
  /** It was there before. */
  readonly existed: boolean;
  /** A target was set or changed although results had been seen. */
  readonly changedAfterResults: boolean;
}

/** @throws UserError those of `findFootage` and `SiteFolder.read`, `lock/busy`, `file/write` */
export async function initSite(options: InitSiteOptions): Promise<InitSiteResult> {
  const folder = new SiteFolder(options.folder);
  // Wrong footage leaves no folder behind: that of a new site is looked at before anything is made.
  const fresh = (await folder.exists()) ? undefined : await findFootage(options.footage, [], options);
  await using _ = await folder.lock();
  const existed = await folder.exists();
  const before = existed ? await folder.read() : undefined;
  const found =
    before === undefined && fresh !== undefined
      ? fresh
      : await findFootage(options.footage, before?.footage ?? [], options);
  if (before !== undefined && (options.seed ?? before.seed) !== before.seed)
    options.logger.warn(`the seed stays ${before.seed}: it is chosen when the site is made`);
  const set = new Date().toISOString();
  const afterResults = (await folder.history()).some(showedResults);
  const old = before ?? freshSite(options, set);
  const site: Site = {
    ...old,
    name: options.name ?? old.name,
    footage: [...found.clips],
    targets: withTargets(old.targets, options.targets, { set, afterResults }),
    prices: { ...old.prices, ...options.prices },
    objects: { ...old.objects, ...options.objects },
    tracker: { ...old.tracker, ...options.tracker },
  };
  if (!(await isThere(folder.at("models", "0000-default", "model.json"))))
    await registerDefault(folder, DEFAULT_WEIGHTS);
  await folder.write(site);
  const added = site.targets.slice(old.targets.length);
  await folder.note(existed ? "changed" : "init", {
    clips: site.footage.length,
    refused: found.refused,
    targets: added,
    prices: options.prices,
  });
  const changedAfterResults = added.some((target) => target.afterResults);
  return { folder: options.folder, site, existed, refused: found.refused, changedAfterResults };
}

function freshSite({ folder, seed = 1 }: InitSiteOptions, made: string): Site {
  return {
    format: SITE_FORMAT,
    name: basename(resolve(folder)),
    made,
    seed,
    footage: [],
    targets: [],
    prices: DEFAULT_PRICES,
    objects: {},
    tracker: {},
    model: 0,
    preset: null,
  };
}
