/** @file What `tsumugi demo` prints: the scores, the files to look at, what to try next. */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import Table from "cli-table3";
import type { SequenceScore } from "../../metrics/davis.ts";
import { PART_NAMES } from "../../synthetic/scene.ts";
import type { SiteDemoResult } from "../../tasks/demo/runSiteDemo.ts";
import type { DemoResult } from "../../tasks/demo/runDemo.ts";
import { demoTask } from "../../tasks/demo.ts";
import { print } from "../terminal.ts";
import { actionOf } from "./action.ts";

export const action = actionOf(demoTask, (outcome) =>
  print(outcome.kind === "site" ? siteReport(outcome) : report(outcome)),
);

function siteReport({ site, footage, report: result, steps, seconds }: SiteDemoResult): string {
  const decision = result?.report.decision ?? null;
  const words = { go: "go", "no-go": "no-go", "not-enough": "not enough evidence" };
  const adapt = steps.find(({ step }) => step === "adapt")?.said ?? "";
  return `
A site of rendered clips, from the footage check to the report, in ${duration(seconds)}.
verdict: ${decision === null ? "none" : words[decision]}
adapt: ${adapt}

Look at
  ${result?.page ?? site}   the report
  ${site}/check/check.html   what was found in the footage
  ${site}/plan/plan.html   the frames that had to be labelled; here the renderer drew the masks

Next, with your own footage (here: ${footage})
  npx tsumugi site init my-site --footage DIR --target iou=0.80
  npx tsumugi site run my-site`;
}

function report(result: DemoResult): string {
  const { score, floor, frames, seconds, paths } = result;
  const parts = Object.keys(score.objects).length;
  return `
${counted(parts, "part")} tracked through ${counted(frames, "frame")} from the first mask alone, ${(frames / seconds.track).toFixed(1)} frames/s.
J&F against the exact truth: ${decimals(score.JF_mean)} (copying the first mask: ${decimals(floor.JF_mean)})

${table(score, floor)}

Look at
  ${paths.overlay}   the clip with the tracked parts in colour
  ${paths.sheet}   six frames; colour: tracked, white line: truth

Next, with your own clip: paint the objects of its first frame in a PNG of the same size, each in its own colour
on black (as in ${paths.first}), then
  npx tsumugi track your.mp4 --labels first.png --out result`;
}

function table(score: SequenceScore, floor: SequenceScore): string {
  const head = ["part", "J&F", "J", "F", "J&F copied"];
  const rows = Object.entries(score.objects).map(([id, { J_mean, F_mean }]) => {
    const copied = floor.objects[id];
    const values = [(J_mean + F_mean) / 2, J_mean, F_mean, (copied.J_mean + copied.F_mean) / 2];
    return [`${id} ${PART_NAMES[Number(id) - 1]}`, ...values.map(decimals)];
  });
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}

function decimals(value: number): string {
  return value.toFixed(3);
}
