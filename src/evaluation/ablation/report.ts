/** @file An ablation as tables (Markdown) and as pictures: every seed a dot, the mean a line. */
import * as Plot from "@observablehq/plot";
import { plotSvg } from "../../charts/plot.ts";
import type { AblationResult } from "./ablation.ts";
import type { AblationRow } from "./rows.ts";
import { type Attribute, ATTRIBUTES } from "./sequenceAttributes.ts";

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
  /** Means over the seeds of what else was measured, by column, 0..1; seeds without a value are left out. */
  readonly further: Readonly<Record<string, number>>;
  /** J&F minus that of the row that it adds a part to. */
  readonly gain?: number;
  /** Whether the gain is larger than the spreads of both rows; undefined without a gain or with one seed. */
  readonly certain?: boolean;
}

/** Everything that the tables of an ablation show. */
export interface AblationContent {
  readonly rows: readonly AblationRow[];
  readonly summaries: readonly RowSummary[];
  readonly results: readonly AblationResult[];
  readonly attributes: Readonly<Record<string, readonly Attribute[]>>;
}

/** All tables as Markdown: the rows, what makes sequences hard, the sequences. */
export function ablationTables({ rows, summaries, results, attributes }: AblationContent): string {
  const tables = [ablationTable(summaries), attributeTable(rows, results, attributes), sequenceTable(rows, results)];
  return `${tables.join("\n\n")}\n`;
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
    further: meansByColumn(results.map(furtherScores)),
  };
}

/** What was measured beside the main set, by column. */
function furtherScores({ sets = {}, joints }: AblationResult): Record<string, number> {
  return {
    ...Object.fromEntries(Object.entries(sets).map(([name, { JF }]) => [name, JF])),
    ...(joints === undefined ? {} : { "PCK@0.1": joints.at10, "PCK@0.2": joints.at20 }),
  };
}

function meansByColumn(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const columns = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(
    columns.map((column) => {
      const values = all.flatMap((one) => (column in one ? [one[column]] : []));
      return [column, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

/** Columns beside the main set's, in the order of the first row that has them. */
function furtherColumns(summaries: readonly RowSummary[]): string[] {
  return [...new Set(summaries.flatMap(({ further }) => Object.keys(further)))];
}

/** The table; further sets and joints have columns of their own at the end. */
export function ablationTable(summaries: readonly RowSummary[]): string {
  const plain = summaries.find(({ row }) => row.name === "reconstruction")?.stepSeconds ?? 0;
  const columns = furtherColumns(summaries);
  const lines = summaries.map((summary) => {
    const { row, J, F, stepSeconds, gain, certain, further } = summary;
    const verdict = certain === undefined ? " (one seed)" : certain ? "" : " (within seed noise)";
    const change = gain === undefined ? "" : `${signed(gain)}${verdict}`;
    const time = stepSeconds === 0 || plain === 0 ? "" : `${(stepSeconds / plain).toFixed(2)}×`;
    const others = columns.map((column) => (column in further ? further[column].toFixed(3) : ""));
    const scores = [withSpread(summary), J.toFixed(3), F.toFixed(3)];
    return tableLine([row.title, ...scores, change, time, ...others]);
  });
  return table(["row", "J&F", "J", "F", "gain", "step time", ...columns], lines);
}

/** One seed says nothing about the spread. */
const withSpread = ({ JF, spread, seeds }: RowSummary): string =>
  seeds > 1 ? `${JF.toFixed(3)} ± ${spread.toFixed(3)}` : JF.toFixed(3);

const signed = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(3)}`;

const tableLine = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (header: readonly string[], lines: readonly string[]): string =>
  [tableLine(header), `|${header.map(() => "---").join("|")}|`, ...lines].join("\n");

/** J&F of each sequence of the main set, then of the further ones, mean over the seeds: what helps where. */
export function sequenceTable(rows: readonly AblationRow[], results: readonly AblationResult[]): string {
  const used = usedRows(rows, results);
  const names = [...new Set(results.flatMap((result) => Object.keys(allSequences(result))))];
  const lines = names.map((name) => tableLine([name, ...used.map((row) => meanOver(results, row, [name]))]));
  return table(["sequence", ...used.map(({ name }) => name)], lines);
}

/**
 * J&F of the sequences that have an attribute, mean over sequences and seeds; sequences of further sets count too,
 * under `SET/SEQUENCE`.
 * @param attributes by sequence.
 */
export function attributeTable(
  rows: readonly AblationRow[],
  results: readonly AblationResult[],
  attributes: Readonly<Record<string, readonly Attribute[]>>,
): string {
  const used = usedRows(rows, results);
  const lines = (Object.keys(ATTRIBUTES) as Attribute[]).flatMap((attribute) => {
    const names = Object.keys(attributes).filter((name) => attributes[name].includes(attribute));
    if (names.length === 0) return [];
    return [tableLine([attribute, String(names.length), ...used.map((row) => meanOver(results, row, names))])];
  });
  return table(["attribute", "sequences", ...used.map(({ name }) => name)], lines);
}

function usedRows(rows: readonly AblationRow[], results: readonly AblationResult[]): AblationRow[] {
  return rows.filter(({ name }) => results.some(({ row }) => row === name));
}

/** J&F by sequence; those of further sets under `SET/SEQUENCE`. */
function allSequences({ sequences, sets = {} }: AblationResult): Record<string, number> {
  const others = Object.entries(sets).flatMap(([set, scores]) =>
    Object.entries(scores.sequences).map(([name, JF]) => [`${set}/${name}`, JF] as const),
  );
  return { ...sequences, ...Object.fromEntries(others) };
}

/** Mean J&F of a row over its seeds and these sequences; empty where there is none. */
function meanOver(results: readonly AblationResult[], row: AblationRow, names: readonly string[]): string {
  const values = results
    .filter((result) => result.row === row.name)
    .flatMap((result) => {
      const all = allSequences(result);
      return names.flatMap((name) => (name in all ? [all[name]] : []));
    });
  return values.length === 0 ? "" : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
}

/** Room in px for the longest title, about 6.5 px a letter. */
const titleMargin = (summaries: readonly RowSummary[]): number =>
  20 + Math.ceil(6.5 * Math.max(0, ...summaries.map(({ row }) => row.title.length)));

/** The picture of the trained rows, an SVG document; the untrained one would leave the others no room to differ in. */
export function ablationChart(all: readonly RowSummary[], results: readonly AblationResult[]): string {
  const summaries = all.filter(({ row }) => row.parts !== undefined);
  const titles = new Map(summaries.map(({ row }) => [row.name, row.title]));
  const dots = results.flatMap(({ row, JF, seed }) => {
    const title = titles.get(row);
    return title === undefined ? [] : [{ title, JF, seed: String(seed) }];
  });
  const means = summaries.map((summary) => ({ title: summary.row.title, JF: summary.JF, text: withSpread(summary) }));
  return plotSvg({
    width: 660 + titleMargin(summaries),
    height: 60 + 30 * summaries.length,
    marginLeft: titleMargin(summaries),
    marginRight: 110,
    marginTop: 10,
    marginBottom: 45,
    // From 0: a part of the axis would make seed noise look like a gain.
    x: { label: axisLabel(summaries), labelAnchor: "center", grid: true, zero: true, insetRight: 16 },
    y: { label: null, domain: summaries.map(({ row }) => row.title) },
    marks: [
      ...noiseMarks(summaries),
      Plot.tickX(means, { x: "JF", y: "title", strokeWidth: 2, insetTop: 6, insetBottom: 6 }),
      Plot.dot(dots, { x: "JF", y: "title", fill: "seed", r: 4 }),
      Plot.text(means, { y: "title", text: "text", frameAnchor: "right", textAnchor: "start", dx: 8 }),
    ],
    color: { type: "ordinal", legend: false, scheme: "tableau10" },
  });
}

/** The row that the others are held against: plain reconstruction, or the first one where that is not among them. */
const plainOf = (summaries: readonly RowSummary[]): RowSummary | undefined =>
  summaries.find(({ row }) => row.name === "reconstruction") ?? summaries[0];

/** What the axis shows, and what is known of seed noise. */
function axisLabel(summaries: readonly RowSummary[]): string {
  const plain = plainOf(summaries);
  if (plain === undefined || plain.seeds < 2) return "J&F; one seed: its noise is not known";
  return `J&F; grey: between the seeds of ${plain.row.title}`;
}

/** A band over all rows, as wide as the plain row's seeds differ. */
function noiseMarks(summaries: readonly RowSummary[]): Plot.Markish[] {
  const plain = plainOf(summaries);
  if (plain === undefined || plain.seeds < 2) return [];
  const band = { from: plain.JF - plain.spread, to: plain.JF + plain.spread };
  return [Plot.rectX([band], { x1: "from", x2: "to", fill: "#bbb", fillOpacity: 0.5 })];
}

/**
 * Gains of the trained rows over plain reconstruction (the first trained row where that is not among them) in every
 * column, an SVG document: columns differ in height, gains can be compared. Lines in J&F are as long as the seeds of both
 * rows differ: one that crosses 0 is within seed noise.
 */
export function gainChart(all: readonly RowSummary[]): string {
  const summaries = all.filter(({ row }) => row.parts !== undefined);
  const plain = plainOf(summaries);
  const columns = ["J&F", ...furtherColumns(summaries)];
  const score = ({ JF, further }: RowSummary, column: string): number | undefined =>
    column === "J&F" ? JF : further[column];
  const gains = summaries.flatMap((summary) =>
    columns.flatMap((column) => {
      const [own, before] = [score(summary, column), plain && score(plain, column)];
      return own === undefined || before === undefined
        ? []
        : [{ title: summary.row.title, column, gain: own - before }];
    }),
  );
  const noise = gains.flatMap(({ title, column, gain }) => {
    const own = summaries.find(({ row }) => row.title === title);
    if (column !== "J&F" || own === undefined || plain === undefined) return [];
    if (own === plain || Math.min(own.seeds, plain.seeds) < 2) return [];
    const spread = own.spread + plain.spread;
    return [{ title, column, least: gain - spread, most: gain + spread }];
  });
  return plotSvg({
    width: 30 + titleMargin(summaries) + 150 * columns.length,
    height: 60 + 30 * summaries.length,
    marginLeft: titleMargin(summaries),
    marginRight: 30,
    marginTop: 60,
    marginBottom: 10,
    x: { axis: null, inset: 24 },
    y: { label: null, domain: summaries.map(({ row }) => row.title) },
    fx: { label: `gain over ${plain?.row.title ?? ""}`, axis: "top", domain: columns, labelOffset: 44 },
    marks: [
      Plot.ruleX([0], { stroke: "#999" }),
      Plot.barX(gains, { fx: "column", x: "gain", y: "title", fill: "column", fillOpacity: 0.4 }),
      Plot.ruleY(noise, { fx: "column", x1: "least", x2: "most", y: "title", strokeWidth: 1.5, dy: 8 }),
      Plot.text(gains, {
        fx: "column",
        x: "gain",
        y: "title",
        text: ({ gain }: { gain: number }) => signed(gain),
        dy: -3,
      }),
    ],
    color: { type: "ordinal", legend: false, scheme: "tableau10" },
  });
}
