/** @file Opens an address in the browser that the person uses. */
import { spawn } from "node:child_process";
import type { Logger } from "../core/log.ts";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [program: string, ...given: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Says so where there is no browser; the service runs all the same. @param program for tests */
export async function openInBrowser(
  url: string,
  logger: Logger,
  [program, ...given]: readonly [string, ...string[]] = OPENERS[process.platform] ?? ["xdg-open"],
): Promise<void> {
  const started = await new Promise<boolean>((resolve) => {
    const child = spawn(program, [...given, url], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false)).once("spawn", () => resolve(true));
    child.unref();
  });
  if (!started) logger.warn(`no browser was found (${program}); open ${url} yourself`);
}
