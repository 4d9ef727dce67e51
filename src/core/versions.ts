/** @file What a result was made with, for summaries. */
import { readFile } from "node:fs/promises";

/** Versions of tsumugi and of Node, and the platform. */
export async function versionsInUse(): Promise<{ tsumugi: string; node: string; platform: string }> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return { tsumugi: version, node: process.version, platform: `${process.platform} ${process.arch}` };
}
