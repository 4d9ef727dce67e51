// Compiles every kernel in src/kernels/assembly (AssemblyScript) to dist/kernels/NAME.wasm, or to the folder given.
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = join(root, "src/kernels/assembly");
const out = process.argv[2] ?? "dist/kernels";
mkdirSync(join(root, out), { recursive: true });

for (const file of readdirSync(sources).filter((name) => name.endsWith(".ts"))) {
  const { error, stderr } = await asc.main([
    join("src/kernels/assembly", file),
    "--baseDir",
    root,
    "--outFile",
    join(out, `${basename(file, ".ts")}.wasm`),
    "--optimizeLevel",
    "3",
    "--noAssert",
    "--runtime",
    "stub",
    "--enable",
    "simd,threads",
    "--importMemory",
    "--sharedMemory",
    "--initialMemory",
    "1",
    "--maximumMemory",
    "65536",
  ]);
  if (error) {
    process.stderr.write(`${file}: ${stderr.toString()}\n`);
    process.exit(1);
  }
}
