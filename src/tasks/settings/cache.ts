/** @file Where decoded footage is kept. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** By default. */
const CACHE = join(homedir(), ".cache", "tsumugi", "footage");

/** The cache's key. */
export const cacheKey = z
  .string()
  .exactOptional()
  .describe("Folder of decoded footage, kept for later runs. Default: ~/.cache/tsumugi/footage.");

/** The cache's folder. */
export function cacheOf({ cache = CACHE }: { readonly cache?: string | undefined }): string {
  return cache;
}
