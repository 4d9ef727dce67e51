/** @file The tables of accuracy: method by method, camera by camera, thing by thing. */
import { escaped } from "../../core/html.ts";
import { paragraph, section, table } from "./parts.ts";
import type { GroupScore, MethodScore, MetricReport, ReportedMean, SiteReport } from "./reportData.ts";
import { metricLabel, percent, scoreText, type Words } from "./words.ts";

/** One table for each metric; nothing before anything was measured. */
export function accuracySection(report: SiteReport, words: Words): string {
  const { metrics } = report;
  if (metrics.length === 0) return "";
  return section(words.say("accuracy"), ...metrics.map((one) => methodTable(one, report, words)));
}

function methodTable(metric: MetricReport, report: SiteReport, words: Words): string {
  const head = [
    words.say("method"),
    metricLabel(metric.metric),
    ...["interval", "passages", "frames", "gain"].map((key) => words.say(key as "interval")),
  ];
  const rows = metric.methods.map((one) => [
    methodName(one, report.provenance, words),
    ...scoreCells(one.score, words),
    differenceText(one, words),
  ]);
  const hasCorrections = metric.methods.some(({ corrections }) => corrections > 0);
  return [
    table(head, rows, [0, 5]),
    ...(hasCorrections ? [paragraph(words.say("correctionNote"), "small")] : []),
    ...failedText(metric, words),
    ...(metric.metric === "iou" && metric.absent.count > 0
      ? [paragraph(words.say("absent", { ...metric.absent }))]
      : []),
  ].join("\n");
}

/** A row's name. */
export function methodName(
  { method, corrections }: Pick<MethodScore, "method" | "corrections">,
  { model: own, preset }: SiteReport["provenance"],
  words: Words,
): string {
  if (method === "copy-first") return words.say("methodCopy");
  if (method === "untrained") return words.say("methodUntrained");
  if (method === "default") return words.say("methodDefault");
  if (method === "untuned") return words.say("methodUntuned", { model: own });
  const model = preset === null ? own : words.say("modelTuned", { model: own, preset });
  if (corrections === 0) return words.say("methodModel", { model });
  return corrections === 1
    ? words.say("methodCorrectedOne", { model })
    : words.say("methodCorrected", { model, count: corrections });
}

function scoreCells({ mean, low, high, clusters, values }: ReportedMean, words: Words): string[] {
  return [scoreText(mean), words.range(scoreText(low), scoreText(high)), String(clusters), String(values)];
}

/** A difference with its interval. */
export function differenceText({ difference }: MethodScore, words: Words): string {
  if (difference === null) return "";
  const { mean, low, high } = difference;
  return `${signed(mean)} (${words.range(signed(low), signed(high))})`;
}

const signed = (value: number): string => (value > 0 ? `+${scoreText(value)}` : scoreText(value).replace("-", "−"));

function failedText(
  { metric, failedPassages: failed, passages, unseenFailures }: MetricReport,
  words: Words,
): string[] {
  if (metric !== "iou" || passages === 0) return [];
  if (unseenFailures === null) return [paragraph(words.say("failedPassages", { failed, passages }))];
  return [paragraph(words.say("unseenFailures", { share: percent(unseenFailures), passages }))];
}

/** Cameras and things of every metric, where there are several. */
export function groupSections({ metrics }: SiteReport, words: Words): string {
  return metrics
    .flatMap(({ metric, cameras, things }) => [
      groupTable(metric, "byCamera", "camera", cameras, words),
      groupTable(metric, "byThing", "thing", things, words),
    ])
    .join("\n");
}

function groupTable(
  metric: string,
  title: "byCamera" | "byThing",
  column: "camera" | "thing",
  groups: readonly GroupScore[],
  words: Words,
): string {
  if (groups.length < 2) return "";
  const head = [
    words.say(column),
    metricLabel(metric),
    words.say("interval"),
    words.say("passages"),
    words.say("frames"),
  ];
  const rows = groups.map(({ name, score }) => [name, ...scoreCells(score, words)]);
  return `<h3>${escaped(words.say(title))}</h3>${table(head, rows)}`;
}
