/** @file `report.html`: one file that needs nothing else, prints well, and says the verdict first. */
import { escaped, figure, htmlDocument, jpegUri } from "../../core/html.ts";
import { accuracySection, groupSections } from "./accuracyPart.ts";
import type { ReportPicture } from "./pictures.ts";
import { LEAST_JUDGED, type SiteReport } from "./reportData.ts";
import { labourSection } from "./labourPart.ts";
import { heading, list, paragraph, section } from "./parts.ts";
import type { TextKey } from "./texts/en.ts";
import { verdictSection } from "./verdictPart.ts";
import { percent, scoreText, Words } from "./words.ts";

const STYLE = `:root{color-scheme:light}body{font:16px/1.55 system-ui,"Noto Sans JP","Hiragino Sans","Yu Gothic",sans-serif;margin:1.5rem auto;max-width:960px;padding:0 1rem;color:#1d2327;background:#fff}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.2rem;border-top:1px solid #ccd;padding-top:1rem;margin:1.6rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .3rem}
.verdict{border-left:10px solid #777;background:#f4f4f6;padding:.8rem 1.1rem;margin:1rem 0}.verdict.go{border-color:#17723a;background:#edf7f0}.verdict.no-go{border-color:#a61b1b;background:#fbeeee}.verdict.not-enough{border-color:#8a5a00;background:#fdf5e6}
.verdict h1{font-size:1.5rem}.note{color:#7a4a00}.small{color:#50575e;font-size:.875rem}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0;font-size:.94rem}th,td{border-bottom:1px solid #dde;padding:.3rem .7rem;text-align:left;vertical-align:top}td:not(.n),th:not(.n){min-width:8em}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px;margin:.8rem 0}.pair p{grid-column:1/3;margin:0;font-weight:600}figure{margin:0}img{width:100%;display:block}figcaption{font-size:13px;color:#50575e}
code{overflow-wrap:anywhere}li{margin:.2rem 0}
@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}table,.pair,.verdict{break-inside:avoid}.wide{overflow:visible}}`;

/** @returns the document. */
export function reportHtml(report: SiteReport, pictures: readonly ReportPicture[], words: Words): string {
  const { site, made, provenance } = report;
  const title = words.say("title", { site });
  const body = [
    `<main>`,
    paragraph(title, "small"),
    verdictSection(report, words),
    accuracySection(report, words),
    groupSections(report, words),
    labourSection(report, words),
    pictureSection(pictures, words),
    failureSection(report, words),
    confidenceSection(report, words),
    basisSection(report, words),
    section(words.say("notShown"), list(notShown(report).map((key) => escaped(words.say(key))))),
    paragraph(words.say("made", { date: words.date(made), version: provenance.versions["tsumugi"] ?? "?" }), "small"),
    `</main>`,
  ];
  return htmlDocument({ title, language: words.language, style: STYLE, body });
}

const NOT_SHOWN: readonly TextKey[] = [
  "notShownFuture",
  "notShownDependence",
  "notShownStarts",
  "notShownLabels",
  "notShownSpeed",
];

/** A model that was learned here has seen what it is measured on. */
function notShown({ provenance }: SiteReport): TextKey[] {
  return [...(provenance.learned ? ["notShownLearned" as const] : []), ...NOT_SHOWN];
}

const CAPTIONS = { best: "pictureBest", median: "pictureMedian", worst: "pictureWorst" } as const;

function pictureSection(pictures: readonly ReportPicture[], words: Words): string {
  if (pictures.length === 0) return "";
  const pairs = pictures.map(({ kind, clip, frame, score, truth, found }) => {
    const caption = words.say(CAPTIONS[kind], { clip, frame: String(frame), score: scoreText(score) });
    const figures = [
      figure(jpegUri(truth), words.say("pictureTruth")),
      figure(jpegUri(found), words.say("pictureFound")),
    ];
    return `<div class="pair">${paragraph(caption)}${figures.join("")}</div>`;
  });
  return section(words.say("pictures"), pairs.join("\n"));
}

const FAILURE_WORDS = {
  lost: "failureLost",
  ghost: "failureGhost",
  small: "failureSmall",
  leaked: "failureLeaked",
  eaten: "failureEaten",
  elsewhere: "failureElsewhere",
} as const;

function failureSection({ failures, metrics }: SiteReport, words: Words): string {
  if (!metrics.some(({ metric, passages }) => metric === "iou" && passages > 0)) return "";
  const items = failures.map(
    ({ failure, share }) => `${escaped(words.say(FAILURE_WORDS[failure]))}: ${percent(share)} %`,
  );
  const share = percent(failures.reduce((sum, one) => sum + one.share, 0));
  const text = failures.length === 0 ? words.say("failuresNone") : words.say("failuresIntro", { share });
  return section(words.say("failures"), paragraph(text), list(items));
}

function confidenceSection({ confidence, metrics }: SiteReport, words: Words): string {
  if (metrics.length === 0) return "";
  const text =
    confidence === null
      ? words.say("confidenceNone", { least: LEAST_JUDGED })
      : words.say("confidenceText", {
          auroc: confidence.mean.toFixed(2),
          low: confidence.low.toFixed(2),
          high: confidence.high.toFixed(2),
          count: confidence.count,
          right: percent(confidence.right),
        });
  return section(words.say("confidence"), paragraph(text));
}

/** Footage, labels, machine, and what is needed to repeat it. */
function basisSection(report: SiteReport, words: Words): string {
  const { footage, labels, provenance, check } = report;
  const { verdict, verdictPlanned: planned, given, passages, reach } = labels;
  return [
    heading(words.say("footage")),
    paragraph(words.say("footageText", { ...footage, time: words.time(footage.seconds / 3600), gone: "" })),
    ...(footage.gone.length === 0
      ? []
      : [paragraph(words.say("footageGone", { clips: footage.gone.join(", ") }), "note")]),
    ...checkParts(check, words),
    heading(words.say("labels")),
    paragraph(words.say("labelsText", { verdict, planned, given, passages, reach: reach?.toFixed(3) ?? "–" })),
    heading(words.say("machine")),
    paragraph(machineText(report, words)),
    heading(words.say("repeat")),
    `<div class="wide"><table>${Object.entries(repeatRows(provenance)).map(repeatRow).join("")}</table></div>`,
  ].join("\n");
}

function machineText({ machine }: SiteReport, words: Words): string {
  const { framesPerSecond, peakRssMb, cores, cpu } = machine;
  if (framesPerSecond === null) return words.say("machineNone", { cores, cpu });
  return words.say("machineText", { speed: framesPerSecond.toFixed(1), memory: peakRssMb ?? 0, cores, cpu });
}

function repeatRows({
  seed,
  model,
  weightsSha256,
  splitSha256,
  labelsSha256,
  tracker,
  versions,
}: SiteReport["provenance"]) {
  return {
    seed: String(seed),
    model,
    "weights SHA-256": weightsSha256,
    "split SHA-256": splitSha256,
    "labels SHA-256": labelsSha256,
    tracker: JSON.stringify(tracker),
    versions: Object.values(versions).join(", "),
  };
}

const repeatRow = ([name, value]: [string, string]): string =>
  `<tr><th scope="row">${escaped(name)}</th><td><code>${escaped(value)}</code></td></tr>`;

/** Its sentences are in the language of the check: in another one only its counts are shown. */
function checkParts(check: SiteReport["check"], words: Words): string[] {
  if (check === null) return [paragraph(words.say("checkNone"))];
  const { good, usable, poor, unreadable, language, findings } = check;
  const shown = language === words.language ? findings : [];
  const items = shown.map(({ clip, said, todo }) => escaped([`${clip}: ${said}`, todo].filter(Boolean).join(" ")));
  return [paragraph(words.say("checkText", { good, usable, poor, unreadable })), list(items)];
}
