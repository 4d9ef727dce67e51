import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../scripts/measures.js", import.meta.url));
const block = Array.from({ length: 8 }, (_, i) => `  use(${i});`).join("\n");

const FILES = {
  // A getter of 3 lines, a constructor of 5, and an arrow function without braces, which does not count.
  "src/a.ts": `/** é: more than one byte. */
export class A {
  get size(): number {
    return 1;
  }

  constructor() {
    if (this.size > 1) {
      throw new Error();
    }
  }
}
export const half = (x: number): number => x / 2, twice = (x: number): number => x * 2;
`,
  "src/b.ts": `import type { A } from "./a.ts";\nexport { half as part, twice } from "./a.ts";\nexport type B = A;\n`,
  "src/deep/c.ts": `import type { B } from "../b.ts";\nimport { d } from "./d.ts";\nfunction c(b: B) {\n${block}\n}\nexport default c;\n`,
  "src/deep/d.ts": `import c from "./c.ts";\nexport function d() {\n${block}\n  return c;\n}\n`,
  "src/kernels/assembly/k.ts": "this is not: TypeScript {\n",
  "test/a.test.ts": "// one\n// two\n",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsumugi-measures-"));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...roots: string[]) => promisify(execFile)(process.execPath, [SCRIPT, ...roots]);

describe("measures of the code", () => {
  it("count as their header says", async () => {
    const { stdout } = await run(folder);
    const rows = stdout.trimEnd().split("\n").slice(2);
    const values = Object.fromEntries(rows.map((text) => text.slice(2, -2).split(" | ")));
    expect(values).toEqual({
      "source files": "4",
      "source lines": "41",
      "file length: median · p90 · max": "13 · 13 · 13",
      "longest file": "src/a.ts",
      functions: "4",
      "function length: median · p90 · max": "10 · 11 · 11",
      "longest function": "src/deep/d.ts:2",
      exports: "8",
      imports: "4",
      "deepest chain of imports": "3",
      "circles of imports": "1",
      "comment lines": "2.4 %",
      "test files": "1",
      "test lines": "2",
      "test lines per source line": "0.05",
      "lines in duplicated runs of 8 or more": "16 (39.0 %)",
    });
  });

  it("have a column for each checkout", async () => {
    const { stdout } = await run(folder, folder);
    for (const text of stdout.trimEnd().split("\n")) expect(text.split("|")).toHaveLength(5);
  });

  it("name a file that cannot be parsed", async () => {
    await writeFile(join(folder, "src/broken.ts"), "export const = 1;\n");
    await expect(run(folder)).rejects.toThrow("src/broken.ts");
    await rm(join(folder, "src/broken.ts"));
  });
});
