/** @file The contents of a file for telling its format: read and parsed once, when a format first asks. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type CsvRecord, csvRecords } from "./csv.ts";
import { filesIn } from "./folder.ts";
import { parseJson, readText } from "./json.ts";

/** As many as any format's header has, and some blank ones. */
const HEADER_LINES = 8;

/** A file or folder that several formats look into. */
export class FileContents {
  readonly path: string;
  readonly isFolder: boolean;
  private readonly encoding: string | undefined;
  private loading: Promise<string> | undefined;
  private parsed: Promise<unknown> | undefined;

  /** @param encoding see `ReadOptions` */
  constructor(path: string, encoding?: string, isFolder = false) {
    this.path = path;
    this.isFolder = isFolder;
    this.encoding = encoding;
  }

  /** Whether there is a file or folder below a folder. */
  has(...path: readonly string[]): Promise<boolean> {
    return stat(join(this.path, ...path)).then(
      () => this.isFolder,
      () => false,
    );
  }

  /** Names of the files in a folder that end so, in natural order; none of what is no folder. */
  async names(extension: string, ...below: readonly string[]): Promise<string[]> {
    return this.isFolder ? filesIn(join(this.path, ...below), extension) : [];
  }

  /** @throws UserError as `readText` */
  text(): Promise<string> {
    const { encoding } = this;
    this.loading ??= readText(this.path, "file of labels", encoding === undefined ? {} : { encoding });
    return this.loading;
  }

  /** @throws UserError as `text` and `parseJson` */
  json(): Promise<unknown> {
    this.parsed ??= this.text().then((text) => parseJson(text, this.path));
    return this.parsed;
  }

  /** The rows in the first lines; none where they are no CSV. @throws UserError as `text` */
  async firstRows(): Promise<readonly CsvRecord[]> {
    const lines = (await this.text()).split(/\r\n|\r|\n/u, HEADER_LINES);
    try {
      return csvRecords(lines.join("\n"), this.path).records;
    } catch {
      return [];
    }
  }
}

/** Whether a value is an object that has all of these keys. */
export function hasKeys<Key extends string>(value: unknown, ...keys: Key[]): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null && keys.every((key) => Object.hasOwn(value, key));
}
