/** @file Pages for tests: a server on the loopback interface and Debian's Chromium. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import type { PageProgram } from "./pageProgram.ts";

/** Debian's. */
export const CHROMIUM = "/usr/bin/chromium";
/** Of a browser for tests: nothing beside the page is shown, asked or kept. */
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Why pages cannot be tested here; undefined where they can. */
export const noPages: string | undefined = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not installed`;

/** What a page is served. */
export interface Site {
  /** By path, for example `/bundle.js`. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of the repository by path, for example `/kernels/`. */
  readonly folders: Readonly<Record<string, string>>;
  /** With the headers that let it share memory between threads. */
  readonly isolated: boolean;
}

/** A page that is open. */
export interface OpenPage extends AsyncDisposable {
  /** Calls a function of `pageProgram.ts` in the page; arguments and result go through JSON. */
  call<Name extends keyof PageProgram>(
    name: Name,
    ...given: Parameters<PageProgram[Name]>
  ): Promise<Awaited<ReturnType<PageProgram[Name]>>>;
  /** What the page was asked for and does not have, and its errors. */
  readonly problems: readonly string[];
}

/** Serves the site and opens `/index.html`. */
export async function openPage(site: Site): Promise<OpenPage> {
  const problems: string[] = [];
  const server = await listening(site, problems);
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
    const call = (name: string, ...given: unknown[]): Promise<never> =>
      page.evaluate(`pageProgram.${name}(${given.map((value) => JSON.stringify(value)).join(",")})`);
    return { call, problems, [Symbol.asyncDispose]: () => closed(server, browser) };
  } catch (error) {
    await closed(server, browser);
    throw error;
  }
}

async function closed(server: Server, browser: Browser | undefined): Promise<void> {
  await browser?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function listening(site: Site, problems: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(site, new URL(request.url ?? "/", "http://localhost").pathname, response, problems);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function answer(site: Site, path: string, response: ServerResponse, problems: string[]): Promise<void> {
  // Browsers ask for an icon by themselves.
  const body = path === "/favicon.ico" ? "" : (site.files[path] ?? (await fileOf(site, path)));
  if (body === undefined) problems.push(`nothing is served at ${path}`);
  response.writeHead(body === undefined ? 404 : 200, {
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    ...(site.isolated && {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    }),
  });
  response.end(body);
}

async function fileOf({ folders }: Site, path: string): Promise<Buffer | undefined> {
  const under = Object.keys(folders).find((prefix) => path.startsWith(prefix));
  if (under === undefined) return undefined;
  return readFile(join(root, folders[under], normalize(path.slice(under.length)))).catch(() => undefined);
}
