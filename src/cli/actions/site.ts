/** @file What `tsumugi site` prints: what there is now, and what to do next. */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { commandLine } from "../../core/shell.ts";
import { modelFolder } from "../../site/models.ts";
import type { ListedModel } from "../../site/modelUse.ts";
import { reachText } from "../../site/plan/planPage.ts";
import { currentTargets } from "../../site/targets.ts";
import { type SiteOutcome, siteTask } from "../../tasks/site.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(siteTask, (outcome) => {
  for (const line of linesOf(outcome)) print(line);
});

type Of<Step extends SiteOutcome["step"]> = Extract<SiteOutcome, { readonly step: Step }>;

function linesOf(outcome: SiteOutcome): string[] {
  switch (outcome.step) {
    case "init":
      return initLines(outcome);
    case "check":
      return checkLines(outcome);
    case "plan":
      return planLines(outcome);
    case "track":
      return trackLines(outcome);
    case "adapt":
      return adaptLines(outcome);
    case "tune":
      return tuneLines(outcome);
    case "run":
      return runLines(outcome);
    case "watch":
      return watchLines(outcome);
    case "models":
      return modelsLines(outcome);
    default:
      return reportLines(outcome);
  }
}

const step = (...words: readonly string[]): string => commandLine(["tsumugi", "site", ...words]);
const next = (...words: readonly string[]): string => `next: ${step(...words)}`;

function initLines({ site, folder, refused, existed, changedAfterResults }: Of<"init">): string[] {
  const { footage } = site;
  const seconds = footage.reduce((sum, clip) => sum + clip.seconds, 0);
  const cameras = new Set(footage.map(({ camera }) => camera)).size;
  const targets = currentTargets(site.targets).map(({ metric, value }) => `${metric} ≥ ${value}`);
  return [
    `${existed ? "site" : "new site"} ${site.name}: ${counted(footage.length, "clip")} of ${counted(cameras, "camera")}, ${duration(seconds)}${refused.length === 0 ? "" : `; ${counted(refused.length, "clip")} left out`}`,
    targets.length === 0
      ? "no target is set: without one there is no verdict (--target iou=0.80)"
      : `targets: ${targets.join(", ")}`,
    ...(changedAfterResults ? ["a target changed after results had been seen: every report will say so"] : []),
    next("check", folder),
  ];
}

function checkLines({ folder, check, page }: Of<"check">): string[] {
  const bad = check.clips.filter(({ verdict }) => verdict === "poor" || verdict === "unreadable").length;
  return [
    `${counted(check.clips.length, "clip")} checked: ${bad === 0 ? "none is poor" : `${bad} poor or unreadable`}`,
    `page: ${page}`,
    next("plan", folder),
  ];
}

function planLines({ folder, plan, page }: Of<"plan">): string[] {
  const left = plan.frames.filter(({ labelled }) => !labelled).length;
  return [
    `${counted(plan.frames.length, "frame")} to label in ${counted(plan.passages, "passage")}, ${left} left: about ${duration(plan.labelSec)}`,
    reachText(plan),
    `page: ${page}`,
    left === 0 ? next("track", folder) : `next: draw the masks in the page's order, then ${step("track", folder)}`,
  ];
}

function trackLines({ folder, passages, tracked, kept, failed, frames, seconds }: Of<"track">): string[] {
  const speed = tracked === 0 ? "" : `, ${(frames / seconds).toFixed(1)} frames/s`;
  return [
    `${counted(passages, "passage")}: ${counted(tracked, "run")} tracked now, ${kept} kept from before${speed}`,
    ...failed.map(({ passage, why }) => `failed: ${passage}: ${why}`),
    next("report", folder),
  ];
}

/** The steps themselves were told as they came. */
function runLines({ folder, report, seconds }: Of<"run">): string[] {
  const time = `done in ${duration(seconds)}`;
  if (report === null) return [time, `next: draw the masks of ${folder}/plan/plan.html, then ${step("run", folder)}`];
  return [time, ...reportLines({ step: "report", folder, ...report })];
}

function reportLines({ folder, report, page, data }: Of<"report">): string[] {
  const words = { go: "go", "no-go": "no-go", "not-enough": "not enough evidence" };
  const verdict = report.decision === null ? "no verdict: no target is set" : `verdict: ${words[report.decision]}`;
  const scores = report.verdicts.map(({ metric, target, score, decision }) => {
    const { mean, low, high, clusters } = score;
    const measured =
      clusters === 0
        ? "nothing measured yet"
        : `${mean.toFixed(3)}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, ${counted(clusters, "passage")}`;
    return `${metric} ≥ ${target}: ${measured}: ${words[decision]}`;
  });
  const needed = Math.max(0, ...report.verdicts.map(({ passagesNeeded }) => passagesNeeded ?? 0));
  const growth = Math.min(needed, report.labels.available);
  const more = growth > report.labels.planned ? [next("plan", folder, "--passages", String(growth))] : [];
  return [verdict, ...scores, `page: ${page}`, `data: ${data}`, ...more];
}

function adaptLines({ folder, model, inUse, leftOut, seconds }: Of<"adapt">): string[] {
  const { accepted, reason, number } = model;
  const use = inUse === number ? "it is used from now on" : `model ${inUse} stays in use`;
  return [
    `${modelFolder(model)} ${accepted ? "accepted" : "refused"}: ${reason}`,
    `${use}; ${duration(seconds)}${leftOut.length === 0 ? "" : `; ${counted(leftOut.length, "clip")} left out`}`,
    next(...(accepted ? ["track", folder] : ["models", folder])),
  ];
}

/** Rows of what was tried that are shown. */
const SHOWN = 6;

function tuneLines({ folder, preset, reason, by, tried, picture, seconds }: Of<"tune">): string[] {
  const use =
    preset === null ? "the usual settings are used" : `${preset.name} is used: ${JSON.stringify(preset.tracker)}`;
  if (by === null) return [reason, use];
  const [usual, ...others] = tried;
  const best = others.toSorted((a, b) => b.tests - a.tests || b.score - a.score).slice(0, SHOWN);
  const row = ({ name, score, framesPerSecond, tests }: (typeof tried)[number]): string =>
    `  ${name}: ${score.toFixed(3)}, ${framesPerSecond.toFixed(1)} frames/s, ${counted(tests, "test")}`;
  return [
    `${counted(others.length, "setting")} tried on ${by} in ${duration(seconds)}: ${reason}`,
    use,
    ...[usual, ...best].map(row),
    ...(picture === null ? [] : [`picture: ${picture}`]),
    next("track", folder),
  ];
}

/** What happened was told as it happened. */
function watchLines({ folder, taken, refused, waiting, models, rolledBack, why, inUse }: Of<"watch">): string[] {
  return [
    `${counted(taken.length, "recording")} taken in, ${refused.length} refused, ${waiting.length} not whole yet`,
    ...waiting.map((one) => `waiting: ${one.path}: ${one.why}`),
    ...(models.length === 0 ? [`nothing was learned: ${why}`] : []),
    ...models.map((model) => `${modelFolder(model)} ${model.accepted ? "accepted" : "refused"}: ${model.reason}`),
    ...rolledBack.map(({ from, to, why: reason }) => `back from model ${from} to ${to}: ${reason}`),
    `model ${inUse} is in use`,
    ...(models.length + rolledBack.length === 0 ? [] : [next("models", folder)]),
  ];
}

function modelsLines({ action, folder, inUse, before, models }: Of<"models">): string[] {
  if (action === "show") return modelLines(models[0]);
  const change =
    action === "list"
      ? []
      : [
          before === null
            ? `model ${inUse} was in use already`
            : `model ${inUse} is used from now on (before: ${before})`,
        ];
  const more = action === "list" ? [] : [next("track", folder)];
  return [...change, ...models.map(modelLine), ...more];
}

/** One of the list: the one in use has a star. */
function modelLine(model: ListedModel): string {
  const word = model.accepted ? "accepted" : "refused";
  const weights = model.weightsState === "whole" || model.weights === null ? "" : `, weights ${model.weightsState}`;
  return `${model.inUse ? "*" : " "} ${modelFolder(model)}  ${word}${weights}: ${model.reason}`;
}

function modelLines(model: ListedModel): string[] {
  const { parent, made, sha256, scores, config, weightsState: state } = model;
  const weights = { whole: "as they were made", changed: "not those that it was made with", gone: "gone" }[state];
  return [
    `${modelFolder(model)}${model.inUse ? ", in use" : ""}`,
    `${model.accepted ? "accepted" : "refused"}: ${model.reason}`,
    `made: ${made}${parent === null ? "" : `, from model ${parent}`}`,
    `weights: ${weights}, SHA-256 ${sha256}`,
    ...Object.entries(scores).map(([name, value]) => `  ${name}: ${Number(value.toFixed(4))}`),
    ...(Object.keys(config).length === 0 ? [] : [`learned with: ${JSON.stringify(config)}`]),
  ];
}
