/** @file The clips of a service: those in its folders and those that were uploaded, each with an id that lasts. */
import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { basename, relative } from "node:path";
import { UserError } from "../../core/errors.ts";
import { findClips } from "../../training/clipCache.ts";
import { isServed, type Root } from "./roots.ts";

/** A clip. */
export interface Clip {
  /** Made from its path: the same after a restart. */
  readonly id: string;
  /** Of the file or folder. */
  readonly name: string;
  /** Name of the root that it lies in. */
  readonly root: string;
  /** Within the root; the clip's name where the root is the clip. */
  readonly place: string;
  /** Absolute, without links. Never leaves the service. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file, bytes; of a folder 0. */
  readonly bytes: number;
  /** ms since 1970. */
  readonly modified: number;
  /** Changes whenever the contents may have. */
  readonly version: string;
}

/** How long a list is taken for the present one before the folders are read again, ms. */
const FRESH_MS = 2000;

const shortHash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 16);

/** Lists and finds clips. */
export class ClipList {
  private readonly roots: readonly Root[];
  private readonly known = new Map<string, string>();
  private listed: { readonly at: number; readonly clips: Promise<Clip[]> } | undefined;

  constructor(roots: readonly Root[]) {
    this.roots = roots;
  }

  /** All clips, by root and place. */
  all(): Promise<Clip[]> {
    if (this.listed === undefined || Date.now() - this.listed.at > FRESH_MS)
      this.listed = { at: Date.now(), clips: this.read() };
    return this.listed.clips;
  }

  /** To be called when clips were added or deleted. */
  changed(): void {
    this.listed = undefined;
  }

  /** The clip as it is now. @throws UserError `service/missing` */
  async clip(id: string): Promise<Clip> {
    if (!this.known.has(id)) await this.all();
    const path = this.known.get(id);
    const root = path === undefined ? undefined : this.rootOf(path);
    const clip = path === undefined || root === undefined ? undefined : await this.describe(path, root);
    if (clip?.id === id) return clip;
    throw new UserError("service/missing", { what: `there is no clip ${id}`, todo: "list them at /api/clips" });
  }

  /** The id of the clip at a path in one of the roots. */
  static idOf(path: string): string {
    return shortHash(path);
  }

  private async read(): Promise<Clip[]> {
    const lists = await Promise.all(this.roots.map((root) => this.under(root)));
    const clips = lists.flat();
    for (const { id, path } of clips) this.known.set(id, path);
    return clips;
  }

  private async under(root: Root): Promise<Clip[]> {
    const paths = await findClips([root.path]).catch(() => []);
    const own = paths.filter((path) => isServed(root, path)).toSorted((a, b) => (a < b ? -1 : 1));
    const clips = await Promise.all(own.map((path) => this.describe(path, root)));
    return clips.filter((clip) => clip !== undefined);
  }

  /** Undefined for what has gone, and for links that lead out of the roots. */
  private async describe(path: string, root: Root): Promise<Clip | undefined> {
    const real = await realpath(path).catch(() => undefined);
    const info =
      real === undefined || this.rootOf(real) === undefined ? undefined : await stat(real).catch(() => undefined);
    if (real === undefined || info === undefined) return undefined;
    const isFolder = info.isDirectory();
    return {
      id: ClipList.idOf(path),
      name: basename(path),
      root: root.name,
      place: relative(root.path, path) || basename(path),
      path: real,
      isFolder,
      bytes: isFolder ? 0 : info.size,
      modified: info.mtimeMs,
      version: shortHash(`${real} ${info.mtimeMs} ${info.size}`),
    };
  }

  private rootOf(path: string): Root | undefined {
    return this.roots.find((root) => isServed(root, path));
  }
}
