/**
 * @file DeepLabCut's HDF5 (`CollectedData_*.h5`, `*DLC_*.h5`): the table of its CSV as pandas' `to_hdf` writes it
 * (`pandas/io/pytables.py`), in either layout. `fixed` (labels): the columns' names as `block0_items_level*`, which
 * `block0_items_label*` count, the rows' as `axis1` or its levels, the values as `block0_values`. `table` (predictions): rows
 * of an index and the values, the columns' names in an attribute, as a pickle in text, of which nothing is executed.
 */
import type { Group } from "h5wasm/node";
import type { Annotations } from "../annotations/annotations.ts";
import { PickleError, readPickle } from "../weights/pickle.ts";
import type { CsvRecord } from "./csv.ts";
import { deepLabCut, readDeepLabCut } from "./deepLabCut.ts";
import type { AnnotationFormat } from "./format.ts";
import { datasetIn, Hdf5Error, isHdf5, numbersIn, textsIn, withHdf5 } from "./hdf5.ts";

const EXTENSIONS = [".h5", ".hdf5"];

/** What the rows of names above the columns are, with one animal and with several. */
const HEADERS: ReadonlyMap<number, readonly string[]> = new Map([
  [3, ["scorer", "bodyparts", "coords"]],
  [4, ["scorer", "individuals", "bodyparts", "coords"]],
]);

/** Reading throws UserError `format/hdf5`, `format/packages` and those of `deepLabCut`; see there for positions. */
export const deepLabCutH5 = {
  name: "deeplabcut-h5",
  layout: EXTENSIONS,
  sniff: (file) => isHdf5(file.path, (hdf5) => tableIn(hdf5) !== undefined),
  async read(path: string): Promise<Annotations> {
    const records = await withHdf5(path, (file) => {
      const table = tableIn(file);
      if (table === undefined) throw new Hdf5Error("it has no table of pandas");
      return table.get("table") === null ? fixedRecords(table) : tableRecords(table);
    });
    return readDeepLabCut({ records, separator: "," }, path);
  },
  holds: deepLabCut.holds,
} satisfies AnnotationFormat<Annotations>;

/** The group that pandas wrote. */
function tableIn(file: Group): Group | undefined {
  for (const key of file.keys()) {
    const group = file.get(key);
    if (group !== null && "keys" in group && "pandas_type" in group.attrs) return group;
  }
  return undefined;
}

/** Header rows and rows of values, as the CSV has them. @throws Hdf5Error */
function recordsOf(
  columns: readonly (readonly string[])[],
  rows: readonly { readonly label: string; readonly values: readonly number[] }[],
): CsvRecord[] {
  const names = HEADERS.get(columns[0]?.length ?? 0);
  if (names === undefined) throw new Hdf5Error("the names of its columns have not 3 or 4 levels");
  const header = names.map((name, level) => [name, ...columns.map((column) => column[level] ?? "")]);
  const body = rows.map(({ label, values }) => [label, ...values.map(String)]);
  return [...header, ...body].map((values, i) => ({ line: i + 1, values }));
}

function fixedRecords(table: Group): CsvRecord[] {
  const columns = levelsIn(table, "block0_items");
  const { values, shape } = numbersIn(table, "block0_values", 2);
  const isTransposed = "transposed" in (datasetIn(table, "block0_values")?.attrs ?? {});
  const count = shape[isTransposed ? 0 : 1];
  if (shape[isTransposed ? 1 : 0] !== columns.length) throw new Hdf5Error("block0_values does not have all columns");
  const labels = rowLabels(table);
  if (labels.length !== count) throw new Hdf5Error("axis1 does not name all rows");
  const at = (row: number, column: number) => (isTransposed ? row * columns.length + column : column * count + row);
  return recordsOf(
    columns,
    labels.map((label, row) => ({ label, values: columns.map((_, column) => values[at(row, column)]) })),
  );
}

/** The names of rows or columns, from all levels. @throws Hdf5Error */
function levelsIn(table: Group, axis: string): string[][] {
  const levels: { names: string[]; codes: ArrayLike<number> }[] = [];
  while (table.get(`${axis}_level${levels.length}`) !== null) {
    const at = levels.length;
    levels.push({
      names: textsIn(table, `${axis}_level${at}`),
      codes: numbersIn(table, `${axis}_label${at}`, 1).values,
    });
  }
  const count = levels[0]?.codes.length ?? 0;
  return Array.from({ length: count }, (_, i) => levels.map(({ names, codes }) => names[codes[i]] ?? ""));
}

/** Indices of frames, or paths of pictures, in one piece or by folders. */
function rowLabels(table: Group): string[] {
  if (table.get("axis1") === null) return levelsIn(table, "axis1").map((levels) => levels.join("/"));
  const names = textsIn(table, "axis1");
  return names.length > 0 ? names : Array.from(numbersIn(table, "axis1", 1).values, String);
}

function tableRecords(table: Group): CsvRecord[] {
  const dataset = datasetIn(table, "table");
  const rows = dataset?.value;
  const kind = dataset?.attrs["values_block_0_kind"]?.value;
  if (!Array.isArray(rows) || typeof kind !== "string") throw new Hdf5Error("its table has no block of values");
  const columns = pickledTuples(kind);
  return recordsOf(
    columns,
    (rows as unknown[]).map((row) => {
      const [label, values, ...others] = Array.isArray(row) ? (row as unknown[]) : [];
      const cells = isNumbers(values) ? Array.from(values, Number) : [];
      if (others.length > 0 || cells.length !== columns.length)
        throw new Hdf5Error("its table has columns of several types");
      return { label: String(label), values: cells };
    }),
  );
}

const isNumbers = (value: unknown): value is ArrayLike<number> => Array.isArray(value) || ArrayBuffer.isView(value);

/** A list of tuples of texts. @throws Hdf5Error */
function pickledTuples(text: string): string[][] {
  const value = pickled(text);
  if (Array.isArray(value) && value.every((tuple) => Array.isArray(tuple)))
    return (value as unknown[][]).map((tuple) => tuple.map(String));
  throw new Hdf5Error("the names of its columns are no list");
}

const refuse = (): never => {
  throw new PickleError("more than text");
};

function pickled(text: string): unknown {
  try {
    return readPickle(Buffer.from(text, "utf8"), { allows: () => false, reduce: refuse, persistent: refuse }).value;
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw new Hdf5Error(`the names of its columns cannot be read: ${error.message}`);
  }
}
