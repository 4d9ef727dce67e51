/** @file The numbers of `adaptation` as tables, and what they come to. */
import Table from "cli-table3";
import { median } from "../../core/median.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { SITE_LOOKS } from "../../synthetic/siteLooks.ts";
import type { AdaptationOutcome, AdaptationTrial, StreamPhase } from "./adaptation.ts";

/** An accepted model that loses more J&F than this is worse. */
const WORSE = 0.005;

/** What trials come to. */
export interface TrialTotals {
  readonly trials: number;
  readonly accepted: number;
  /** Accepted models with more than half a point less J&F. */
  readonly worse: number;
  /** Refused ones that would have gained more than half a point. */
  readonly missed: number;
  /** Median over all trials of what the site gains: 0 where the model was refused. NaN without trials. */
  readonly gain: number;
}

/** Totals of trials. */
export function trialTotals(trials: readonly AdaptationTrial[]): TrialTotals {
  const gains = trials.map(({ accepted, before, learned }) => (accepted ? learned - before : 0));
  const accepted = trials.filter((one) => one.accepted);
  return {
    trials: trials.length,
    accepted: accepted.length,
    worse: accepted.filter(({ before, learned }) => learned - before < -WORSE).length,
    missed: trials.filter((one) => !one.accepted && one.learned - one.before > WORSE).length,
    gain: gains.length === 0 ? Number.NaN : median(gains),
  };
}

/** By how much J&F on looks that had been met before fell from its best to the end, mean; NaN of fewer than two phases. */
export function forgetting(phases: readonly StreamPhase[], of: "watched" | "plain"): number {
  const last = phases.at(-1);
  if (last === undefined || phases.length < 2) return Number.NaN;
  const earlier = SITE_LOOKS.filter((look) => phases.at(-2)?.[of][look] !== undefined);
  return meanOf(
    earlier.map((look) => Math.max(...phases.map((phase) => phase[of][look] ?? 0)) - (last[of][look] ?? 0)),
  );
}

/** Lines without a last line break. */
export function adaptationTable({ trials, phases }: AdaptationOutcome): string {
  return [
    ...(trials.length === 0 ? [] : [trialsTable(trials)]),
    ...(phases.length === 0 ? [] : [streamTable(phases)]),
  ].join("\n");
}

function trialsTable(trials: readonly AdaptationTrial[]): string {
  const table = tableOf(["trial", "look", "J&F before", "learned", "", "why"]);
  for (const { trial, look, before, learned, accepted, reason } of trials)
    table.push([trial, look, before.toFixed(3), learned.toFixed(3), accepted ? "accepted" : "refused", reason]);
  const { accepted, worse, missed, gain } = trialTotals(trials);
  const total = `${accepted} of ${trials.length} accepted, ${worse} of them worse; ${missed} refused that were better; median gain ${points(gain)} points`;
  return `${table.toString()}\n${total}`;
}

function streamTable(phases: readonly StreamPhase[]): string {
  const table = tableOf(["arrived", "", ...SITE_LOOKS.flatMap((look) => [look, "plain"]), "why"]);
  for (const { arrived, accepted, watched, plain, why } of phases) {
    const word = accepted === undefined ? "" : accepted ? "accepted" : "refused";
    table.push([arrived, word, ...SITE_LOOKS.flatMap((look) => [cell(watched[look]), cell(plain[look])]), why]);
  }
  const lost = (["watched", "plain"] as const).map((of) => (100 * forgetting(phases, of)).toFixed(1));
  return `${table.toString()}\nforgotten: ${lost[0]} points watched, ${lost[1]} by plain fine-tuning`;
}

const cell = (value: number | undefined): string => value?.toFixed(3) ?? "";
const points = (value: number): string => (100 * value).toFixed(1);

function tableOf(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
