/** @file The browser entry never reaches what only Node has. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { bundled } from "./bundle.ts";

test("the check sees what only Node has, also behind other files", async () => {
  const { nodeImports } = await bundled("test/browser/nodeEntry.ts");
  expect(nodeImports.map((line) => line.replace(/^.*\/(?=src|test)/u, ""))).toEqual(
    expect.arrayContaining(["test/browser/nodeEntry.ts imports node:fs", "src/video/writing/png.ts imports sharp"]),
  );
});

test("the browser entry has none", async () => {
  const { code, nodeImports, modules } = await bundled();
  expect(nodeImports).toEqual([]);
  expect(code).not.toMatch(/from "node:|import\("node:|require\(/u);
  expect([...code.matchAll(/import\((.*?)\)/gu)].map(([, what]) => what)).toEqual(['"onnxruntime-web"']);
  expect(modules).toContain("src/tensor/web/program.ts");
  expect(modules.filter((file) => file.startsWith("src/tensor/node/"))).toEqual([]);
});

test("the built entry, which is what the package exports, has none either", async () => {
  const { exports } = JSON.parse(await readFile("package.json", "utf8")) as {
    exports: Record<string, { default: string }>;
  };
  const { nodeImports, modules } = await bundled(exports["./browser"].default);
  expect(nodeImports).toEqual([]);
  expect(modules).toContain("dist/tensor/web/program.js");
});

test("it is no larger than a page can bear", async () => {
  const { code } = await bundled();
  expect(code.length).toBeLessThan(2_000_000);
});
