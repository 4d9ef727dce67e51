/** @file The footage check of a site: all its clips, into `check/`. */
import { checkFootage, type CheckOutcome } from "../footage/checkFootage.ts";
import type { Language } from "../footage/texts/languages.ts";
import type { Logger } from "../core/log.ts";
import { presentClips } from "./footage.ts";
import { SiteFolder } from "./siteFolder.ts";

/** Which site, and in which language its page is. */
export interface CheckSiteOptions {
  readonly folder: string;
  readonly language: Language;
  readonly threads?: number | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** @throws UserError `site/missing`, `site/footage`, `lock/busy`, those of `checkFootage` */
export async function checkSite({ folder: root, ...options }: CheckSiteOptions): Promise<CheckOutcome> {
  const folder = new SiteFolder(root);
  const site = await folder.read();
  await using _ = await folder.lock();
  const clips = (await presentClips(site.footage, options.logger)).map(({ path }) => path);
  const outcome = await checkFootage({ ...options, clips, out: folder.at("check") });
  const { verdict, clips: checked } = outcome.check;
  await folder.note("check", { verdict, clips: checked.length });
  return outcome;
}
