/** @file The verdict at the top of the page: one sentence for each target, and what would settle what is open. */
import { LEAST_PASSAGES } from "../plan/size.ts";
import { heading, paragraph, table } from "./parts.ts";
import type { SiteReport } from "./reportData.ts";
import { escaped } from "../../core/html.ts";
import type { Decision } from "./verdict.ts";
import { metricLabel, scoreText, type Words } from "./words.ts";

type Verdict = SiteReport["verdicts"][number];

const TITLES = { go: "verdictGo", "no-go": "verdictNoGo", "not-enough": "verdictNotEnough" } as const;
const DECISIONS = { go: "wordGo", "no-go": "wordNoGo", "not-enough": "wordNotEnough" } as const;

/** A decision in the words of a table. */
export function decisionWord(decision: Decision, words: Words): string {
  return words.say(DECISIONS[decision]);
}

/** The verdict in words. */
export interface VerdictTexts {
  readonly title: string;
  /** One for each target, then what would settle what is open. */
  readonly sentences: readonly string[];
  /** What it rests on. */
  readonly basis: readonly string[];
  /** What makes the numbers less worth than they look. */
  readonly doubts: readonly string[];
  /** Of targets, those after results above all. */
  readonly changes: readonly string[];
}

/** The verdict in words. */
export function verdictTexts(report: SiteReport, words: Words): VerdictTexts {
  const { decision, verdicts, corrected } = report;
  return {
    title: decision === null ? words.say("verdictNone") : words.say(TITLES[decision]),
    sentences: [
      ...(decision === null ? [words.say("noTargetSentence")] : verdicts.map((one) => sentence(one, words))),
      ...verdicts.flatMap((one) => settling(one, report, words)),
      ...(decision === "go" ? [] : corrected.flatMap((one) => correctedText(one, words))),
    ],
    basis: basis(report, words),
    doubts: doubts(report, words),
    changes: verdicts.flatMap((one) => changes(one, words)),
  };
}

/** The box with the verdict, what it rests on, and the targets. */
export function verdictSection(report: SiteReport, words: Words): string {
  const { decision, verdicts } = report;
  const { title, sentences, basis, doubts, changes } = verdictTexts(report, words);
  return [
    `<div class="verdict ${decision ?? "none"}"><h1>${escaped(title)}</h1>${sentences.map((text) => paragraph(text)).join("")}</div>`,
    ...basis.map((text) => paragraph(text)),
    ...doubts.map((text) => paragraph(text, "note")),
    ...(verdicts.length === 0 ? [] : [heading(words.say("targets")), targetTable(verdicts, words)]),
    ...changes.map((text) => paragraph(text, "note")),
  ].join("\n");
}

function sentence({ metric, target, decision, why, score }: Verdict, words: Words): string {
  const values = {
    metric: words.metric(metric),
    target: String(target),
    mean: scoreText(score.mean),
    low: scoreText(score.low),
    high: scoreText(score.high),
    clusters: score.clusters,
    least: LEAST_PASSAGES,
  };
  const text = (): string => {
    if (score.clusters === 0) return words.say("nothingSentence", values);
    if (decision === "go") return words.say("goSentence", values);
    if (decision === "no-go") return words.say("noGoSentence", values);
    return words.say(why === "too-few" ? "fewSentence" : "unclearSentence", values);
  };
  return capitalised(text());
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** How much more would settle a target that is open. */
function settling({ decision, passagesNeeded, score }: Verdict, report: SiteReport, words: Words): string[] {
  if (decision !== "not-enough") return [];
  if (passagesNeeded === null) return [words.say("moreHopeless")];
  const { available } = report.labels;
  const footage = passagesNeeded > available ? [words.say("moreFootage", { available })] : [];
  // Without a mean there is nothing that could stay: the sentence before says how many passages a verdict needs.
  if (score.clusters === 0) return footage;
  const more = passagesNeeded - score.clusters;
  const labels = Math.ceil(more * (1 + report.labels.perPassage));
  const { objectsPerFrame, maskSec } = report.prices;
  const objects = report.labour?.objectsPerFrame ?? objectsPerFrame;
  const hours = words.time((labels * objects * maskSec) / 3600);
  return [words.say("moreNeeded", { passages: passagesNeeded, more, labels, hours }), ...footage];
}

function correctedText({ corrections, decision }: SiteReport["corrected"][number], words: Words): string[] {
  if (corrections === 0 || decision === null) return [];
  const word = decisionWord(decision, words);
  return corrections === 1
    ? [words.say("correctedOne", { decision: word })]
    : [words.say("correctedDecision", { count: corrections, decision: word })];
}

/** What makes the numbers less worth than they look. */
function doubts({ labels, targetsEdited }: SiteReport, words: Words): string[] {
  const { skipped, unmeasured } = labels;
  return [
    ...(skipped === 0 ? [] : [words.say("skipped", { frames: skipped })]),
    ...(unmeasured === 0 ? [] : [words.say("unmeasured", { frames: unmeasured })]),
    ...(targetsEdited ? [words.say("edited")] : []),
  ];
}

function basis({ metrics, labels, footage, provenance }: SiteReport, words: Words): string[] {
  const passages = Math.max(0, ...metrics.map((one) => one.passages));
  const frames = Math.max(0, ...metrics.map(({ methods }) => Math.max(...methods.map(({ score }) => score.values))));
  const { verdict, verdictPlanned: planned } = labels;
  if (passages === 0) return [words.say("basisNone", { verdict, planned })];
  const cameras = metrics[0].cameras.length || footage.cameras;
  const text = words.say("basis", { frames, passages, cameras });
  return provenance.looks === 0 ? [text] : [text, words.say("looks", { look: provenance.looks + 1 })];
}

function targetTable(verdicts: readonly Verdict[], words: Words): string {
  const head = ["target", "measured", "interval", "decision", "setOn"] as const;
  const rows = verdicts.map(({ metric, target, score, decision, set }) => [
    `${metricLabel(metric)} ≥ ${target}`,
    scoreText(score.mean),
    words.range(scoreText(score.low), scoreText(score.high)),
    decisionWord(decision, words),
    words.date(set),
  ]);
  return table(
    head.map((key) => words.say(key)),
    rows,
    [0, 3, 4],
  );
}

/** Every change of a target, those after results above all. */
function changes({ metric, set, afterResults, before }: Verdict, words: Words): string[] {
  const date = words.date(set);
  const earlier = before.map(({ value, set: at }) => `${value ?? "–"} (${words.date(at)})`).join(", ");
  if (before.length === 0) return afterResults ? [`${metricLabel(metric)}: ${words.say("setAfter", { date })}`] : [];
  const late = afterResults || before.some((one) => one.afterResults);
  return [`${metricLabel(metric)}: ${words.say(late ? "changedAfter" : "changedBefore", { date, before: earlier })}`];
}
