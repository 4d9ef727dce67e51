/** @file Files of results: lists, and one of them as an answer. */
import type { FastifyReply } from "fastify";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { UserError } from "../../core/errors.ts";
import { within } from "../clips/roots.ts";

/** A file. */
export interface ResultFile {
  /** Within the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** ms since 1970. */
  readonly modified: number;
}

/** Files that are of use to nobody but the session itself, or still being written. */
const INNER = /(?:^|[/\\])(?:state[/\\]|session\.lock$)|\.part$/u;

/**
 * Files in a folder and below it, by path; none where there is no folder.
 * @param most files at most; a clip has a mask a frame.
 */
export async function listFiles(folder: string, most = 100_000): Promise<ResultFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const shown = paths
    .filter((path) => !INNER.test(path))
    .sort()
    .slice(0, most);
  const files = await Promise.all(
    shown.map(async (path) => {
      const info = await stat(join(folder, path)).catch(() => undefined);
      return info && { path: path.split(sep).join("/"), bytes: info.size, modified: info.mtimeMs };
    }),
  );
  return files.filter((file) => file !== undefined);
}

/** Pages among the results may show themselves and nothing more. */
export const PAGE_POLICY =
  "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; media-src 'self'; sandbox";

/**
 * A file as an answer; ranges are served.
 * @throws UserError `service/missing`, `service/path`
 */
export async function sendFile(reply: FastifyReply, folder: string, path: string): Promise<FastifyReply> {
  const real = await within(folder, path);
  if (!(await stat(real)).isFile()) throw new UserError("service/missing", { what: `there is no file ${path}` });
  void reply.header("cache-control", "private, no-cache");
  void reply.header("content-security-policy", PAGE_POLICY);
  return reply.sendFile(basename(real), dirname(real));
}
