/** @file The folders that a service may read: nothing outside them is ever opened, not through links either. */
import { realpath } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { UserError } from "../../core/errors.ts";

/** A folder (or one clip) that the service was given. */
export interface Root {
  /** Unique among the roots: the folder's name, with a number where two have the same. */
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
  /** The service's own folder, which nobody reads but itself, although it may lie in this one. */
  readonly own?: string;
}

/** Whether a path, absolute and without links, is in a root and may be read. */
export function isServed({ path: root, own }: Root, path: string): boolean {
  return isWithin(root, path) && (own === undefined || !isWithin(own, path));
}

/**
 * @param own the service's folder, without links.
 * @param taken names that no root may have.
 * @throws UserError `service/missing` for a folder that is not there
 */
export async function openRoots(paths: readonly string[], own: string, taken: readonly string[] = []): Promise<Root[]> {
  const roots: Root[] = [];
  for (const given of paths) {
    const path = await realpath(given).catch(() => {
      throw new UserError("service/missing", { what: `no such file or folder: ${given}`, todo: "check the path" });
    });
    if (!roots.some((root) => root.path === path))
      roots.push({ name: freeName(basename(path) || "root", [...taken, ...roots.map(({ name }) => name)]), path, own });
  }
  return roots;
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}-${n}`;
  return name;
}

/** Whether a path is a folder or lies in it; both absolute, without links. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The real path of something in a folder that must stay there, whatever dots and links are on the way.
 * @throws UserError `service/missing`, `service/path`
 */
export async function within(folder: string, path: string): Promise<string> {
  const wanted = resolve(folder, path);
  if (!isWithin(folder, wanted) || path.includes("\0")) throw outside(path);
  const [base, real] = await Promise.all([realpath(folder), realpath(wanted)]).catch(() => {
    throw new UserError("service/missing", { what: `there is no ${path}` });
  });
  if (!isWithin(base, real)) throw outside(path);
  return real;
}

/** The real path of something in one of the roots. @throws UserError `service/missing`, `service/path` */
export async function withinRoots(roots: readonly Root[], path: string): Promise<string> {
  const root = roots.find((one) => isAbsolute(path) && isWithin(one.path, resolve(path)));
  if (root === undefined) throw outside(path);
  const real = await within(root.path, path);
  if (!isServed(root, real)) throw outside(path);
  return real;
}

function outside(path: string): UserError {
  return new UserError("service/path", { what: `${path} is not in a folder of this service` });
}
