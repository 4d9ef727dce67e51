/** @file Scores of a site by metric, passage by passage: frames are averaged over their things, passages are clusters. */
import { grouped } from "../core/grouped.ts";
import type { Clusters } from "../metrics/clusterMean.ts";
import { meanOf } from "../metrics/statistics.ts";
import type { Observation } from "./observations.ts";
import { type Metric, metricOf } from "./targets.ts";

/** A thing's score, 0..1; undefined where the metric is of another kind of thing. */
export function scoreOf({ found }: Observation, metric: Metric): number | undefined {
  if (metric.kind === "iou") return found.kind === "mask" ? found.iou : undefined;
  if (found.kind !== "point") return undefined;
  return Number(found.distance !== null && found.distance <= metric.threshold);
}

/** Scores of frames (means over their things), by passage. */
export function frameScores(observations: readonly Observation[], metric: Metric): Map<string, Map<number, number>> {
  const passages = grouped(observations, ({ passage }) => passage);
  const scored = [...passages].map(([passage, own]) => {
    const frames = [...grouped(own, ({ frame }) => frame)].flatMap(([frame, things]) => {
      const values = things.flatMap((one) => scoreOf(one, metric) ?? []);
      return values.length === 0 ? [] : [[frame, meanOf(values)] as const];
    });
    return [passage, new Map(frames)] as const;
  });
  return new Map(scored.filter(([, frames]) => frames.size > 0));
}

/** The same as clusters of a mean. */
export function scoreClusters(observations: readonly Observation[], metric: Metric): Clusters {
  return [...frameScores(observations, metric).values()].map((frames) => [...frames.values()]);
}

/** How much better `a` is than `b`, in the frames that both have, by passage. */
export function differences(a: readonly Observation[], b: readonly Observation[], metric: Metric): Clusters {
  const others = frameScores(b, metric);
  return [...frameScores(a, metric)].map(([passage, frames]) =>
    [...frames].flatMap(([frame, value]) => {
      const other = others.get(passage)?.get(frame);
      return other === undefined ? [] : [value - other];
    }),
  );
}

/** The metrics that observations have, the targets' first. @param wanted names of targets */
export function metricsIn(observations: readonly Observation[], wanted: readonly string[]): string[] {
  const kinds = new Set(observations.map(({ found }) => found.kind));
  const usual = [...(kinds.has("mask") ? ["iou"] : []), ...(kinds.has("point") ? ["pck@0.1", "pck@0.2"] : [])];
  return [...new Set([...wanted, ...usual])].filter((name) => {
    const metric = metricOf(name);
    return metric !== undefined && kinds.has(metric.kind === "iou" ? "mask" : "point");
  });
}
