/** @file The scores of points and of semantic labels as tables for the terminal, in percent as the papers give them. */
import Table from "cli-table3";
import type { BadjaScore } from "./badja.ts";
import type { IouScore } from "../../metrics/meanIou.ts";
import type { PckScore } from "../../metrics/pck.ts";
import type { ClipScores } from "./pointFiles.ts";
import type { TapVidScore } from "../../metrics/tapVid.ts";

/** A row per clip, then all joints of all clips together. Lines without a last line break. */
export function pckTable({ clips, all }: ClipScores<PckScore>): string {
  const head = ["clip", ...all.thresholds.map((t) => `PCK@${t}`), "joints"];
  return scoreTable(head, rowsOf(clips, pckCells), ["all clips", ...pckCells(all)]);
}

/** PCK of each joint over all clips; a row per joint. */
export function jointTable({ perJoint, thresholds, mean }: PckScore, names: readonly string[]): string {
  const rows = names.map((name, joint) => [name, ...perJoint.map((values) => percent(values[joint]))]);
  return scoreTable(["joint", ...thresholds.map((t) => `PCK@${t}`)], rows, ["mean", ...mean.map(percent)]);
}

/** A row per clip, then their means. */
export function tapVidTable({ clips, all }: ClipScores<TapVidScore>): string {
  const head = ["clip", "AJ", "δ_avg", "OA", ...all.thresholds.map((t) => `<${t} px`), "tracks"];
  return scoreTable(head, rowsOf(clips, tapVidCells), ["mean of clips", ...tapVidCells(all)]);
}

/** A row per sequence, then their means. */
export function badjaTable({ clips, all }: ClipScores<BadjaScore>): string {
  const head = [
    "sequence",
    "PCK@0.2√area",
    "AJ",
    "δ_avg",
    "OA",
    ...all.tapVid.thresholds.map((t) => `<${t} px`),
    "joints",
  ];
  return scoreTable(head, rowsOf(clips, badjaCells), ["mean", ...badjaCells(all)]);
}

/** A row per class, then their mean. @param names of the classes; their numbers where there is none. */
export function iouTable({ perClass, mean }: IouScore, names: Readonly<Record<string, string>> = {}): string {
  const rows = Object.entries(perClass).map(([label, iou]) => [
    names[label] === undefined ? label : `${label} ${names[label]}`,
    iou === null ? "-" : percent(iou),
  ]);
  return scoreTable(["class", "IoU"], rows, ["mean", percent(mean)]);
}

/** A row of each clip. */
export function rowsOf<Score>(clips: Readonly<Record<string, Score>>, cells: (score: Score) => string[]): string[][] {
  return Object.entries(clips).map(([name, score]) => [name, ...cells(score)]);
}

/** A table with numbers to the right, and a last row apart. */
export function scoreTable(head: readonly string[], rows: readonly string[][], last: string[]): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows, [], last);
  return made.toString();
}

export const percent = (value: number): string => (Number.isNaN(value) ? "-" : (100 * value).toFixed(1));

function pckCells({ mean, count }: PckScore): string[] {
  return [...mean.map(percent), String(count)];
}

function tapVidCells(score: TapVidScore): string[] {
  const { averageJaccard, averageWithin, occlusionAccuracy, within, tracks } = score;
  return [...[averageJaccard, averageWithin, occlusionAccuracy, ...within].map(percent), String(tracks)];
}

function badjaCells({ pck, tapVid }: BadjaScore): string[] {
  return [percent(pck), ...tapVidCells(tapVid)];
}
