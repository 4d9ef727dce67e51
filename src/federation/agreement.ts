/**
 * @file Whether sites agree that weights are better: by trials without labels on footage that each of them set aside.
 * Every site has one vote, however much footage it has, so that one alone carries nothing through.
 */
import { counted } from "../core/counted.ts";
import { differenceInterval } from "../metrics/clusterMean.ts";
import { meanOf } from "../metrics/statistics.ts";
import { points, trialGains } from "../site/adapt/judge.ts";
import type { SiteScores } from "./messages.ts";

/** A site's gain, the mean over its trials; null where no trial gave a number. */
export interface SiteGain {
  readonly site: string;
  readonly gain: number | null;
}

/** What was decided, and why. */
export interface Agreement {
  readonly kept: boolean;
  readonly reason: string;
  readonly gains: readonly SiteGain[];
}

/**
 * Kept if more than half of the sites gained, and all of them together on average. With the interval of the mean over
 * all stretches, which says how sure that is: one round of few steps gains less than its noise, so the interval does
 * not decide.
 */
export function agreement(sites: readonly (SiteScores & { readonly site: string })[]): Agreement {
  const all = sites.map(({ site, before, after }) => ({ site, clusters: trialGains(before, after) }));
  const scored = all.filter(({ clusters }) => clusters.length > 0);
  const gains = all.map(({ site, clusters }) => ({
    site,
    gain: clusters.length === 0 ? null : meanOf(clusters.flat()),
  }));
  if (scored.length === 0) return { kept: false, reason: "no site could compare", gains };
  const own = scored.map(({ clusters }) => meanOf(clusters.flat()));
  const mean = meanOf(own);
  const gaining = own.filter((gain) => gain > 0).length;
  const { low, high } = differenceInterval(scored.flatMap(({ clusters }) => clusters));
  const interval = Number.isFinite(low) ? `, 95 % interval ${points(low)} to ${points(high)}` : "";
  const facts = `${points(mean)} points on average${interval}; better at ${gaining} of ${counted(own.length, "site")}`;
  if (!(mean > 0)) return { kept: false, reason: `not better: ${facts}`, gains };
  if (2 * gaining <= own.length) return { kept: false, reason: `the sites do not agree: ${facts}`, gains };
  return { kept: true, reason: `better: ${facts}`, gains };
}
