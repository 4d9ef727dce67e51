// Empties dist, so that no file of an earlier build is packed. The benchmarks' own build stays: one may be running.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = process.argv[2] ?? fileURLToPath(new URL("../dist", import.meta.url));

for (const name of existsSync(dist) ? readdirSync(dist) : [])
  if (name !== "benchmarks") rmSync(join(dist, name), { recursive: true, force: true });
