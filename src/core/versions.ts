/** @file What a result was made with, for summaries. */
import { readFile } from "node:fs/promises";

/** Versions of tsumugi and of Node, and the platform. */
export async function versionsInUse(): Promise<{ tsumugi: string; node: string; platform: string }> {
  const { version } = JSON.parse(await packageText()) as { version: string };
  return { tsumugi: version, node: process.version, platform: `${process.platform} ${process.arch}` };
}

/** From the source and from `dist` the package is two folders up; programs of `dist/benchmarks` are deeper. */
async function packageText(): Promise<string> {
  const places = ["../../package.json", "../../../../package.json"].map((path) => new URL(path, import.meta.url));
  return readFile(places[0], "utf8").catch(() => readFile(places[1], "utf8"));
}
