/** @file The studio's pages as the service sends them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openInBrowser } from "../../src/server/openInBrowser.ts";
import { serve } from "../../src/server/serve.ts";
import { STUDIO_PAGES } from "../../src/server/routes/studio.ts";
import { silent } from "../../src/core/log.ts";
import { testService } from "./service.ts";

const { get, around } = testService({ pages: STUDIO_PAGES });
let empty: string;
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), "tsumugi-pages-"));
});
afterAll(() => rm(empty, { recursive: true }));

it("the page loads only what lies beside it, and what it loads is kept for good", async () => {
  const page = await get("/");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:/u);
  expect(page.headers.get("x-frame-options")).toBe("DENY");
  const html = new TextDecoder().decode(page.bytes);
  const assets = [...html.matchAll(/(?:src|href)="(?<path>\/[^"]+)"/gu)].map(({ groups }) => groups?.["path"] ?? "");
  expect(new Set(assets.map((path) => /\.(?:js|css)$/u.exec(path)?.[0]))).toEqual(new Set([".css", ".js"]));
  expect(assets).toHaveLength(2);
  let bytes = page.bytes.length;
  for (const path of assets) {
    const asset = await get(path);
    expect([asset.status, asset.headers.get("cache-control")]).toEqual([200, "private, max-age=31536000, immutable"]);
    bytes += asset.bytes.length;
    const again = await get(path, { "if-none-match": asset.headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
  }
  expect(bytes).toBeLessThan(1_000_000);
});

it("nothing but the built files can be reached, and only by the service's own name", async () => {
  for (const path of ["/..%2fpackage.json", "/assets/..%2findex.html", "/index.html", "/assets/", "/%2e%2e/main.js"])
    expect((await get(path)).status, path).toBe(404);
  expect((await get("/", { origin: "http://elsewhere.example" })).body.error.code).toBe("service/origin");
  const paths = Object.keys((await get("/api/openapi.json")).body.paths);
  expect(paths.every((path) => /^\/(?:api|health|ready|metrics)/u.test(path))).toBe(true);
});

it("pages that were not built are missed at the start", async () => {
  const options = { folders: [], port: 0, workers: 0, machine: { device: "cpu", threads: 1 }, logger: silent } as const;
  await writeFile(join(empty, "main.js"), "");
  await expect(serve({ ...options, data: join(around(), "other"), pages: empty })).rejects.toMatchObject({
    code: "service/studio",
  });
});

it("where there is no browser the address is said", async () => {
  const lines: string[] = [];
  const logger = { ...silent, warn: (line: string) => lines.push(line) };
  await openInBrowser("http://127.0.0.1:1/", logger, ["tsumugi-no-such-program"]);
  expect(lines).toEqual(["no browser was found (tsumugi-no-such-program); open http://127.0.0.1:1/ yourself"]);
  await openInBrowser("http://127.0.0.1:1/", logger, ["true"]);
  expect(lines).toHaveLength(1);
});
