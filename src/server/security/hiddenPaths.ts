/** @file Messages say where something lies by the names of the service's folders, not by paths of the machine. */
import { sep } from "node:path";
import type { Root } from "../clips/roots.ts";

/** Replaces paths in all texts of plain data. */
export type HidePaths = <Value>(value: Value) => Value;

/** @param data the service's own folder, which is called `data`. */
export function pathHider(roots: readonly Root[], data: string): HidePaths {
  const named = [...roots, { name: "data", path: data }].sort((a, b) => b.path.length - a.path.length);
  const text = (given: string): string =>
    named.reduce((shown, { name, path }) => {
      const folder = path.endsWith(sep) ? path : `${path}${sep}`;
      return shown.replaceAll(folder, `${name}/`).replaceAll(path, name);
    }, given);
  const hide = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]));
  };
  return hide as HidePaths;
}
