/** @file What the labels and the tracking of a site have shown so far: what a plan is sized by. */
import type { Logger } from "../../core/log.ts";
import { spreadOf } from "../../metrics/clusterMean.ts";
import type { SeenSoFar } from "../plan/plan.ts";
import { LEAST_PASSAGES } from "../plan/size.ts";
import { scoreClusters } from "../scores.ts";
import { SiteFolder } from "../siteFolder.ts";
import { readEvidence } from "./evidence.ts";

/** @throws UserError as `readEvidence` */
export async function seenSoFar(root: string, logger: Logger): Promise<SeenSoFar> {
  const folder = new SiteFolder(root);
  const { methods, thingsPerFrame } = await readEvidence(folder, await folder.read(), logger);
  const base = methods.find(({ method, corrections }) => method === "model" && corrections === 0);
  const clusters = scoreClusters(base?.observations ?? [], { kind: "iou" });
  const spread = clusters.length < LEAST_PASSAGES ? undefined : spreadOf(clusters);
  return { spread, objectsPerFrame: thingsPerFrame ?? undefined };
}
