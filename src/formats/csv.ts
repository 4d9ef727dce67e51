/**
 * @file CSV as spreadsheets write it (RFC 4180): quotes, any line break, a byte-order mark; commas, semicolons or tabs,
 * which a first line such as `sep=;` may name; where commas do not separate, they may be decimal.
 */
import { UserError } from "../core/errors.ts";

/** A table with a header line. */
export interface CsvTable {
  /** Trimmed, lower case; without the unnamed ones. */
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Where numbers are read as the table writes them. */
  readonly numbers: CsvNumbers;
}

/** A row under the header. */
export interface CsvRow {
  /** The line that the row begins in, from 1. */
  readonly line: number;
  /** Trimmed values by column. */
  readonly values: Readonly<Record<string, string>>;
}

/** A row of a table as it stands. */
export interface CsvRecord {
  readonly line: number;
  /** Trimmed. */
  readonly values: readonly string[];
}

/** The rows of a table without any meaning of the first, and the character between values. */
export interface CsvRecords {
  readonly records: readonly CsvRecord[];
  readonly separator: string;
}

/**
 * Reads a table; blank lines and unnamed columns are ignored. The separator is the most frequent of tab, semicolon and
 * comma in the first line.
 * @param name of the file in messages.
 * @throws UserError `csv/invalid`: no header, a quote that is not closed, a row of a different length, a duplicate
 * column.
 */
export function parseCsv(text: string, name: string): CsvTable {
  return csvTable(csvRecords(text, name), name);
}

/** As `parseCsv`, of rows: the first is the header. */
export function csvTable({ records, separator }: CsvRecords, name: string): CsvTable {
  const [header, ...rows] = records;
  if (header === undefined) throw invalid(name, 1, "the file is empty", "a header line with the names of the columns");
  if (isHeaderless(header)) throw invalid(name, header.line, "numbers", "a header line with the names of the columns");
  const named = header.values.map((column) => column.toLowerCase());
  const columns = named.filter((column) => column !== "");
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) throw invalid(name, header.line, `the column "${twice}" occurs twice`, "each column once");
  const width = named.findLastIndex((column) => column !== "") + 1;
  return {
    columns,
    rows: rows.map((row) => ({ line: row.line, values: valuesByName(row, named.slice(0, width), name) })),
    numbers: new CsvNumbers(separator, name),
  };
}

function valuesByName({ line, values }: CsvRecord, columns: readonly string[], name: string): CsvRow["values"] {
  const width = Math.max(columns.length, values.findLastIndex((value) => value !== "") + 1);
  if (values.length < columns.length || width > columns.length)
    throw invalid(name, line, `${Math.min(values.length, width)} values`, `${columns.length}, as in the header`);
  return Object.fromEntries(columns.flatMap((column, i) => (column === "" ? [] : [[column, values[i]]])));
}

/** Whether what should be the header is a row of data: most of its values are numbers. */
export function isHeaderless({ values }: CsvRecord): boolean {
  const numeric = values.filter((value) => /^[+-]?[\d.,]+(?:e[+-]?\d+)?$/iu.test(value));
  return numeric.length > values.filter((value) => value !== "").length / 2;
}

/** A value as a CSV field: quoted where necessary. */
export function csvField(value: string): string {
  return /[",;\r\n]|^\s|\s$/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** How programs write that there is no number. */
const NO_NUMBER = /^(?:|-|\+?inf(?:inity)?|-inf(?:inity)?|#?n\/?a|nan|-nan|null|none|#num!|#div\/0!)$/iu;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/**
 * The numbers of one table: all with decimal points or, where commas do not separate the values, all with decimal
 * commas.
 */
export class CsvNumbers {
  private readonly separator: string;
  private readonly name: string;
  /** The first number with a decimal mark. */
  private first: { readonly mark: "." | ","; readonly text: string; readonly line: number } | undefined;

  constructor(separator: string, name: string) {
    this.separator = separator;
    this.name = name;
  }

  /** The number in a cell; NaN for one that is empty or says that there is none. @throws UserError `csv/invalid` */
  read({ line, values }: CsvRow, column: string): number {
    const text = values[column] ?? "";
    if (NO_NUMBER.test(text)) return Number.NaN;
    const where = `${this.name}, line ${line}, column ${column}`;
    this.requireNoGroups(text, where);
    const plain = this.separator === "," ? text : text.replace(",", ".");
    if (!NUMBER.test(plain))
      throw new UserError("csv/invalid", { what: where, got: JSON.stringify(text), expected: this.expected });
    this.requireOneMark(text, line, where);
    return Number(plain);
  }

  private get expected(): string {
    return this.separator === "," ? "a number with a decimal point" : "a number";
  }

  /** `1,234.5`, `1.234,5`, `1 234`, `1'234`: what one country takes for thousands is decimals in another. */
  private requireNoGroups(text: string, where: string): void {
    const grouped =
      /^[+-]?\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?$/u.test(text) || /^[+-]?\d[\d.,]*[.,][\d.,]*[.,]\d*$/u.test(text);
    if (!grouped) return;
    throw new UserError("csv/invalid", {
      what: where,
      got: `${JSON.stringify(text)}, which looks like thousands with separators`,
      expected: this.expected,
      todo: "write numbers without separators of thousands",
    });
  }

  private requireOneMark(text: string, line: number, where: string): void {
    const mark = /[.,]/u.exec(text)?.[0] as "." | "," | undefined;
    if (mark === undefined) return;
    this.first ??= { mark, text, line };
    if (this.first.mark === mark) return;
    throw new UserError("csv/invalid", {
      what: where,
      got: `${JSON.stringify(text)}, but ${JSON.stringify(this.first.text)} in line ${this.first.line}`,
      expected: "the same decimal mark in all numbers",
    });
  }
}

/**
 * @param name of the file in messages. @throws UserError `csv/invalid`: a quote that is not closed, or text after one
 */
export function csvRecords(text: string, name: string): CsvRecords {
  const marked = text.replace(/^\uFEFF/u, "");
  const [directive, named] = /^[^\S\r\n]*"?sep=([,;\t|])"?[^\S\r\n]*(?:\r\n|\r|\n|$)/iu.exec(marked) ?? ["", undefined];
  const body = marked.slice(directive.length);
  const separator = named ?? likelySeparator(body);
  return { separator, records: records(body, separator, { name, firstLine: directive === "" ? 1 : 2 }) };
}

function likelySeparator(text: string): string {
  const line = /^[^\S\t]*([^\r\n]*)/u.exec(text.replace(/^(?:[^\S\t]*[\r\n])+/u, ""))?.[1] ?? "";
  const bare = line.replaceAll(/"[^"]*"/gu, "");
  const count = (separator: string): number => bare.split(separator).length - 1;
  return [";", "\t", ","].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function records(
  text: string,
  separator: string,
  { name, firstLine }: { name: string; firstLine: number },
): CsvRecord[] {
  const rows: CsvRecord[] = [];
  const quoted = new RegExp(
    `[^\\S${separator}\\r\\n]*"((?:[^"]|"")*)"[^\\S${separator}\\r\\n]*|([^${separator}\\r\\n]*)`,
    "uy",
  );
  let [at, line] = [0, firstLine];
  while (at < text.length) {
    const row: { line: number; values: string[] } = { line, values: [] };
    do {
      quoted.lastIndex = row.values.length > 0 ? ++at : at;
      const [all, inner, plain] = quoted.exec(text) ?? [""];
      if (/^\s*"/u.test(plain ?? "")) throw invalid(name, line, "a quote that is not closed", 'a closing "');
      row.values.push(inner?.replaceAll('""', '"') ?? (plain ?? "").trim());
      at += all.length;
      line += all.match(/\r\n|\r|\n/gu)?.length ?? 0;
    } while (text[at] === separator);
    if (at < text.length && !/[\r\n]/u.test(text[at]))
      throw invalid(name, line, `"${text[at]}" after a closing quote`, "a separator or the end of the line");
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    if (row.values.some((value) => value !== "")) rows.push(row);
  }
  return rows;
}

function invalid(name: string, line: number, got: string, expected: string): UserError {
  return new UserError("csv/invalid", { what: `${name}, line ${line}`, got, expected });
}
