/** @file CSV as spreadsheets write it (RFC 4180): quotes, commas or semicolons, any line break, a byte-order mark. */
import { UserError } from "../core/errors.ts";

/** A table with a header line. */
export interface CsvTable {
  /** Trimmed, lower case. */
  readonly columns: readonly string[];
  /** Trimmed values by column, and the line that the row begins in, from 1. */
  readonly rows: readonly { readonly line: number; readonly values: Readonly<Record<string, string>> }[];
}

/**
 * Reads a table; blank lines are ignored. The separator is the semicolon if the header has one, otherwise the comma.
 * @param name of the file in messages.
 * @throws UserError `csv/invalid`: no header, a quote that is not closed, a row of a different length, a duplicate
 * column.
 */
export function parseCsv(text: string, name: string): CsvTable {
  const separator = /^[^\r\n]*;/u.test(text) ? ";" : ",";
  const [header, ...rows] = records(text.replace(/^\uFEFF/u, ""), separator, name);
  if (header === undefined) throw invalid(name, 1, "the file is empty", "a header line with the names of the columns");
  const columns = header.values.map((column) => column.toLowerCase());
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) throw invalid(name, header.line, `the column "${twice}" occurs twice`, "each column once");
  return {
    columns,
    rows: rows.map(({ line, values }) => {
      if (values.length !== columns.length)
        throw invalid(name, line, `${values.length} values`, `${columns.length}, as in the header`);
      return { line, values: Object.fromEntries(columns.map((column, i) => [column, values[i]])) };
    }),
  };
}

/** A value as a CSV field: quoted where necessary. */
export function csvField(value: string): string {
  return /[",;\r\n]|^\s|\s$/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

interface Row {
  readonly line: number;
  readonly values: readonly string[];
}

function records(text: string, separator: string, name: string): Row[] {
  const rows: Row[] = [];
  const field = new RegExp(`\\s*"((?:[^"]|"")*)"[^\\S\\r\\n]*|([^${separator}\\r\\n]*)`, "uy");
  let [at, line] = [0, 1];
  while (at < text.length) {
    const row: { line: number; values: string[] } = { line, values: [] };
    do {
      field.lastIndex = row.values.length > 0 ? ++at : at;
      const [all, quoted, plain] = field.exec(text) ?? [""];
      if (/^\s*"/u.test(plain ?? "")) throw invalid(name, line, "a quote that is not closed", 'a closing "');
      row.values.push(quoted?.replaceAll('""', '"') ?? (plain ?? "").trim());
      at += all.length;
      line += all.match(/\n/gu)?.length ?? 0;
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
