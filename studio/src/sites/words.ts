/** @file States as the pages of sites say them. */
import type { Job, Site } from "../api/types.ts";
import { s } from "./texts/siteTexts.ts";

/** Whether a job waits or runs. */
export const isAtWork = (job: Job | null | undefined): boolean => job?.state === "queued" || job?.state === "running";

/** Why a job failed. */
export const problemOf = ({ error }: Job): string => [error?.what, error?.todo].filter(Boolean).join("; ");

const DECISIONS = { go: "go", "no-go": "noGo", "not-enough": "notEnough" } as const;
export type Decision = NonNullable<Site["decision"]>;

export const decisionText = (decision: Decision): string => s(DECISIONS[decision]);

/** A decision, in its colour. */
export const decisionClass = (decision: Decision | null): string =>
  decision === "go" ? "good" : decision === "no-go" ? "poor" : "usable";

export const targetText = ({ metric, value }: { readonly metric: string; readonly value: number }): string =>
  metric === "iou" ? s("targetLine", { value }) : s("targetOther", { metric: metric.replace("pck", "PCK"), value });
