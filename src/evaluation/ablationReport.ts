/** @file An ablation as a table (Markdown) and as a picture: every seed a dot, the mean a line. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "../charts/plot.ts";
import type { AblationResult } from "./ablation.ts";
import type { AblationRow } from "./ablationRows.ts";

/** A row's results over its seeds. */
export interface RowSummary {
  readonly row: AblationRow;
  readonly seeds: number;
  /** Means over the seeds, 0..1. */
  readonly JF: number;
  readonly J: number;
  readonly F: number;
  /** Half the distance between the best and the worst seed. */
  readonly spread: number;
  readonly stepSeconds: number;
  /** J&F minus that of the row that it adds a part to. */
  readonly gain?: number;
  /** Whether the gain is larger than the spreads of both rows; undefined without a gain or with one seed. */
  readonly certain?: boolean;
}

/** Means, spreads and gains; rows without results are left out. */
export function summariseAblation(rows: readonly AblationRow[], results: readonly AblationResult[]): RowSummary[] {
  const plain = rows.flatMap((row) => {
    const own = results.filter((result) => result.row === row.name);
    return own.length === 0 ? [] : [summaryOf(row, own)];
  });
  return plain.map((summary) => {
    const before = plain.find(({ row }) => row.name === summary.row.over);
    if (before === undefined) return summary;
    const gain = summary.JF - before.JF;
    const seeds = Math.min(before.seeds, summary.seeds);
    return { ...summary, gain, ...(seeds < 2 ? {} : { certain: Math.abs(gain) > before.spread + summary.spread }) };
  });
}

function summaryOf(row: AblationRow, results: readonly AblationResult[]): RowSummary {
  const mean = (of: (result: AblationResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const scores = results.map(({ JF }) => JF);
  return {
    row,
    seeds: results.length,
    JF: mean(({ JF }) => JF),
    J: mean(({ J }) => J),
    F: mean(({ F }) => F),
    spread: (Math.max(...scores) - Math.min(...scores)) / 2,
    stepSeconds: mean(({ stepSeconds }) => stepSeconds),
  };
}

/** The table. */
export function ablationTable(summaries: readonly RowSummary[]): string {
  const plain = summaries.find(({ row }) => row.name === "reconstruction")?.stepSeconds ?? 0;
  const lines = summaries.map((summary) => {
    const { row, JF, J, F, spread, stepSeconds, gain, certain } = summary;
    const verdict = certain === undefined ? "" : certain ? "" : " (within seed noise)";
    const change = gain === undefined ? "" : `${gain >= 0 ? "+" : "−"}${Math.abs(gain).toFixed(3)}${verdict}`;
    const time = stepSeconds === 0 || plain === 0 ? "" : `${(stepSeconds / plain).toFixed(2)}×`;
    return `| ${row.title} | ${JF.toFixed(3)} ± ${spread.toFixed(3)} | ${J.toFixed(3)} | ${F.toFixed(3)} | ${change} | ${time} |`;
  });
  return ["| row | J&F | J | F | gain | step time |", "|---|---|---|---|---|---|", ...lines].join("\n");
}

/** J&F of each sequence, mean over the seeds: what helps where. */
export function sequenceTable(rows: readonly AblationRow[], results: readonly AblationResult[]): string {
  const names = Object.keys(results[0]?.sequences ?? {});
  const used = rows.filter(({ name }) => results.some(({ row }) => row === name));
  const cell = (row: AblationRow, sequence: string): string => {
    const own = results.filter((result) => result.row === row.name);
    return (own.reduce((sum, { sequences }) => sum + sequences[sequence], 0) / own.length).toFixed(3);
  };
  return [
    `| sequence | ${used.map(({ name }) => name).join(" | ")} |`,
    `|---|${used.map(() => "---").join("|")}|`,
    ...names.map((sequence) => `| ${sequence} | ${used.map((row) => cell(row, sequence)).join(" | ")} |`),
  ].join("\n");
}

/** The picture of the trained rows, an SVG document; the untrained one would leave the others no room to differ in. */
export function ablationChart(all: readonly RowSummary[], results: readonly AblationResult[]): string {
  const summaries = all.filter(({ row }) => row.parts !== undefined);
  const titles = new Map(summaries.map(({ row }) => [row.name, row.title]));
  const dots = results.flatMap(({ row, JF, seed }) => {
    const title = titles.get(row);
    return title === undefined ? [] : [{ title, JF, seed: String(seed) }];
  });
  const means = summaries.map(({ row, JF }) => ({ title: row.title, JF }));
  return plotSvg({
    width: 760,
    height: 60 + 34 * summaries.length,
    marginLeft: 220,
    marginRight: 30,
    marginTop: 30,
    x: { label: "J&F", grid: true, inset: 16 },
    y: { label: null, domain: summaries.map(({ row }) => row.title) },
    marks: [
      Plot.tickX(means, { x: "JF", y: "title", strokeWidth: 2, insetTop: 6, insetBottom: 6 }),
      Plot.dot(dots, { x: "JF", y: "title", fill: "seed", r: 4 }),
      Plot.text(means, { x: "JF", y: "title", text: ({ JF }: { JF: number }) => JF.toFixed(3), dy: -14 }),
    ],
    color: { type: "ordinal", legend: false, scheme: "tableau10" },
  });
}
