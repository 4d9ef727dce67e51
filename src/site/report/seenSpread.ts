/** @file How much IoU varies at a site, by what was labelled and tracked so far: what a plan is sized by. */
import type { Logger } from "../../core/log.ts";
import { type Spread, spreadOf } from "../../metrics/clusterMean.ts";
import { LEAST_PASSAGES } from "../plan/size.ts";
import { scoreClusters } from "../scores.ts";
import { SiteFolder } from "../siteFolder.ts";
import { readEvidence } from "./evidence.ts";

/** Undefined before enough passages were tracked to tell. @throws UserError as `readEvidence` */
export async function seenSpread(root: string, logger: Logger): Promise<Spread | undefined> {
  const folder = new SiteFolder(root);
  const { methods } = await readEvidence(folder, await folder.read(), logger);
  const base = methods.find(({ method, corrections }) => method === "model" && corrections === 0);
  const clusters = scoreClusters(base?.observations ?? [], { kind: "iou" });
  return clusters.length < LEAST_PASSAGES ? undefined : spreadOf(clusters);
}
