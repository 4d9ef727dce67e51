/** @file What is to be reached, fixed before the results: `iou=0.8`, `pck@0.1=0.6`. */
import { UserError } from "../core/errors.ts";
import type { SiteTarget } from "./siteFile.ts";

/** A metric of the verdict: the mean IoU of masks, or the share of points within a part of their extent. */
export type Metric = { readonly kind: "iou" } | { readonly kind: "pck"; readonly threshold: number };

/** A target as it is given. */
export interface WantedTarget {
  readonly metric: string;
  readonly value: number;
}

const EXAMPLES = "METRIC=VALUE, such as iou=0.8 or pck@0.1=0.6, the value between 0 and 1";

/** @throws UserError `site/target` */
export function parseTarget(text: string): WantedTarget {
  const { metric, value } = /^(?<metric>[^=]+)=(?<value>[\d.]+)%?$/u.exec(text.trim())?.groups ?? {};
  const number = Number(value);
  const isPercent = text.trim().endsWith("%");
  if (metric === undefined || isPercent || !(number > 0 && number < 1) || metricOf(metric) === undefined)
    throw new UserError("site/target", {
      what: `the target ${JSON.stringify(text)}`,
      expected: EXAMPLES,
      ...((isPercent || number >= 2) && number < 100 && { todo: `write ${number / 100} if ${number} % is meant` }),
    });
  return { metric: metric.trim(), value: number };
}

/** The metric of this name; undefined for an unknown one. */
export function metricOf(name: string): Metric | undefined {
  const text = name.trim();
  if (text === "iou") return { kind: "iou" };
  const threshold = Number(/^pck@(?<threshold>0?\.\d+|1)$/u.exec(text)?.groups?.["threshold"]);
  return threshold > 0 ? { kind: "pck", threshold } : undefined;
}

/** The target that counts for each metric, with what it was before: in order of the metric's first target. */
export interface CurrentTarget {
  readonly metric: string;
  readonly value: number;
  readonly set: string;
  /** It was set or changed when results had been seen. */
  readonly afterResults: boolean;
  /** Earlier values, oldest first. */
  readonly before: readonly SiteTarget[];
}

/** Withdrawn targets are left out. */
export function currentTargets(all: readonly SiteTarget[]): CurrentTarget[] {
  const metrics = [...new Set(all.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => {
    const own = all.filter((target) => target.metric === metric);
    const { value, set, afterResults } = own[own.length - 1];
    return value === null ? [] : [{ metric, value, set, afterResults, before: own.slice(0, -1) }];
  });
}

/** The targets with those that are new or have another value appended. */
export function withTargets(
  all: readonly SiteTarget[],
  wanted: readonly WantedTarget[],
  now: { readonly set: string; readonly afterResults: boolean },
): SiteTarget[] {
  const current = new Map(currentTargets(all).map(({ metric, value }) => [metric, value]));
  const changed = wanted.filter(({ metric, value }) => current.get(metric) !== value);
  return [...all, ...changed.map((target) => ({ ...target, ...now }))];
}
