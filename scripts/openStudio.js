// A studio with a browser, for scripts that measure it or take its pictures.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { STUDIO_PAGES } from "../dist/server/routes/studio.js";
import { serve } from "../dist/server/serve.js";

/** Debian's. */
export const CHROMIUM = "/usr/bin/chromium";
/** Only warnings. */
export const quiet = { info() {}, warn: (line) => process.stderr.write(`${line}\n`), progress() {} };

/** Of a browser without a window. */
export const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"];

/** Ends the script where what it needs is missing. @param usage what it is called with */
export function requireUse(isRight, usage) {
  if (isRight && existsSync(CHROMIUM)) return;
  process.stderr.write(`usage: ${usage}, with ${CHROMIUM}\n`);
  process.exit(2);
}

/** Serves a folder of footage on any free port, and starts a browser; `close` ends both. */
export async function openStudio({ root, data }) {
  const service = await serve({
    folders: [root],
    data,
    port: 0,
    workers: 1,
    machine: { device: "cpu" },
    logger: quiet,
    pages: STUDIO_PAGES,
  });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const close = async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
  };
  return { service, browser, close };
}
