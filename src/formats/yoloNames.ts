/**
 * @file Names of YOLO's classes: `names` in `data.yaml` as a list or by number, or a line each in `classes.txt` or
 * `obj.names`. Of YAML only that key and `kpt_shape` are read, in the forms in which Ultralytics and other tools write them.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a data set says of its labels. */
export interface YoloNames {
  /** By number. */
  readonly names: readonly string[];
  /** Number of key points, and of values for each (2 or 3). */
  readonly keypoints?: readonly [count: number, values: number];
}

/** Of the folder or the one above it; no names where neither says them. */
export async function yoloNames(folders: readonly string[]): Promise<YoloNames> {
  for (const folder of folders) {
    for (const file of ["data.yaml", "dataset.yaml", "data.yml"]) {
      const text = await textOf(join(folder, file));
      if (text !== undefined) return namesInYaml(text);
    }
    for (const file of ["classes.txt", "obj.names", "labels/classes.txt"]) {
      const text = await textOf(join(folder, file));
      if (text !== undefined)
        return {
          names: text
            .split(/\r?\n/u)
            .map((line) => line.trim())
            .filter((line) => line !== ""),
        };
    }
  }
  return { names: [] };
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

/** @param text a YAML document. */
export function namesInYaml(text: string): YoloNames {
  const lines = text.split(/\r?\n/u).map((line) => line.replace(/(?:^|\s)#.*$/u, "").trimEnd());
  const at = lines.findIndex((line) => /^names\s*:/u.test(line));
  const keypoints = /^kpt_shape\s*:\s*\[\s*(\d+)\s*,\s*([23])\s*\]/mu.exec(text);
  const shape = keypoints && { keypoints: [Number(keypoints[1]), Number(keypoints[2])] as const };
  return { names: at < 0 ? [] : namesFrom(lines, at), ...shape };
}

function namesFrom(lines: readonly string[], at: number): string[] {
  const inline = lines[at].replace(/^names\s*:\s*/u, "");
  if (/^[[{]/u.test(inline)) return flowItems(`${inline} ${untilClosed(lines.slice(at + 1), inline)}`);
  const names: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === "") continue;
    const [, number, item] = /^\s*(?:-|["']?(\d+)["']?\s*:)\s*(.*)$/u.exec(line) ?? [];
    if (item === undefined) break;
    names[number === undefined ? names.length : Math.min(Number(number), MOST_CLASSES)] = unquoted(item);
  }
  return Array.from(names, (name, i) => name ?? `class ${i}`);
}

const MOST_CLASSES = 100_000;

function untilClosed(lines: readonly string[], first: string): string {
  if (/[\]}]\s*$/u.test(first)) return "";
  const end = lines.findIndex((line) => /[\]}]\s*$/u.test(line));
  return lines.slice(0, end + 1).join(" ");
}

/** Items of `[a, 'b', "c"]` or `{0: a, 1: b}`. */
function flowItems(text: string): string[] {
  const inner = text
    .trim()
    .replace(/^[[{]/u, "")
    .replace(/[\]}]\s*$/u, "");
  const items = inner.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,"'])+/gu) ?? [];
  return items.map((item) => unquoted(item.replace(/^\s*\d+\s*:\s*/u, ""))).filter((item) => item !== "");
}

function unquoted(item: string): string {
  const text = item.trim();
  if (/^".*"$/u.test(text)) return text.slice(1, -1).replaceAll(/\\(["\\])/gu, "$1");
  return /^'.*'$/u.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** `data.yaml` for these classes, and key points where there are some. */
export function yoloYaml({ names, keypoints }: YoloNames): string {
  const quoted = names.map((name, i) => `  ${i}: "${name.replaceAll(/[\r\n]/gu, " ").replaceAll(/["\\]/gu, "\\$&")}"`);
  const shape = keypoints === undefined ? [] : [`kpt_shape: [${keypoints.join(", ")}]`];
  return `${["path: .", "train: images", "val: images", ...shape, "names:", ...quoted].join("\n")}\n`;
}
