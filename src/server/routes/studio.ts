/** @file The studio's pages: files that vite built, read once, and served as they are. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../core/errors.ts";
import { builtScript } from "../../core/workerCalls.ts";
import { type Api, sendTagged } from "../api/requests.ts";

/** Where the build puts the pages. */
export const STUDIO_PAGES = fileURLToPath(builtScript("../../studio/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".safetensors": "application/octet-stream",
};

/**
 * Pages may load what lies beside them and ask this service; nothing else, and nothing written into them runs.
 * @param scripts directives of what may run.
 */
export const pagePolicy = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    ...scripts,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const POLICY = pagePolicy(["script-src 'self'"]);

/**
 * Adds a route for every file of the pages, and `/` for index.html.
 * @param policy what the pages may load and do. @throws UserError `service/studio`
 */
export async function studioRoutes(api: Api, folder: string, policy = POLICY): Promise<void> {
  for (const { path, bytes } of await pagesIn(folder)) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const tag = createHash("sha256").update(bytes).digest("base64url").slice(0, 16);
    // Names of assets hold a hash of their contents.
    const cache = path.startsWith("assets/") ? "private, max-age=31536000, immutable" : "private, no-cache";
    api.get(path === "index.html" ? "/" : `/${path}`, { schema: { hide: true } }, (request, reply) =>
      sendTagged(request, reply.header("content-security-policy", policy), { type, tag, cache, bytes }),
    );
  }
}

async function pagesIn(folder: string): Promise<{ path: string; bytes: Uint8Array }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pages = await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join("/"),
      bytes: await readFile(path),
    })),
  );
  if (pages.some(({ path }) => path === "index.html")) return pages;
  throw new UserError("service/studio", {
    what: "the studio's pages are not there",
    todo: "in the source code run npm run build; of a package install it again",
  });
}
