/** @file The browser entry never reaches what only Node has. */
import { expect, test } from "vitest";
import { bundled } from "./bundle.ts";

test("the check sees what only Node has, also behind other files", async () => {
  const { nodeImports } = await bundled("test/browser/nodeEntry.ts");
  expect(nodeImports.map((line) => line.replace(/^.*\/(?=src|test)/u, ""))).toEqual(
    expect.arrayContaining(["test/browser/nodeEntry.ts imports node:fs", "src/video/png.ts imports sharp"]),
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

test("it is no larger than a page can bear", async () => {
  const { code } = await bundled();
  expect(code.length).toBeLessThan(2_000_000);
});
